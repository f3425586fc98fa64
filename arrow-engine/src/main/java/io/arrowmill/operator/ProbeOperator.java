package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.JoinPairs;
import io.arrowmill.codegen.table.JoinProbe;
import io.arrowmill.codegen.table.JoinTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.JoinType;
import org.jspecify.annotations.Nullable;

/**
 * Streams one task's probe rows past the build side. A null key matches nothing.
 *
 * <p>Where no key has two build rows, a batch gives one batch at most. Otherwise its matches are
 * gone through {@link RecordBatch#ROWS_MAX} at a time, so that the memory of a join does not depend
 * on how many there are.
 */
final class ProbeOperator implements Operator {
  private final HashJoinPlan plan;
  private final JoinBuild build;
  private final @Nullable JoinResidual residual;
  private final BatchContext context;
  private final JoinOutput output;
  private final int[] keyColumns;
  private final ColumnDescriptors keys;
  private final JoinRows rows;
  private final boolean keepsUnmatched;
  private final boolean givesPairs;
  private final boolean readsBuildRows;
  private boolean triesFindingAll;
  private @Nullable JoinProbe probe;

  /**
   * A probe.
   *
   * @param build sealed before the first batch
   * @param residual owned from now on
   */
  ProbeOperator(
      HashJoinPlan plan,
      JoinBuild build,
      @Nullable JoinResidual residual,
      BatchContext context,
      JoinOutput output) {
    this.plan = plan;
    this.build = build;
    this.residual = residual;
    this.context = context;
    this.output = output;
    this.keyColumns = JoinColumns.positions(plan.probeKeys(), plan.probe().output());
    this.givesPairs = plan.type() != JoinType.LEFT_SEMI && plan.type() != JoinType.LEFT_ANTI;
    this.keepsUnmatched = givesPairs && plan.type() != JoinType.INNER;
    this.readsBuildRows =
        residual != null || plan.type() == JoinType.FULL_OUTER || output.readsBuild();
    this.triesFindingAll = !readsBuildRows;
    try (Parts parts = new Parts()) {
      if (residual != null) {
        parts.add(residual);
      }
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, context.memory()));
      this.rows = parts.add(new JoinRows(context.memory()));
      parts.complete();
    }
  }

  @Override
  public void process(RecordBatch batch) {
    int count = batch.rowCount();
    if (count == 0) {
      return;
    }
    JoinProbe known = probe;
    if (known == null) {
      known = new JoinProbe(build.table(), context.memory());
      probe = known;
    }
    keys.set(batch, keyColumns);
    if (triesFindingAll && known.table().unique()) {
      triesFindingAll = known.findsAll(keys.address(), count);
      if (triesFindingAll) {
        giveAll(batch);
        return;
      }
    }
    rows.ensure(count);
    if (known.table().unique()) {
      giveRows(batch, known);
    } else if (givesPairs || residual != null) {
      givePairs(batch, known);
    } else {
      known.ranges(keys.address(), count, rows.found(), rows.counts());
      boolean wanted = plan.type() == JoinType.LEFT_SEMI;
      int selected = JoinPairs.selectCounts(rows.counts(), count, wanted, rows.probeRows());
      giveProbeRows(batch, selected);
    }
  }

  /** Every probe row has one match, and nobody asks which. */
  private void giveAll(RecordBatch batch) {
    if (plan.type() != JoinType.LEFT_ANTI) {
      output.give(batch, JoinOutput.ALL_ROWS, 0, batch.rowCount());
    }
  }

  /** No probe row has more than one match. */
  private void giveRows(RecordBatch batch, JoinProbe found) {
    int count = batch.rowCount();
    int matched = found.rows(keys.address(), count, rows.found());
    JoinResidual condition = residual;
    if (condition != null) {
      int pairs = JoinPairs.matched(rows.found(), count, rows.probeRows(), rows.buildRows());
      matched = condition.refuse(batch, rows.found(), rows.probeRows(), rows.buildRows(), pairs);
    }
    if (build.emitsUnmatched()) {
      build.addMatched(rows.found(), count);
    }
    if (!givesPairs) {
      boolean wanted = plan.type() == JoinType.LEFT_SEMI;
      giveProbeRows(batch, JoinPairs.selectRows(rows.found(), count, wanted, rows.probeRows()));
    } else if (keepsUnmatched || matched == count) {
      output.give(batch, JoinOutput.ALL_ROWS, rows.found(), count);
    } else {
      int pairs = JoinPairs.matched(rows.found(), count, rows.probeRows(), rows.buildRows());
      output.give(batch, rows.probeRows(), rows.buildRows(), pairs);
    }
  }

  private void givePairs(RecordBatch batch, JoinProbe found) {
    int count = batch.rowCount();
    found.ranges(keys.address(), count, rows.found(), rows.counts());
    boolean asksWhichMatched = !givesPairs || keepsUnmatched;
    if (asksWhichMatched) {
      zero(rows.flags(), count);
    }
    JoinPairs matches = new JoinPairs(found.table(), rows.found(), rows.counts(), count);
    int max = RecordBatch.ROWS_MAX;
    int pairs = matches.next(rows.probeRows(), rows.buildRows(), max);
    while (pairs > 0) {
      context.checkActive();
      JoinResidual condition = residual;
      if (condition != null) {
        pairs = condition.keep(batch, rows.probeRows(), rows.buildRows(), pairs);
      }
      if (asksWhichMatched) {
        JoinPairs.flag(rows.probeRows(), pairs, rows.flags());
      }
      if (build.emitsUnmatched()) {
        build.addMatched(rows.buildRows(), pairs);
      }
      if (givesPairs) {
        output.give(batch, rows.probeRows(), rows.buildRows(), pairs);
      }
      pairs = matches.next(rows.probeRows(), rows.buildRows(), max);
    }
    if (keepsUnmatched) {
      giveUnmatched(batch);
    } else if (!givesPairs) {
      boolean wanted = plan.type() == JoinType.LEFT_SEMI;
      giveProbeRows(batch, JoinPairs.selectFlags(rows.flags(), 0, count, wanted, rows.probeRows()));
    }
  }

  private void giveUnmatched(RecordBatch batch) {
    int count = batch.rowCount();
    int unmatched = JoinPairs.selectFlags(rows.flags(), 0, count, false, rows.probeRows());
    for (int i = 0; i < unmatched; i++) {
      putInt(rows.buildRows() + 4L * i, JoinTable.NONE);
    }
    output.give(batch, rows.probeRows(), rows.buildRows(), unmatched);
  }

  private void giveProbeRows(RecordBatch batch, int selected) {
    boolean all = selected == batch.rowCount();
    output.give(batch, all ? JoinOutput.ALL_ROWS : rows.probeRows(), 0, selected);
  }

  @Override
  public void close() {
    if (probe != null) {
      probe.close();
    }
    rows.close();
    keys.close();
    if (residual != null) {
      residual.close();
    }
  }
}
