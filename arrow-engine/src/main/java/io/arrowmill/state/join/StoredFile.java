package io.arrowmill.state.join;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.state.SharedChannel;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Stored rows as an Arrow IPC stream: the columns kept, then {@code sequence} and {@code
 * operation}.
 *
 * <table>
 *   <caption>operations</caption>
 *   <tr><td>0</td><td>the row {@code sequence}, which has met none of the other side</td></tr>
 *   <tr><td>1</td><td>the row {@code sequence}, which has</td></tr>
 *   <tr><td>2</td><td>the row {@code sequence} has met one; the columns are null</td></tr>
 *   <tr><td>3</td><td>the row {@code sequence} is given up; the columns are null</td></tr>
 *   <tr><td>4</td><td>all rows whose time is at most {@code sequence} microseconds are given up;
 *     the columns are null</td></tr>
 * </table>
 *
 * <p>Of each partition, 2 and 3 stand before the rows; 4 stands at the end. Partitions may be
 * written to several files: what 4 says in one is said in all that have rows to give up, and what
 * is no longer there when 2 or 3 names it had been given up, too.
 */
final class StoredFile {
  static final byte UNMATCHED = 0;
  static final byte MATCHED = 1;
  static final byte HAS_MET = 2;
  static final byte REMOVED = 3;
  static final byte EXPIRED = 4;

  private static final int BATCH_ROWS = 16_384;

  private final StoredColumns columns;
  private final StoredSide.Memory memory;
  private final Schema schema;

  StoredFile(StoredColumns columns, StoredSide.Memory memory) {
    this.columns = columns;
    this.memory = memory;
    List<Field> fields = new ArrayList<>();
    columns
        .schema()
        .fields()
        .forEach(field -> fields.add(ArrowTypes.field(field.name(), field.type(), true)));
    fields.add(new Field("sequence", FieldType.nullable(new ArrowType.Int(64, true)), null));
    fields.add(new Field("operation", FieldType.nullable(new ArrowType.Int(8, true)), null));
    this.schema = new Schema(fields);
  }

  // ---- writing

