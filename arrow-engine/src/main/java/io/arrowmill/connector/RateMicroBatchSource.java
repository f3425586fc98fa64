package io.arrowmill.connector;

import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts up by the same number of rows every micro-batch; all rows of one have the same, generated
 * timestamp. An offset is {@code {"offset":rows,"timestamp":millis}}: what the next batch starts
 * with.
 */
final class RateMicroBatchSource implements StreamSource {
  private static final String OFFSET = "offset";
  private static final String TIMESTAMP = "timestamp";

  private final long rowsPerBatch;
  private final int splitCount;
  private final long startMillis;
  private final long advanceMillis;
  private boolean availableNow;
  private @Nullable String availableNowEnd;

  RateMicroBatchSource(long rowsPerBatch, int splitCount, long startMillis, long advanceMillis) {
    this.rowsPerBatch = rowsPerBatch;
    this.splitCount = splitCount;
    this.startMillis = startMillis;
    this.advanceMillis = advanceMillis;
  }

  @Override
  public StructType schema() {
    return CountingSplit.SCHEMA;
  }

  @Override
  public String latestOffset(@Nullable String start) {
    String planned = availableNowEnd;
    if (planned != null) {
      return planned;
    }
    long rows = rows(start);
    String end =
        OffsetJson.write(
            Map.of(
                OFFSET,
                rows > Long.MAX_VALUE - rowsPerBatch ? Long.MAX_VALUE : rows + rowsPerBatch,
                TIMESTAMP,
                millis(start) + advanceMillis));
    if (availableNow) {
      availableNowEnd = end;
    }
    return end;
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns) {
    long micros = Math.multiplyExact(millis(start), 1_000L);
    Projection projection = Projection.of(CountingSplit.SCHEMA, columns);
    return CountingSplit.cut(
        new CountingSplit(projection, rows(start), rows(end), value -> micros), splitCount);
  }

  /** There is always more: what is available now is one batch. */
  @Override
  public void prepareForAvailableNow() {
    availableNow = true;
  }

  @Override
  public String description() {
    return "RatePerMicroBatchStream[rowsPerBatch="
        + rowsPerBatch
        + ", numPartitions="
        + splitCount
        + ", startTimestamp="
        + startMillis
        + ", advanceMsPerBatch="
        + advanceMillis
        + "]";
  }

  @Override
  public void close() {}

  private long rows(@Nullable String offset) {
    return offset == null ? 0 : OffsetJson.read(offset, OFFSET, "rate-micro-batch");
  }

  private long millis(@Nullable String offset) {
    return offset == null ? startMillis : OffsetJson.read(offset, TIMESTAMP, "rate-micro-batch");
  }
}
