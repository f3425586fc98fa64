package io.arrowmill.connector;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** How one query reads a {@link BatchLog}. Threading as for any {@link StreamSource}. */
final class BatchLogView implements StreamSource {
  private static final String OFFSET = "offset";

  private final BatchLog log;
  private final long firstIndex;
  private volatile long committedCount;
  private volatile @Nullable Runnable signal;
  private long availableNowCount = Long.MAX_VALUE;

  BatchLogView(BatchLog log, long firstIndex) {
    this.log = log;
    this.firstIndex = firstIndex;
    this.committedCount = firstIndex;
  }

  @Override
  public StructType schema() {
    return log.schema();
  }

  @Override
  public @Nullable String latestOffset(@Nullable String start) {
    long from = index(start);
    long end = Math.min(log.appendedCount(), Math.max(from, availableNowCount));
    log.checkHeld(from, end);
    return end == from ? start : OffsetJson.write(Map.of(OFFSET, end));
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns) {
    long from = index(start);
    long to = index(end);
    log.checkHeld(from, to);
    List<InputSplit> splits = new ArrayList<>();
    Projection projection = Projection.of(log.schema(), columns);
    for (long index = from; index < to; index++) {
      splits.add(new Split(log, index, projection));
    }
    return splits;
  }

  @Override
  public void committed(String end) {
    committedCount = Math.max(committedCount, index(end));
    log.release();
  }

  @Override
  public void prepareForAvailableNow() {
    availableNowCount = log.appendedCount();
  }

  @Override
  public void onArrival(Runnable arrived) {
    signal = arrived;
  }

  @Override
  public @Nullable String reportLatestOffset() {
    return OffsetJson.write(Map.of(OFFSET, log.appendedCount()));
  }

  @Override
  public String description() {
    return log.name();
  }

  @Override
  public void close() {
    signal = null;
    log.remove(this);
  }

  long committedCount() {
    return committedCount;
  }

  void signal() {
    Runnable arrived = signal;
    if (arrived != null) {
      arrived.run();
    }
  }

  private long index(@Nullable String offset) {
    return offset == null ? firstIndex : OffsetJson.read(offset, OFFSET, log.name());
  }

  /** One appended batch, read in pieces no larger than a record batch may be. */
  private record Split(BatchLog log, long index, Projection projection) implements InputSplit {
    @Override
    public BatchReader open(BufferAllocator allocator) {
      return new Reader(this, log.rowCount(index), allocator);
    }

    RecordBatch read(int start, int count, BufferAllocator allocator) {
      return log.read(index, batch -> projection.slice(batch, start, count, allocator));
    }

    @Override
    public String description() {
      return log.name() + " batch " + index;
    }
  }

  private static final class Reader implements BatchReader {
    private final Split split;
    private final int rowCount;
    private final BufferAllocator allocator;
    private int position;

    Reader(Split split, int rowCount, BufferAllocator allocator) {
      this.split = split;
      this.rowCount = rowCount;
      this.allocator = allocator;
    }

    @Override
    public @Nullable RecordBatch next() {
      if (position == rowCount) {
        return null;
      }
      int count = Math.min(RecordBatch.ROWS_MAX, rowCount - position);
      RecordBatch batch = split.read(position, count, allocator);
      position += count;
      return batch;
    }

    @Override
    public void close() {}
  }
}
