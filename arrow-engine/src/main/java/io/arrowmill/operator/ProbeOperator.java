package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.JoinType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Streams one task's probe rows past the build side. A null key matches nothing. */
final class ProbeOperator implements Operator {
  private final HashJoinPlan plan;
  private final JoinBuild build;
  private final @Nullable TransformTask residual;
  private final BatchContext context;
  private final Operator next;
  private final int[] keyColumns;
  private final int[] outputColumns;
  private final int[] allColumns;
  private final StructType outputSchema;
  private final ColumnDescriptors keys;
  private final BitSet buildMatched = new BitSet();
  private final boolean keepsUnmatched;
  private final boolean givesPairs;
  private int[] probeRows = new int[GroupTable.SLICE_ROWS_MAX];
  private int[] buildRows = new int[GroupTable.SLICE_ROWS_MAX];
  private int pairs;
  private @Nullable JoinIndex index;

  ProbeOperator(
      HashJoinPlan plan,
      JoinBuild build,
      @Nullable TransformTask residual,
      BatchContext context,
      Operator next) {
    this.plan = plan;
    this.build = build;
    this.residual = residual;
    this.context = context;
    this.next = next;
    this.keyColumns = positions(plan.probeKeys(), plan.probe().output());
    this.keys = new ColumnDescriptors(keyColumns.length, context.memory());
    List<Attribute> pair = pairColumns(plan);
    this.outputColumns = positions(plan.output(), pair);
    this.allColumns = positions(pair, pair);
    this.outputSchema = plan.schema();
    this.givesPairs = plan.type() != JoinType.LEFT_SEMI && plan.type() != JoinType.LEFT_ANTI;
    this.keepsUnmatched =
        plan.type() == JoinType.LEFT_OUTER
            || plan.type() == JoinType.RIGHT_OUTER
            || plan.type() == JoinType.FULL_OUTER;
  }

  /** The columns of a pair of rows, in the order in which the residual condition sees them. */
  static List<Attribute> pairColumns(HashJoinPlan plan) {
    return plan.buildIsRight()
        ? CompiledExpressions.concat(plan.probe().output(), plan.build().output())
        : CompiledExpressions.concat(plan.build().output(), plan.probe().output());
  }

  private static int[] positions(List<Attribute> keys, List<Attribute> columns) {
    List<Long> ids = columns.stream().map(Attribute::id).toList();
    return keys.stream().mapToInt(key -> ids.indexOf(key.id())).toArray();
  }

  private JoinIndex index() {
    JoinIndex known = index;
    if (known == null) {
      MemorySource memory = context.memory();
      known =
          new JoinIndex(
              build.rows(),
              positions(plan.buildKeys(), plan.build().output()),
              plan.buildKeys().stream().map(key -> AggregateColumns.kind(key.type())).toList(),
              memory);
      index = known;
    }
    return known;
  }

  @Override
  public void process(RecordBatch batch) {
    JoinIndex found = index();
    keys.set(batch, keyColumns);
    boolean hasNullKeys = hasNullKeys(batch);
    pairs = 0;
    int first = 0;
    int rows = batch.rowCount();
    for (int start = 0; start < rows; start += GroupTable.SLICE_ROWS_MAX) {
      int end = Math.min(rows, start + GroupTable.SLICE_ROWS_MAX);
      found.find(keys, start, end - start);
      for (int i = start; i < end; i++) {
        if (!hasNullKeys || !hasNullKey(batch, i)) {
          for (int row = found.head(i - start); row != JoinIndex.NONE; row = found.next(row)) {
            addPair(i, row);
          }
        }
      }
      if (pairs >= RecordBatch.ROWS_MAX || end == rows) {
        finishRows(batch, first, end - first);
        first = end;
        pairs = 0;
      }
    }
  }

