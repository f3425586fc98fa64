package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are forgotten a time after their first row, held against a map that does the same. */
@Timeout(120)
class DeduplicateExpiryTest {
  private static final StructType SCHEMA =
      StructType.of(
          DataTypes.field("ts", DataTypes.TIMESTAMP), DataTypes.field("k", DataTypes.LONG));
  private static final long DELAY_MILLIS = 10_000;

  private final long seed = new Random().nextLong(1_000_000_000);
  private final Random random = new Random(seed);

  /** One worker: which row of a batch is a key's first is then the order of the batch. */
  private final Session session = Session.builder().config("arrowmill.workers", 1).getOrCreate();

  private final MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
  private final List<String> given = new ArrayList<>();
  private final Map<Long, Long> firstMillis = new HashMap<>();
  private long watermarkMillis;
  private long nowMillis = 100_000;

  @TempDir Path checkpoint;

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  @Test
  void forgetsKeysByTheTimeOfTheirFirstRow() {
    System.out.println("seed: " + seed);
    session.conf().set("arrowmill.state.minDeltasForSnapshot", "3");
    StreamingQuery query = start();
    for (int batch = 0; batch < 60; batch++) {
      if (random.nextInt(8) == 0) {
        query.stop();
        query = start();
      }
      nowMillis += random.nextInt(4_000);
      List<Row> rows = new ArrayList<>();
      for (int i = random.nextInt(3_000); i >= 0; i--) {
        rows.add(event(random.nextInt(50) == 0 ? null : nowMillis - random.nextInt(12_000)));
      }
      List<String> expected = expected(rows);
      given.clear();
      events.addData(rows);
      query.processAllAvailable();
      given.sort(null);
      expected.sort(null);
      assertThat(given).as("seed=%s, batch=%s", seed, batch).isEqualTo(expected);
      assertThat(state(query)).as("seed=%s, batch=%s", seed, batch).isEqualTo(firstMillis.size());
    }
    query.stop();
  }

  private Row event(@Nullable Long millis) {
    long key = random.nextInt(5_000);
    return Row.withSchema(
        SCHEMA, Arrays.asList(millis == null ? null : Instant.ofEpochMilli(millis), key));
  }

  private static @Nullable Long millis(Row row) {
    return row.get(0) instanceof Instant time ? time.toEpochMilli() : null;
  }

  /** What a batch gives; then keys are forgotten by the watermark that it leaves. */
  private List<String> expected(List<Row> rows) {
    List<String> expected = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    for (Row row : rows) {
      Long millis = millis(row);
      newest = Math.max(newest, millis == null ? newest : millis);
      boolean late = millis != null && millis <= watermarkMillis;
      if (!late && firstMillis.putIfAbsent(row.getLong(1), millis == null ? 0 : millis) == null) {
        expected.add(millis + " " + row.getLong(1));
      }
    }
    // Rows of a batch are kept by the watermark it began with, then by the one that it leads to.
    forget();
    watermarkMillis = Math.max(watermarkMillis, newest - DELAY_MILLIS);
    forget();
    return expected;
  }

  private void forget() {
    firstMillis.values().removeIf(first -> first + DELAY_MILLIS <= watermarkMillis);
  }

  private static long state(StreamingQuery query) {
    return Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst().numRowsTotal();
  }

  private StreamingQuery start() {
    return events
        .toDF()
        .withWatermark("ts", "10 seconds")
        .dropDuplicatesWithinWatermark("k")
        .select(col("ts"), col("k"))
        .writeStream()
        .outputMode("append")
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((output, id) ->
            output.collect().forEach(row -> given.add(millis(row) + " " + row.getLong(1))))
        .start();
  }
}
