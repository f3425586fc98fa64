package io.arrowmill.streaming;

import io.arrowmill.Row;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one batch of a query did. Names and meaning of the fields are Spark's; {@link #json()}
 * prints Spark's JSON.
 *
 * @param timestamp start of the trigger, ISO-8601 in UTC
 * @param batchDuration milliseconds
 * @param durationMs milliseconds spent in each phase; of a batch that was planned while the one
 *     before was committed, {@code latestOffset} was spent then, and {@code walCommit} is 0: its
 *     plan went to the log with that commit
 * @param eventTime {@code watermark, max, min, avg} as ISO-8601, where known
 */
public record StreamingQueryProgress(
    UUID id,
    UUID runId,
    @Nullable String name,
    String timestamp,
    long batchId,
    long batchDuration,
    Map<String, Long> durationMs,
    Map<String, String> eventTime,
    List<StateOperatorProgress> stateOperators,
    List<SourceProgress> sources,
    SinkProgress sink,
    Map<String, Row> observedMetrics) {

  /** Rows read by all sources. */
  public long numInputRows() {
    return sources.stream().mapToLong(SourceProgress::numInputRows).sum();
  }

  /** Rows read a second since the last trigger started. */
  public double inputRowsPerSecond() {
    return sources.stream().mapToDouble(SourceProgress::inputRowsPerSecond).sum();
  }

  /** Rows read a second of processing. */
  public double processedRowsPerSecond() {
    return sources.stream().mapToDouble(SourceProgress::processedRowsPerSecond).sum();
  }

  /** The progress as one line of JSON. */
  public String json() {
    return ProgressJson.write(this, false);
  }

  /** The progress as indented JSON. */
  public String prettyJson() {
    return ProgressJson.write(this, true);
  }

  @Override
  public String toString() {
    return prettyJson();
  }
}
