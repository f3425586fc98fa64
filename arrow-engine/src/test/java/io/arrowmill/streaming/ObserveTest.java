package io.arrowmill.streaming;

import static io.arrowmill.Functions.avg;
import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metrics of rows on their way; closing the session is the leak check. */
@Timeout(60)
class ObserveTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Long> numbers = MemoryStream.of(session, Long.class);

  @AfterEach
  void close() {
    session.close();
  }

  private StreamingQueryProgress progressOf(DataFrame frame, Long... values) {
    StreamingQuery query = frame.writeStream().format("noop").start();
    numbers.addData(values);
    query.processAllAvailable();
    StreamingQueryProgress progress = requireNonNull(query.lastProgress());
    query.stop();
    return progress;
  }

  @Test
  void metricsAreOfTheRowsThatPass() {
    DataFrame frame =
        numbers
            .toDF()
            .observe("all", count(lit(1)).as("rows"), max("value").as("largest"))
            .where(col("value").gt(2))
            .observe("some", count(lit(1)), avg("value").plus(1).as("more"));
    StreamingQueryProgress progress = progressOf(frame, 1L, 2L, 3L, 6L);
    Map<String, Row> metrics = progress.observedMetrics();
    assertThat(metrics.keySet()).containsExactly("all", "some");
    assertThat(requireNonNull(metrics.get("all"))).isEqualTo(Row.of(4L, 6L));
    assertThat(requireNonNull(metrics.get("some"))).isEqualTo(Row.of(2L, 5.5));
    assertThat(requireNonNull(metrics.get("all")).<Long>getAs("rows")).isEqualTo(4L);
    assertThat(progress.json())
        .endsWith(
            "\"observedMetrics\":{\"all\":{\"rows\":4,\"largest\":6},"
                + "\"some\":{\"count(1)\":2,\"more\":5.5}}}");
  }

  @Test
  void filtersAboveDoNotPass() {
    DataFrame frame =
        numbers.toDF().observe("m", count(lit(1)).as("n")).where(col("value").equalTo(1));
    assertThat(progressOf(frame, 1L, 2L).observedMetrics()).containsEntry("m", Row.of(2L));
  }

  @Test
  void aTableThatIsReadTwiceIsObservedTwice() {
    DataFrame observed = numbers.toDF().observe("m", count(lit(1)).as("n"));
    assertThat(progressOf(observed.union(observed), 1L, 2L).observedMetrics())
        .containsEntry("m", Row.of(2L));
  }

  @Test
  void theBoundedSideOfAJoinIsObserved() {
    DataFrame table = session.range(5).observe("table", max("id").as("m"));
    assertThat(
            progressOf(numbers.toDF().join(table, col("value").equalTo(col("id")), "inner"), 1L)
                .observedMetrics())
        .containsEntry("table", Row.of(4L));
  }

  @Test
  void boundedRowsPass() {
    assertThat(session.range(3).observe("m", count(lit(1))).collect()).hasSize(3);
  }
}
