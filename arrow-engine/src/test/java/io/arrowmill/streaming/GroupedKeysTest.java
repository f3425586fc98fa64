package io.arrowmill.streaming;

import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    try (RestartedQuery query =
        new RestartedQuery(
            SCHEMA,
            events -> events.groupBy("k").agg(count(lit(1)).as("n"), sum("v").as("total")),
            "update",
            checkpoint)) {
      long row = 0;
      for (int batch = 0; batch < BATCHES; batch++) {
        if (random.nextInt(4) == 0) {
          query.restart();
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
        int half = rows.size() / 2;
        Map<Object, Total> given = new HashMap<>();
        query
            .process(List.of(rows.subList(0, half), rows.subList(half, rows.size())))
            .forEach(of -> given.put(groupOf(of.get(0)), new Total(of.getLong(1), of.getLong(2))));
        assertThat(given.equals(expected)).as("seed=%s, batch=%s", seed, batch).isTrue();
        assertThat(query.state().numRowsTotal()).isEqualTo(totals.size());
      }
    }
  }

  private static Object groupOf(@Nullable Object key) {
    return key == null ? "null" : key;
  }
}
