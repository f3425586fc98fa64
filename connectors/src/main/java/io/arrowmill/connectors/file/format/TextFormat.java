package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Plain text: one row a line, in the column {@code value}; with {@code wholetext}, one row a file.
 * Bytes that are not UTF-8 become U+FFFD, which is what Spark shows for them too (it keeps the
 * bytes themselves until then).
 */
public final class TextFormat implements FileFormat {
  private static final StructType SCHEMA = new StructType().add("value", DataTypes.STRING);

  @Override
  public String name() {
    return "text";
  }

  @Override
  public Set<String> options() {
    return Set.of("lineSep", "wholetext", "compression", "encoding");
  }

  @Override
  public StructType fixedSchema() {
    return SCHEMA;
  }

  @Override
  public StructType inferSchema(List<DataFile> files, SourceSpec spec) {
    return SCHEMA;
  }

  @Override
  public void check(SourceSpec spec, @Nullable StructType schema) {
    LineOptions.check(spec);
    if (schema != null
        && (schema.size() != 1 || !schema.field(0).type().equals(DataTypes.STRING))) {
      throw new AnalysisException(
          "UNSUPPORTED_TEXT_SCHEMA",
          "text must be read as one STRING column beside the partition columns: schema="
              + schema.toDDL()
              + "; leave the schema out, and parse the column value");
    }
  }

  @Override
  public List<InputSplit> splits(DataFile file, ReadPlan plan) {
    boolean whole = Boolean.parseBoolean(plan.spec().option("wholetext"));
    byte[] separator = LineOptions.separator(plan.spec());
    return ByteRange.split(
        file,
        !whole && !LineScanner.isCompressed(file),
        (range, allocator) -> new Reader(range, plan.wanted(), whole, separator, allocator));
  }

  /** Reads lines of a range. */
  private static final class Reader implements BatchReader {
    private final StructType wanted;
    private final boolean whole;
    private final BufferAllocator allocator;
    private final LineScanner lines;
    private boolean done;
    private long dataBytesHint = 1 << 20;

    Reader(
        ByteRange range,
        StructType wanted,
        boolean whole,
        byte @Nullable [] separator,
        BufferAllocator allocator)
        throws IOException {
      this.wanted = wanted;
      this.whole = whole;
      this.allocator = allocator;
      this.lines = LineScanner.open(range.file(), range.start(), range.end(), separator);
    }

    @Override
    public @Nullable RecordBatch next() throws IOException {
      if (done) {
        return null;
      }
      return wanted.size() == 0 ? countRows() : readRows();
    }

    private boolean nextLine() throws IOException {
      if (whole && !done) {
        done = true;
        return lines.rest();
      }
      if (!done && lines.next()) {
        return true;
      }
      done = true;
      return false;
    }

    private @Nullable RecordBatch countRows() throws IOException {
      int rows = 0;
      while (rows < RecordBatch.ROWS_MAX && nextLine()) {
        rows++;
      }
      return rows == 0 ? null : new RecordBatch(wanted, List.of(), rows);
    }

    private @Nullable RecordBatch readRows() throws IOException {
      try (StringColumnBuilder column =
          new StringColumnBuilder(
              wanted.field(0).name(), RecordBatch.ROWS_MAX, dataBytesHint, allocator)) {
        while (!column.isFull(RecordBatch.ROWS_MAX) && nextLine()) {
          column.append(lines.bytes(), lines.start(), lines.end());
        }
        if (column.rows() == 0) {
          return null;
        }
        dataBytesHint = Math.max(1 << 16, column.sizeBytes() * 9L / 8);
        int rows = column.rows();
        return new RecordBatch(wanted, List.of(column.finish()), rows);
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
