package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Puts rows that {@link StoredFile} wrote into partitions, each where its key belongs. */
final class StoredFileReader implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long BYTES = 8L * SLICE * 2 + 4L * SLICE;

  private final StoredColumns columns;
  private final StoredSide.Memory memory;
  private final List<StoredRows> partitions;
  private final int sequenceBits;
  private final ColumnDescriptors keys;
  private final long hashes;
  private final long refs;
  private final long positions;

  /** Where each row is, by its number; made when it is first asked. */
  private @Nullable Map<Long, Long> places;

  StoredFileReader(
      StoredColumns columns,
      StoredSide.Memory memory,
      List<StoredRows> partitions,
      int sequenceBits) {
    this.columns = columns;
    this.memory = memory;
    this.partitions = partitions;
    this.sequenceBits = sequenceBits;
    try (Parts parts = new Parts()) {
      this.keys = parts.add(new ColumnDescriptors(columns.keys().size(), memory.source()));
      this.hashes = parts.allocate(memory.source(), BYTES);
      parts.complete();
    }
    this.refs = hashes + 8L * SLICE;
    this.positions = refs + 8L * SLICE;
  }

  void apply(VectorSchemaRoot root) {
    int width = columns.schema().size();
    BigIntVector sequences = (BigIntVector) root.getVector(width);
    TinyIntVector operations = (TinyIntVector) root.getVector(width + 1);
    int rows = root.getRowCount();
    if (rows == 0) {
      return;
    }
    switch (operations.get(0)) {
      case StoredFile.UNMATCHED, StoredFile.MATCHED -> add(root, sequences, operations);
      case StoredFile.EXPIRED -> {
        for (StoredRows partition : partitions) {
          partition.expire(sequences.get(0), (gone, count) -> {});
        }
        places = null;
      }
      case StoredFile.HAS_MET, StoredFile.REMOVED -> {
        for (int i = 0; i < rows; i++) {
          change(sequences.get(i), operations.get(i));
        }
        if (operations.get(0) == StoredFile.REMOVED) {
          partitions.forEach(StoredRows::sweep);
          places = null;
        }
      }
      default ->
          throw new ArrowmillException(
              "STATE_FILE_INVALID",
              "operation of a stored row must be 0 to 4: operation=" + operations.get(0));
    }
  }

  private void change(long sequence, byte operation) {
    Map<Long, Long> known = places();
    Long ref = known.get(sequence);
    if (ref == null) {
      return; // another file of the same commit has said that it ran out of time
    }
    StoredRows rows = partitions.get(RowRef.partition(ref));
    if (operation == StoredFile.HAS_MET) {
      rows.setMatched(RowRef.local(ref));
    } else {
      rows.remove(RowRef.local(ref));
    }
  }

  private Map<Long, Long> places() {
    Map<Long, Long> known = places;
    if (known == null) {
      known = new HashMap<>();
      for (int p = 0; p < partitions.size(); p++) {
        for (Segment segment : partitions.get(p).segments()) {
          for (int at = 0; segment != null && at < segment.rows; at++) {
            if (!segment.isGone(at)) {
              known.put(segment.sequence(at), RowRef.in(p, RowRef.of(segment.number, at)));
            }
          }
        }
      }
      places = known;
    }
    return known;
  }

  private void add(VectorSchemaRoot root, BigIntVector sequences, TinyIntVector operations) {
    List<FieldVector> vectors = root.getFieldVectors().subList(0, columns.schema().size());
    // Borrows the root's vectors, so it is not closed.
    RecordBatch batch = new RecordBatch(columns.schema(), vectors, root.getRowCount());
    keys.set(batch, columns.keyPositions());
    for (int start = 0; start < batch.rowCount(); start += SLICE) {
      int count = Math.min(SLICE, batch.rowCount() - start);
      partitions.getFirst().hash(keys.address(), 0, start, count, hashes);
      for (int p = 0; p < partitions.size(); p++) {
        int chosen = 0;
        for (int i = 0; i < count; i++) {
          if (KeyHash.partition(getLong(hashes + 8L * i), partitions.size()) == p) {
            putInt(positions + 4L * chosen++, start + i);
          }
        }
        if (chosen > 0) {
          partitions.get(p).add(batch, keys.address(), positions, 0, chosen, refs);
          restore(partitions.get(p), chosen, sequences, operations);
        }
      }
    }
    places = null;
  }

  /** Gives added rows the numbers that they had, and keeps those from being given again. */
  private void restore(
      StoredRows rows, int count, BigIntVector sequences, TinyIntVector operations) {
    for (int i = 0; i < count; i++) {
      int position = getInt(positions + 4L * i);
      long ref = getLong(refs + 8L * i);
      long sequence = sequences.get(position);
      Segment segment = rows.segment(ref);
      segment.setSequence(RowRef.index(ref), sequence);
      segment.setMatched(RowRef.index(ref), operations.get(position) == StoredFile.MATCHED);
      int maker = (int) (sequence >>> sequenceBits);
      if (maker < partitions.size()) {
        partitions.get(maker).changes().reserve(sequence + 1);
      }
    }
  }

  @Override
  public void close() {
    memory.source().free(hashes, BYTES);
    keys.close();
  }
}
