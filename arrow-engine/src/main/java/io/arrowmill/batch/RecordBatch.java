package io.arrowmill.batch;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * Up to {@link #ROWS_MAX} rows as Arrow vectors, one a column, in the types of {@link ArrowTypes}.
 *
 * <p>Ownership: a batch owns its vectors. Who gets one as a parameter borrows it for the call;
 * keeping it means {@link #retain}, and every owner calls {@link #close} once. Threading: confined
 * to one thread at a time.
 */
public final class RecordBatch implements AutoCloseable {
  /** Rows a batch holds at most. */
  public static final int ROWS_MAX = 65_536;

  private final StructType schema;
  private final List<FieldVector> columns;
  private final @Nullable RowCodes[] codes;
  private final int rowCount;

  /**
   * Takes ownership of {@code columns}.
   *
   * @param schema names and types of the columns, in order
   */
  public RecordBatch(StructType schema, List<FieldVector> columns, int rowCount) {
    this(schema, columns, new RowCodes[columns.size()], rowCount);
  }

  /**
   * Takes ownership of {@code columns} and {@code codes}.
   *
   * @param schema names and types of the columns, in order
   * @param codes one a column, null where there are none
   */
  public RecordBatch(
      StructType schema, List<FieldVector> columns, @Nullable RowCodes[] codes, int rowCount) {
    if (schema.size() != columns.size()) {
      throw new ArrowmillException(
          "INTERNAL_ERROR",
          "a batch must have one vector a column: vectors="
              + columns.size()
              + ", schema="
              + schema.toDDL());
    }
    this.schema = schema;
    this.columns = List.copyOf(columns);
    this.codes = codes.clone();
    this.rowCount = rowCount;
  }

  /**
   * Takes the vectors out of {@code root}, leaving it empty.
   *
   * @param codes one a column, null where there are none; owned by the batch from now on
   */
  public static RecordBatch transfer(
      StructType schema,
      VectorSchemaRoot root,
      @Nullable RowCodes[] codes,
      BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    int rows = root.getRowCount();
    for (FieldVector vector : root.getFieldVectors()) {
      TransferPair pair = vector.getTransferPair(allocator);
      pair.transfer();
      columns.add((FieldVector) pair.getTo());
    }
    root.setRowCount(0);
    return new RecordBatch(schema, columns, codes, rows);
  }

  /** Names and types of the columns. */
  public StructType schema() {
    return schema;
  }

  /** The columns' vectors, borrowed. */
  public List<FieldVector> columns() {
    return columns;
  }

  /** The vector of the column at {@code index}, borrowed. */
  public FieldVector column(int index) {
    return columns.get(index);
  }

  /** Numbers for the rows of the column at {@code index}, borrowed; null if it has none. */
  public @Nullable RowCodes codes(int index) {
    return codes[index];
  }

  /** Number of rows. */
  public int rowCount() {
    return rowCount;
  }

  /** Bytes of the columns' buffers, as far as they are filled, and of their codes. */
  public long bytes() {
    long bytes = columns.stream().mapToLong(FieldVector::getBufferSize).sum();
    for (RowCodes each : codes) {
      bytes += each == null ? 0 : 4L * rowCount;
    }
    return bytes;
  }

  /** Another owner of the same rows; the buffers are shared, not copied. */
  public RecordBatch retain(BufferAllocator allocator) {
    return slice(0, rowCount, allocator);
  }

  /** An owner of some of the rows; the buffers are shared where Arrow's layout allows. */
  public RecordBatch slice(int start, int count, BufferAllocator allocator) {
    List<FieldVector> slices = new ArrayList<>();
    @Nullable RowCodes[] sliced = new RowCodes[codes.length];
    for (int i = 0; i < codes.length; i++) {
      slices.add(slice(columns.get(i), start, count, allocator));
      RowCodes of = codes[i];
      sliced[i] = of == null ? null : of.slice(start, count, allocator);
    }
    return new RecordBatch(schema, slices, sliced, count);
  }

  /**
   * Some rows of one vector; the buffers are shared where Arrow's layout allows.
   *
   * @return owned by the caller, in {@code allocator}'s memory
   */
  public static FieldVector slice(
      FieldVector vector, int start, int count, BufferAllocator allocator) {
    TransferPair pair = vector.getTransferPair(vector.getAllocator());
    pair.splitAndTransfer(start, count);
    FieldVector slice = (FieldVector) pair.getTo();
    // A slice of bits or of a nested vector leaves some buffers with the vector's own allocator.
    TransferPair whole = slice.getTransferPair(allocator);
    whole.transfer();
    return (FieldVector) whole.getTo();
  }

  /**
   * The same vectors as a root, by the names of the schema. Closing the root is closing this batch.
   */
  public VectorSchemaRoot asRoot() {
    VectorSchemaRoot root =
        new VectorSchemaRoot(
            schema.fields().stream().map(ArrowTypes::field).toList(), columns, rowCount);
    return root;
  }

  /** Idempotent. */
  @Override
  public void close() {
    columns.forEach(FieldVector::close);
    RowCodes.closeAll(codes);
    Arrays.fill(codes, null);
  }
}
