package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.kernel.Transform.Step;
import io.arrowmill.kernel.interpreted.BatchCursor;
import io.arrowmill.kernel.interpreted.BoundExpression;
import io.arrowmill.kernel.interpreted.Interpreter;
import io.arrowmill.plan.Expression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** Applies a {@link Transform} to batches. Owns working memory; confined to one task. */
public final class TransformTask implements AutoCloseable {
  private final Transform transform;
  private final BufferAllocator allocator;
  private final MemorySource memory;
  private final ColumnDescriptors columns;
  private final int[] allColumns;
  private final KernelOutputs selectedOutputs;
  private final KernelOutputs denseOutputs;
  private final @Nullable BoundExpression interpretedFilter;
  private final @Nullable BoundExpression[] interpreted;
  private long selection;
  private int selectionRows;
  private boolean closed;

  TransformTask(Transform transform, BufferAllocator allocator, MemorySource memory, Instant now) {
    this.transform = transform;
    this.allocator = allocator;
    this.memory = memory;
    this.columns = new ColumnDescriptors(transform.input().size(), memory);
    this.allColumns = new int[transform.input().size()];
    for (int i = 0; i < allColumns.length; i++) {
      allColumns[i] = i;
    }
    this.interpretedFilter = bind(transform.interpretedFilter(), now);
    this.interpreted = new BoundExpression[transform.steps().size()];
    int selected = 0;
    int dense = 0;
    int index = 0;
    for (Step step : transform.steps()) {
      switch (step) {
        case Step.PassThrough pass -> selected += pass.kernelColumn() >= 0 ? 1 : 0;
        case Step.Compiled ignored -> {
          selected++;
          dense++;
        }
        case Step.Split ignored -> {}
        case Step.Interpreted rowByRow -> interpreted[index] = bind(rowByRow.expression(), now);
      }
      index++;
    }
    this.selectedOutputs = new KernelOutputs(selected);
    this.denseOutputs = new KernelOutputs(dense);
  }

  private @Nullable BoundExpression bind(@Nullable Expression expression, Instant now) {
    return expression == null
        ? null
        : Interpreter.bind(expression, transform.input(), transform.settings().zone(), now);
  }

  /**
   * The rows that pass the filter, and the columns computed of them.
   *
   * @param batch borrowed
   * @return owned by the caller; null if no row passed
   * @throws ArrowmillException if an expression has no value for a row that needs it
   */
  public @Nullable RecordBatch apply(RecordBatch batch) {
    int rows = batch.rowCount();
    if (rows == 0) {
      return null;
    }
    try {
      return applyRows(batch, rows);
    } catch (KernelException e) {
      throw new ArrowmillException(e.condition().text(), e.detail(), e);
    }
  }

  private @Nullable RecordBatch applyRows(RecordBatch batch, int rows) {
    columns.set(batch, allColumns);
    if (!transform.hasFilter()) {
      return project(batch, rows, false);
    }
    ensureSelection(rows);
    int kept = filter(batch, rows);
    if (kept == 0) {
      return null;
    }
    return project(batch, kept, kept < rows);
  }

  private int filter(RecordBatch batch, int rows) {
    FilterKernel kernel = transform.filter();
    if (kernel != null) {
      return kernel.filter(columns.address(), 0, rows, selection);
    }
    BoundExpression predicate = interpretedFilter;
    int kept = 0;
    if (predicate != null) {
      BatchCursor cursor = new BatchCursor(batch);
      for (int row = 0; row < rows; row++) {
        if (predicate.test(cursor.moveTo(row))) {
          putInt(selection + 4L * kept++, row);
        }
      }
    }
    return kept;
  }

  private RecordBatch project(RecordBatch batch, int rows, boolean selected) {
    List<FieldVector> vectors = new ArrayList<>();
    KernelOutputs outputs = selected ? selectedOutputs : denseOutputs;
    ProjectKernel kernel = selected ? transform.selected() : transform.dense();
    List<OutputColumn> compiled = new ArrayList<>();
    try {
      int @Nullable [] positions = null;
      for (int i = 0; i < transform.steps().size(); i++) {
        switch (transform.steps().get(i)) {
          case Step.PassThrough pass when !selected ->
              vectors.add(RecordBatch.slice(batch.column(pass.ordinal()), 0, rows, allocator));
          case Step.PassThrough pass when pass.kernelColumn() < 0 -> {
            positions = positions == null ? positions(rows) : positions;
            vectors.add(Gather.rows(batch.column(pass.ordinal()), positions, rows, allocator));
          }
          case Step.PassThrough pass ->
              compiled.add(output(i, pass.kernelColumn(), rows, outputs, vectors));
          case Step.Compiled step ->
              compiled.add(
                  output(
                      i,
                      selected ? step.kernelColumn() : step.denseColumn(),
                      rows,
                      outputs,
                      vectors));
          case Step.Split step -> {
            positions = selected && positions == null ? positions(rows) : positions;
            vectors.add(split(i, step, batch, rows, selected ? positions : null));
          }
          case Step.Interpreted ignored -> {
            positions = selected && positions == null ? positions(rows) : positions;
            vectors.add(interpret(i, batch, rows, positions));
          }
        }
      }
      if (kernel != null && !compiled.isEmpty()) {
        kernel.project(columns.address(), selected ? selection : 0, 0, rows, outputs);
        for (OutputColumn column : compiled) {
          column.finish(rows, outputs);
        }
      }
      return new RecordBatch(transform.schema(), vectors, rows);
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private OutputColumn output(
      int field, int kernelColumn, int rows, KernelOutputs outputs, List<FieldVector> vectors) {
    FieldVector vector = ArrowTypes.field(transform.schema().field(field)).createVector(allocator);
    vectors.add(vector);
    return OutputColumn.prepare(vector, kernelColumn, rows, outputs);
  }

  private FieldVector split(
      int column, Step.Split step, RecordBatch batch, int rows, int @Nullable [] positions) {
    FieldVector vector = ArrowTypes.field(transform.schema().field(column)).createVector(allocator);
    try {
      VarCharVector text = (VarCharVector) batch.column(step.ordinal());
      step.kernel().split(text, positions, rows, (ListVector) vector);
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    }
  }

  private FieldVector interpret(
      int column, RecordBatch batch, int rows, int @Nullable [] positions) {
    FieldVector vector = ArrowTypes.field(transform.schema().field(column)).createVector(allocator);
    try {
      BoundExpression expression = Objects.requireNonNull(interpreted[column]);
      if (positions == null) {
        expression.evaluateColumn(batch, 0, rows, vector);
      } else {
        expression.evaluateColumn(batch, positions, rows, vector);
      }
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    }
  }

  private int[] positions(int rows) {
    int[] positions = new int[rows];
    for (int i = 0; i < rows; i++) {
      positions[i] = getInt(selection + 4L * i);
    }
    return positions;
  }

  private void ensureSelection(int rows) {
    if (rows > selectionRows) {
      freeSelection();
      selection = memory.allocate(4L * rows);
      selectionRows = rows;
    }
  }

  private void freeSelection() {
    if (selectionRows > 0) {
      memory.free(selection, 4L * selectionRows);
      selectionRows = 0;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      freeSelection();
      columns.close();
    }
  }
}
