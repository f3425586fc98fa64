package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A query of two streams, of which one has fallen silent. */
@Timeout(120)
class IdleSourcesTest {
  private static final StructType SCHEMA = new StructType().add("ts", DataTypes.TIMESTAMP);

  @TempDir Path checkpoint;

  /** Ends of windows, in seconds, as they come out. */
  private final BlockingQueue<Long> ended = new LinkedBlockingQueue<>();

  private static Row at(long seconds) {
    return Row.withSchema(SCHEMA, List.of(Instant.ofEpochSecond(seconds)));
  }

  private StreamingQuery start(MemoryStream<Row> one, MemoryStream<Row> other) {
    DataFrame both =
        one.toDF()
            .withWatermark("ts", "0 seconds")
            .unionAll(other.toDF().withWatermark("ts", "0 seconds"));
    return both.groupBy(window(col("ts"), "10 seconds"))
        .agg(count(lit(1)).as("n"))
        .select(col("window.end").cast("bigint"))
        .writeStream()
        .outputMode("append")
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((rows, id) -> rows.collect().forEach(row -> ended.add(row.getLong(0))))
        .start();
  }

  @Test
  void holdsNothingBackAfterTheTimeout() throws Exception {
    try (Session session =
        Session.builder()
            .config("arrowmill.workers", 2)
            .config("arrowmill.watermark.idleTimeout", "2 seconds")
            .getOrCreate()) {
      MemoryStream<Row> lively = MemoryStream.of(session, SCHEMA);
      MemoryStream<Row> silent = MemoryStream.of(session, SCHEMA);
      StreamingQuery query = start(lively, silent);
      lively.addData(List.of(at(5), at(25)));
      silent.addData(List.of(at(1)));
      query.processAllAvailable();
      // Nobody adds anything to the silent one any more, nor to this one for less than the timeout.
      Long first = null;
      while (first == null) {
        lively.addData(List.of(at(26)));
        first = ended.poll(500, TimeUnit.MILLISECONDS);
      }
      assertThat(first).isEqualTo(10L);
      // It speaks again, in time, and is heard.
      silent.addData(List.of(at(100)));
      lively.addData(List.of(at(100)));
      query.processAllAvailable();
      query.stop();
      assertThat(ended).containsExactly(30L);
    }
  }

  @Test
  void holdsEverythingBackWithoutATimeout() throws Exception {
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      MemoryStream<Row> lively = MemoryStream.of(session, SCHEMA);
      MemoryStream<Row> silent = MemoryStream.of(session, SCHEMA);
      StreamingQuery query = start(lively, silent);
      lively.addData(List.of(at(5), at(25)));
      silent.addData(List.of(at(1)));
      query.processAllAvailable();
      for (int seconds = 26; seconds < 32; seconds++) {
        lively.addData(List.of(at(seconds)));
        query.processAllAvailable();
        assertThat(ended.poll(500, TimeUnit.MILLISECONDS)).isNull();
      }
      assertThat(Objects.requireNonNull(query.lastProgress()).eventTime().get("watermark"))
          .isEqualTo("1970-01-01T00:00:01.000Z");
      query.stop();
    }
  }
}
