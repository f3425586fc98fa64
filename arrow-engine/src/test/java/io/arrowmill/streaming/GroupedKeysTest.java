package io.arrowmill.streaming;

import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * More groups than a task keeps to itself, of integer keys, dense and sparse ones, in tasks that
 * share partitions, over restarts; held against a map that does the same.
 */
@Timeout(120)
class GroupedKeysTest {
  private static final int BATCHES = 10;
  private static final StructType SCHEMA =
      StructType.of(DataTypes.field("k", DataTypes.LONG), DataTypes.field("v", DataTypes.LONG));

  private final long seed = new Random().nextLong(1_000_000_000);
  private final Random random = new Random(seed);

  @TempDir Path checkpoint;

  /** What keys are like; each is mixed with null. */
  enum Keys {
    DENSE,
    DENSE_AT_FIRST,
    SPARSE_AT_FIRST,
    IN_STEPS,
    IN_ORDER;

    private @Nullable Long next(Random random, int batch, long row) {
      if (random.nextInt(500) == 0) {
        return null;
      }
      boolean early = batch < BATCHES / 2;
      long dense = random.nextLong(300_000) - 100_000;
      return switch (this) {
        case DENSE -> dense;
        case DENSE_AT_FIRST -> early || random.nextBoolean() ? dense : random.nextLong();
        case SPARSE_AT_FIRST -> early && random.nextInt(4) == 0 ? random.nextLong() : dense;
        case IN_STEPS -> dense * 1_000;
        case IN_ORDER -> row - random.nextInt(100);
      };
    }
  }

  private record Total(long rows, long sum) {
    Total plus(long value) {
      return new Total(rows + 1, sum + value);
    }
  }

  @ParameterizedTest
  @EnumSource(Keys.class)
  void eachGroupIsRight(Keys keys) {
    System.out.println("seed: " + seed);
    Map<Object, Total> totals = new HashMap<>();
    Map<Object, Total> given = new ConcurrentHashMap<>();
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      session.conf().set("arrowmill.state.minDeltasForSnapshot", "3");
      MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
      StreamingQuery query = start(events, given);
      long row = 0;
      for (int batch = 0; batch < BATCHES; batch++) {
        if (random.nextInt(4) == 0) {
          query.stop();
          query = start(events, given);
        }
        Map<Object, Total> expected = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (int i = random.nextInt(90_000); i >= 0; i--) {
          Long key = keys.next(random, batch, row++);
          long value = random.nextInt(1_000);
          rows.add(Row.withSchema(SCHEMA, Arrays.asList(key, value)));
          Object group = groupOf(key);
          Total total = totals.getOrDefault(group, new Total(0, 0)).plus(value);
          totals.put(group, total);
          expected.put(group, total);
        }
        given.clear();
        int half = rows.size() / 2;
        events.addData(rows.subList(0, half));
        events.addData(rows.subList(half, rows.size()));
        query.processAllAvailable();
        assertThat(given.equals(expected)).as("seed=%s, batch=%s", seed, batch).isTrue();
        StateOperatorProgress state =
            Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst();
        assertThat(state.numRowsTotal()).isEqualTo(totals.size());
      }
      query.stop();
    }
  }

  private static Object groupOf(@Nullable Object key) {
    return key == null ? "null" : key;
  }

  /** Both halves of the rows that a batch adds may come in one batch or in two. */
  private StreamingQuery start(MemoryStream<Row> events, Map<Object, Total> given) {
    return events
        .toDF()
        .groupBy("k")
        .agg(count(lit(1)).as("n"), sum("v").as("total"))
        .writeStream()
        .outputMode("update")
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((rows, batchId) -> {
          rows.collect()
              .forEach(
                  row -> given.put(groupOf(row.get(0)), new Total(row.getLong(1), row.getLong(2))));
        })
        .start();
  }
}
