package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Lines from a TCP server, one a row. An offset {@code {"offset":n}} stands behind the first {@code
 * n} lines since the query's first start. Not fault tolerant: after a restart lines that were not
 * committed are gone, and the query says so.
 */
final class SocketSource implements StreamSource {
  private static final String OFFSET = "offset";
  private static final String VALUE = "value";

  private final LineBuffer lines;
  private final StructType schema;
  private final int splitCount;
  private long availableNowCount = Long.MAX_VALUE;
  // Lines of earlier runs of the query: what its offsets are ahead of the buffer's count.
  private long earlierCount = -1;

  SocketSource(LineBuffer lines, StructType schema, int splitCount) {
    this.lines = lines;
    this.schema = schema;
    this.splitCount = splitCount;
  }

  /** The columns of a socket source. */
  static StructType schema(boolean includeTimestamp) {
    StructType value = StructType.of(DataTypes.field(VALUE, DataTypes.STRING));
    return includeTimestamp ? value.add("timestamp", DataTypes.TIMESTAMP) : value;
  }

  @Override
  public StructType schema() {
    return schema;
  }

  @Override
  public @Nullable String latestOffset(@Nullable String start) {
    long from = index(start);
    // The failure first: lines that come after it was seen missing must not be lost.
    ArrowmillException failure = lines.failure();
    long end = Math.max(from, Math.min(lines.count(), availableNowCount));
    if (end > from) {
      return OffsetJson.write(Map.of(OFFSET, earlierCount + end));
    }
    if (failure != null && from < availableNowCount) {
      throw failure;
    }
    return start;
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns) {
    long from = index(start);
    List<LineBuffer.Line> rows = lines.lines(from, index(end));
    Projection projection = Projection.of(schema, columns);
    List<InputSplit> splits = new ArrayList<>();
    int size = Math.max(1, Math.ceilDiv(rows.size(), splitCount));
    for (int first = 0; first < rows.size(); first += size) {
      int last = Math.min(rows.size(), first + size);
      splits.add(new Split(description(), rows.subList(first, last), projection));
    }
    return splits;
  }

  @Override
  public void committed(String end) {
    lines.release(index(end));
  }

  @Override
  public void prepareForAvailableNow() {
    availableNowCount = lines.count();
  }

  @Override
  public void onArrival(Runnable signal) {
    lines.onArrival(signal);
  }

  @Override
  public String description() {
    return "TextSocketV2[host: "
        + lines.address().substring(0, lines.address().lastIndexOf(':'))
        + ", port: "
        + lines.address().substring(lines.address().lastIndexOf(':') + 1)
        + "]";
  }

  @Override
  public void close() {
    lines.close();
  }

  /** Where the buffer's count stands for an offset of the query. */
  private long index(@Nullable String offset) {
    long count = offset == null ? 0 : OffsetJson.read(offset, OFFSET, "socket");
    if (earlierCount < 0) {
      earlierCount = count;
    }
    return count - earlierCount;
  }

  private record Split(String source, List<LineBuffer.Line> lines, Projection projection)
      implements InputSplit {
    @Override
    public BatchReader open(BufferAllocator allocator) {
      return new Reader(this, allocator);
    }

    @Override
    public String description() {
      return lines.size() + " lines of " + source;
    }

    RecordBatch batch(int first, int last, BufferAllocator allocator) {
      try (BatchBuilder builder = new BatchBuilder(projection.schema(), allocator)) {
        for (LineBuffer.Line line : lines.subList(first, last)) {
          List<Object> row = new ArrayList<>();
          for (StructField field : projection.schema().fields()) {
            row.add(field.name().equals(VALUE) ? line.text() : line.arrival());
          }
          builder.appendValues(row);
        }
        return builder.build();
      }
    }
  }

  private static final class Reader implements BatchReader {
    private final Split split;
    private final BufferAllocator allocator;
    private int position;

    Reader(Split split, BufferAllocator allocator) {
      this.split = split;
      this.allocator = allocator;
    }

    @Override
    public @Nullable RecordBatch next() {
      int first = position;
      if (first == split.lines.size()) {
        return null;
      }
      position = Math.min(split.lines.size(), first + RecordBatch.ROWS_MAX);
      return split.batch(first, position, allocator);
    }

    @Override
    public void close() {}
  }
}