  private boolean hasNullKeys(RecordBatch batch) {
    for (int column : keyColumns) {
      if (batch.column(column).getNullCount() > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean hasNullKey(RecordBatch batch, int row) {
    for (int column : keyColumns) {
      if (batch.column(column).isNull(row)) {
        return true;
      }
    }
    return false;
  }

  private void addPair(int probeRow, int buildRow) {
    if (pairs == probeRows.length) {
      probeRows = Arrays.copyOf(probeRows, pairs * 2);
      buildRows = Arrays.copyOf(buildRows, pairs * 2);
    }
    probeRows[pairs] = probeRow;
    buildRows[pairs++] = buildRow;
  }

  /**
   * All candidate pairs of some rows are there: drops those the residual refuses, and gives the
   * rest.
   */
  private void finishRows(RecordBatch batch, int start, int count) {
    keepResidualPairs(batch);
    if (plan.type() == JoinType.FULL_OUTER) {
      for (int i = 0; i < pairs; i++) {
        buildMatched.set(buildRows[i]);
      }
    }
    if (!givesPairs || keepsUnmatched) {
      BitSet matched = new BitSet(count);
      for (int i = 0; i < pairs; i++) {
        matched.set(probeRows[i] - start);
      }
      if (!givesPairs) {
        giveProbeRows(batch, start, count, matched, plan.type() == JoinType.LEFT_SEMI);
        return;
      }
      for (int i = 0; i < count; i++) {
        if (!matched.get(i)) {
          addPair(start + i, Gather.NULL_ROW);
        }
      }
    }
    for (int from = 0; from < pairs; from += RecordBatch.ROWS_MAX) {
      int to = Math.min(pairs, from + RecordBatch.ROWS_MAX);
      try (RecordBatch joined = pairBatch(batch, from, to, outputColumns, outputSchema)) {
        next.process(joined);
      }
    }
  }

  private void keepResidualPairs(RecordBatch batch) {
    TransformTask condition = residual;
    if (condition == null || pairs == 0) {
      return;
    }
    int kept = 0;
    StructType schema = PhysicalPlan.schemaOf(pairColumns(plan));
    for (int from = 0; from < pairs; from += RecordBatch.ROWS_MAX) {
      int to = Math.min(pairs, from + RecordBatch.ROWS_MAX);
      try (RecordBatch candidates = pairBatch(batch, from, to, allColumns, schema);
          RecordBatch verdicts = condition.apply(candidates)) {
        if (verdicts == null) {
          continue;
        }
        BitVector matches = (BitVector) verdicts.column(0);
        for (int i = 0; i < to - from; i++) {
          if (!matches.isNull(i) && matches.get(i) == 1) {
            probeRows[kept] = probeRows[from + i];
            buildRows[kept++] = buildRows[from + i];
          }
        }
      }
    }
    pairs = kept;
  }

  /** Some pairs as a batch of the given columns, numbered as in {@link #pairColumns}. */
  private RecordBatch pairBatch(
      RecordBatch batch, int from, int to, int[] wanted, StructType schema) {
    int[] probe = Arrays.copyOfRange(probeRows, from, to);
    int[] built = Arrays.copyOfRange(buildRows, from, to);
    boolean isWholeBatch = isWholeBatch(batch, probe);
    int firstSize = (plan.buildIsRight() ? plan.probe() : plan.build()).output().size();
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int index : wanted) {
        boolean isFirst = index < firstSize;
        int column = isFirst ? index : index - firstSize;
        if (isFirst != plan.buildIsRight()) {
          FieldVector source = build.rows().column(column);
          columns.add(Gather.rows(source, built, built.length, context.allocator()));
        } else if (isWholeBatch) {
          columns.add(
              RecordBatch.slice(batch.column(column), 0, probe.length, context.allocator()));
        } else {
          FieldVector source = batch.column(column);
          columns.add(Gather.rows(source, probe, probe.length, context.allocator()));
        }
      }
      return new RecordBatch(schema, columns, to - from);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }

  /** Whether the rows are all those of the batch, each once and in order. */
  private static boolean isWholeBatch(RecordBatch batch, int[] rows) {
    if (rows.length != batch.rowCount()) {
      return false;
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != i) {
        return false;
      }
    }
    return true;
  }

  private void gather(RecordBatch from, int[] rows, List<FieldVector> columns) {
    for (FieldVector column : from.columns()) {
      columns.add(Gather.rows(column, rows, rows.length, context.allocator()));
    }
  }

  private void giveProbeRows(
      RecordBatch batch, int start, int count, BitSet matched, boolean wanted) {
    int[] rows = new int[count];
    int given = 0;
    for (int i = 0; i < count; i++) {
      if (matched.get(i) == wanted) {
        rows[given++] = start + i;
      }
    }
    if (given == 0) {
      return;
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      gather(batch, Arrays.copyOf(rows, given), columns);
      next.process(new RecordBatch(plan.schema(), columns, given));
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  @Override
  public void close() {
    build.addMatched(buildMatched);
    if (index != null) {
      index.close();
    }
    keys.close();
    if (residual != null) {
      residual.close();
    }
  }
}
