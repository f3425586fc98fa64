package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.ValueFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A split whose first batches may have been read already. Who opens it first gets them, and what
 * comes behind them from the reader that gave them.
 *
 * <p>Owns what was read until it is opened or closed. One thread at a time.
 */
final class EarlySplit implements InputSplit {
  private final InputSplit split;
  private @Nullable Begun begun;

  EarlySplit(InputSplit split) {
    this.split = split;
  }

  /**
   * Reads batches, and keeps them.
   *
   * @param filters owned from now on
   * @param goesOn told how many bytes a batch has, says whether another one shall be read
   */
  void read(BufferAllocator allocator, List<ScanFilter> filters, LongPredicate goesOn)
      throws IOException {
    Begun reading = new Begun(filters);
    try {
      BatchReader reader = split.open(allocator, List.copyOf(filters));
      reading.reader = reader;
      RecordBatch batch = reader.next();
      while (batch != null) {
        reading.batches.add(batch);
        if (!goesOn.test(batch.bytes())) {
          begun = reading;
          return;
        }
        batch = reader.next();
      }
      reading.ended = true;
      begun = reading;
    } catch (Throwable e) {
      try {
        reading.close();
      } catch (IOException | RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  @Override
  public BatchReader open(BufferAllocator allocator) throws IOException {
    return open(allocator, List.of());
  }

  @Override
  public BatchReader open(BufferAllocator allocator, List<ValueFilter> filters) throws IOException {
    Begun reading = begun;
    begun = null;
    return reading == null ? split.open(allocator, filters) : reading;
  }

  @Override
  public String description() {
    return split.description();
  }

  /** Drops what was read and not opened. Idempotent. */
  void close() throws IOException {
    Begun reading = begun;
    begun = null;
    if (reading != null) {
      reading.close();
    }
  }

  /** Batches that were read, then those that the reader has still to read. Owns all of them. */
  private static final class Begun implements BatchReader {
    private final List<ScanFilter> filters;
    private final ArrayDeque<RecordBatch> batches = new ArrayDeque<>();
    private @Nullable BatchReader reader;
    private boolean ended;
    private boolean closed;

    Begun(List<ScanFilter> filters) {
      this.filters = filters;
    }

    @Override
    public @Nullable RecordBatch next() throws IOException {
      RecordBatch read = batches.poll();
      return read != null || ended || reader == null ? read : reader.next();
    }

    @Override
    public long rowsLeftOut() {
      return reader == null ? 0 : reader.rowsLeftOut();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        batches.forEach(RecordBatch::close);
        filters.forEach(ScanFilter::close);
      } finally {
        if (reader != null) {
          reader.close();
        }
      }
    }
  }
}
