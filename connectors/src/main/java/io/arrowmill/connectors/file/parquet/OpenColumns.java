package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.connectors.file.format.ColumnConversion;
import io.arrowmill.types.StructField;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The wanted columns of one file while it is read. Owns the open file and the readers; confined to
 * one thread.
 */
final class OpenColumns implements AutoCloseable {
  private final FilePlan plan;
  private final BufferAllocator allocator;
  private final FileChannel channel;

  /** One for each wanted column; null where the file has none, or it has nothing but nulls. */
  private final List<@Nullable ColumnReader> readers = new ArrayList<>();

  private final List<Field> fields = new ArrayList<>();

  private OpenColumns(FilePlan plan, FileChannel channel, BufferAllocator allocator) {
    this.plan = plan;
    this.channel = channel;
    this.allocator = allocator;
    for (int i = 0; i < plan.columns().size(); i++) {
      Field target = ArrowTypes.field(plan.wanted().field(i));
      fields.add(target);
      FilePlan.PlannedColumn column = plan.columns().get(i);
      if (column == null) {
        readers.add(null);
      } else {
        boolean same = column.leaf().type().equals(target.getType());
        Field field = same ? target : column.leaf().field();
        readers.add(new ColumnReader(column.leaf(), field, channel, allocator));
      }
    }
  }

  static OpenColumns open(FilePlan plan, BufferAllocator allocator) throws IOException {
    FileChannel channel = plan.open();
    try {
      return new OpenColumns(plan, channel, allocator);
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Moves to a row group. */
  void start(ParquetFooter.RowGroup group) throws IOException {
    for (ColumnReader reader : readers) {
      if (reader != null) {
        reader.start(group);
      }
    }
  }

  /** How many rows the next batch may have. */
  int rowsMax() {
    int rows = RecordBatch.ROWS_MAX;
    for (ColumnReader reader : readers) {
      if (reader != null) {
        rows = Math.min(rows, reader.rowsMax());
      }
    }
    return rows;
  }

  /** The filters that can be put to columns of the file. */
  List<ColumnFilter> filters(List<ValueFilter> wanted) {
    List<ColumnFilter> filters = new ArrayList<>();
    for (ValueFilter filter : wanted) {
      int column = plan.wanted().indexOf(filter.column()).orElse(-1);
      ColumnReader reader = column < 0 ? null : readers.get(column);
      if (reader != null) {
        filters.add(new ColumnFilter(reader, column, filter));
      }
    }
    return filters;
  }

  /** {@link ColumnReader#entries} of a column, in the type that is wanted. */
  @Nullable FieldVector entries(int column, int max) {
    ColumnReader reader = readers.get(column);
    FieldVector entries = reader == null ? null : reader.entries(max);
    return entries == null ? null : converted(column, entries);
  }

  /**
   * Reads the next rows of the row group.
   *
   * @param kept which of them to give; null for all
   */
  RecordBatch read(int rows, @Nullable KeptRows kept) throws IOException {
    List<FieldVector> vectors = new ArrayList<>(readers.size());
    @Nullable RowCodes[] codes = new RowCodes[readers.size()];
    try {
      for (int i = 0; i < readers.size(); i++) {
        vectors.add(column(i, rows, kept));
        ColumnReader reader = readers.get(i);
        codes[i] = reader == null ? null : reader.takeCodes();
      }
      return new RecordBatch(plan.wanted(), vectors, codes, kept == null ? rows : kept.count());
    } catch (IOException | RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      RowCodes.closeAll(codes);
      throw e;
    }
  }

  private FieldVector column(int index, int rows, @Nullable KeptRows kept) throws IOException {
    ColumnReader reader = readers.get(index);
    if (reader == null) {
      FieldVector nulls = fields.get(index).createVector(allocator);
      ColumnConversion.nulls(nulls, kept == null ? rows : kept.count());
      return nulls;
    }
    return converted(index, kept == null ? reader.read(rows) : reader.read(rows, kept));
  }

  private FieldVector converted(int index, FieldVector vector) {
    FilePlan.PlannedColumn column = Objects.requireNonNull(plan.columns().get(index));
    if (column.leaf().type().equals(fields.get(index).getType())) {
      return vector;
    }
    StructField target = plan.wanted().field(index);
    try (vector) {
      return column.conversion().apply(vector, target, allocator);
    }
  }

  @Override
  public void close() throws IOException {
    for (ColumnReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
    channel.close();
  }
}