  /**
   * Writes the partitions that {@code next} gives; those that other tasks get are in their files.
   */
  long write(
      List<StoredRows> partitions, AtomicInteger next, boolean onlyChanges, WritableByteChannel out)
      throws IOException {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory.allocator());
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, new SharedChannel(out))) {
      writer.start();
      long expired = StoredChanges.NOTHING_EXPIRED;
      for (int p = next.getAndIncrement(); p < partitions.size(); p = next.getAndIncrement()) {
        StoredRows rows = partitions.get(p);
        StoredChanges changes = onlyChanges ? rows.changes() : null;
        if (changes != null) {
          numbers(root, writer, changes.matched(), HAS_MET);
          numbers(root, writer, changes.removed(), REMOVED);
          expired = Math.max(expired, changes.expired());
        }
        for (Segment segment : rows.segments()) {
          if (segment != null && (changes == null || changes.isNew(segment.newest))) {
            int first = changes == null ? 0 : rows.newFrom(segment);
            rows(root, writer, segment, first, changes);
          }
        }
      }
      if (expired != StoredChanges.NOTHING_EXPIRED) {
        LongList bound = new LongList();
        bound.add(expired);
        numbers(root, writer, bound, EXPIRED);
      }
      writer.end();
      return writer.bytesWritten();
    }
  }

  private void numbers(
      VectorSchemaRoot root, ArrowStreamWriter writer, LongList numbers, byte operation)
      throws IOException {
    for (int from = 0; from < numbers.size(); from += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, numbers.size() - from);
      for (int c = 0; c < columns.schema().size(); c++) {
        FieldVector vector = root.getVector(c);
        prepare(vector, count);
        vector.setValueCount(count);
      }
      BigIntVector sequence = (BigIntVector) root.getVector(columns.schema().size());
      TinyIntVector operations = (TinyIntVector) root.getVector(columns.schema().size() + 1);
      sequence.allocateNew(count);
      operations.allocateNew(count);
      for (int i = 0; i < count; i++) {
        sequence.set(i, numbers.get(from + i));
        operations.set(i, operation);
      }
      finish(root, count);
      writer.writeBatch();
    }
  }

  /** Writes a segment's rows from one on; with {@code changes} only those that are new. */
  private void rows(
      VectorSchemaRoot root,
      ArrowStreamWriter writer,
      Segment segment,
      int first,
      @Nullable StoredChanges changes)
      throws IOException {
    long positions = memory.source().allocate(4L * (segment.rows - first + 1));
    try {
      int count = 0;
      for (int at = first; at < segment.rows; at++) {
        OffHeap.putInt(positions + 4L * count, at);
        boolean isWritten =
            !segment.isGone(at) && (changes == null || changes.isNew(segment.sequence(at)));
        count += isWritten ? 1 : 0;
      }
      if (count == 0) {
        return;
      }
      copyColumns(root, segment, positions, count);
      finish(root, count);
      writer.writeBatch();
    } finally {
      memory.source().free(positions, 4L * (segment.rows - first + 1));
    }
  }

  private void copyColumns(VectorSchemaRoot root, Segment segment, long positions, int count) {
    int width = columns.schema().size();
    int first = OffHeap.getInt(positions);
    boolean isRange = OffHeap.getInt(positions + 4L * (count - 1)) - first == count - 1;
    for (int c = 0; c < width; c++) {
      FieldVector from = segment.columns.get(c);
      FieldVector vector = root.getVector(c);
      if (isRange) {
        // Shares the buffers where Arrow's layout allows.
        from.makeTransferPair(vector).splitAndTransfer(first, count);
        continue;
      }
      prepare(vector, count);
      RowAppend.rows(from, segment.hasNulls[c], vector, 0, positions, count);
      if (vector instanceof BaseVariableWidthVector variable) {
        variable.setLastSet(count - 1);
      }
      vector.setValueCount(count);
    }
    FieldVector sequence = root.getVector(width);
    FieldVector operation = root.getVector(width + 1);
    prepare(sequence, count);
    prepare(operation, count);
    // A row is written with the operation UNMATCHED or MATCHED as it is marked.
    RowAppend.values(segment.sequences(0), Long.BYTES, sequence, positions, count);
    RowAppend.values(segment.matched(0), Byte.BYTES, operation, positions, count);
  }

  private static void prepare(FieldVector vector, int count) {
    vector.clear();
    vector.setInitialCapacity(count);
    vector.allocateNew();
  }

  private static void finish(VectorSchemaRoot root, int count) {
    int columns = root.getFieldVectors().size();
    root.getVector(columns - 2).setValueCount(count);
    root.getVector(columns - 1).setValueCount(count);
    root.setRowCount(count);
  }

  // ---- reading

  void read(ReadableByteChannel in, List<StoredRows> partitions, int sequenceBits)
      throws IOException {
    try (ArrowStreamReader reader = new ArrowStreamReader(in, memory.allocator());
        StoredFileReader rows = new StoredFileReader(columns, memory, partitions, sequenceBits)) {
      requireSame(reader.getVectorSchemaRoot().getSchema());
      while (reader.loadNextBatch()) {
        rows.apply(reader.getVectorSchemaRoot());
      }
    }
  }

  private void requireSame(Schema read) {
    List<ArrowType> expected = schema.getFields().stream().map(Field::getType).toList();
    List<ArrowType> found = read.getFields().stream().map(Field::getType).toList();
    if (!expected.equals(found)) {
      throw new ArrowmillException(
          "STATE_SCHEMA_NOT_COMPATIBLE",
          "stored state must have the columns of the query's operator: expected="
              + schema.getFields()
              + ", found="
              + read.getFields()
              + "; start the changed query with a new checkpoint");
    }
  }
}
