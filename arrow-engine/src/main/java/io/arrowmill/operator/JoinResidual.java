package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.JoinTable;
import io.arrowmill.kernel.TransformTask;
import org.apache.arrow.vector.FieldVector;

/**
 * What must hold of a pair of rows beside equal keys, evaluated over the columns that it reads.
 * Confined to one task.
 */
final class JoinResidual implements AutoCloseable {
  private final TransformTask condition;
  private final JoinOutput input;

  /**
   * A condition.
   *
   * @param condition makes one column of booleans; owned from now on
   * @param input makes the batches that it reads
   */
  JoinResidual(TransformTask condition, JoinOutput input) {
    this.condition = condition;
    this.input = input;
  }

  /**
   * Drops the pairs for which the condition is not true.
   *
   * @return how many are left, in the first entries of both
   */
  int keep(RecordBatch probe, long probeRows, long buildRows, int count) {
    if (count == 0) {
      return 0;
    }
    try (RecordBatch pairs = input.batch(probe, probeRows, buildRows, count);
        RecordBatch verdicts = condition.apply(pairs)) {
      if (verdicts == null) {
        return 0;
      }
      FieldVector matches = verdicts.column(0);
      long value = matches.getDataBuffer().memoryAddress();
      long valid = matches.getValidityBuffer().memoryAddress();
      int kept = 0;
      for (int i = 0; i < count; i++) {
        putInt(probeRows + 4L * kept, getInt(probeRows + 4L * i));
        putInt(buildRows + 4L * kept, getInt(buildRows + 4L * i));
        boolean isTrue = getBit(value, i) && getBit(valid, i);
        kept += isTrue ? 1 : 0;
      }
      return kept;
    }
  }

  /**
   * Takes their build rows from the probe rows of pairs for which the condition is not true.
   *
   * @param found a build row for each row of {@code probe}, or {@link JoinTable#NONE}
   * @param probeRows room for the rows that have one, as {@code buildRows}
   * @param count number of pairs in {@code probeRows} and {@code buildRows}
   * @return how many rows have a build row now
   */
  int refuse(RecordBatch probe, long found, long probeRows, long buildRows, int count) {
    int kept = keep(probe, probeRows, buildRows, count);
    if (kept < count) {
      for (int i = 0; i < probe.rowCount(); i++) {
        putInt(found + 4L * i, JoinTable.NONE);
      }
      for (int i = 0; i < kept; i++) {
        putInt(found + 4L * getInt(probeRows + 4L * i), getInt(buildRows + 4L * i));
      }
    }
    return kept;
  }

  @Override
  public void close() {
    condition.close();
  }
}
