package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Gather;
import io.arrowmill.operator.JoinColumns.Source;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Makes batches of pairs of rows. Rows are addresses of int32 row numbers; where all probe rows of
 * a batch are wanted, once and in order, their columns are shared, not copied. Confined to one
 * task.
 */
final class JoinOutput {
  /** In place of the address of probe rows: all of them. */
  static final long ALL_ROWS = 0;

  private final JoinColumns columns;
  private final JoinBuild build;
  private final BufferAllocator allocator;
  private final Operator next;

  JoinOutput(JoinColumns columns, JoinBuild build, BufferAllocator allocator, Operator next) {
    this.columns = columns;
    this.build = build;
    this.allocator = allocator;
    this.next = next;
  }

  /** Whether it reads the build rows of {@link #give}. */
  boolean readsBuild() {
    return columns.readsBuild();
  }

  /**
   * Hands pairs on.
   *
   * @param probe the batch of the probe rows
   * @param probeRows or {@link #ALL_ROWS}
   * @param buildRows not read without build columns; -1 for a row of nulls
   */
  void give(RecordBatch probe, long probeRows, long buildRows, int count) {
    if (count > 0) {
      try (RecordBatch joined = batch(probe, probeRows, buildRows, count)) {
        next.process(joined);
      }
    }
  }

  /** The pairs as a batch, owned by the caller. */
  RecordBatch batch(RecordBatch probe, long probeRows, long buildRows, int count) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (Source source : columns.sources()) {
        if (source.isBuild()) {
          vectors.add(build.gather(source.index(), buildRows, count));
        } else if (probeRows == ALL_ROWS) {
          vectors.add(RecordBatch.slice(probe.column(source.index()), 0, count, allocator));
        } else {
          FieldVector from = probe.column(source.index());
          vectors.add(Gather.rows(from, from.getNullCount() > 0, probeRows, count, allocator));
        }
      }
      return new RecordBatch(columns.schema(), vectors, count);
    } catch (RuntimeException e) {
      vectors.forEach(FieldVector::close);
      throw build.explained(e);
    } catch (Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  /** Hands build rows on, the probe side's columns null. */
  void giveBuildRows(long buildRows, int count) {
    if (count == 0) {
      return;
    }
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (int i = 0; i < columns.sources().size(); i++) {
        Source source = columns.sources().get(i);
        vectors.add(
            source.isBuild() ? build.gather(source.index(), buildRows, count) : nulls(i, count));
      }
      next.process(new RecordBatch(columns.schema(), vectors, count));
    } finally {
      vectors.forEach(FieldVector::close);
    }
  }

  private FieldVector nulls(int column, int count) {
    FieldVector nulls = ArrowTypes.field(columns.schema().field(column)).createVector(allocator);
    try {
      nulls.setInitialCapacity(count);
      nulls.allocateNew();
      nulls.setValueCount(count);
      return nulls;
    } catch (RuntimeException | Error e) {
      nulls.close();
      throw e;
    }
  }
}
