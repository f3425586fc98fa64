package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.Transform.Place;
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
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** Applies a {@link Transform} to batches. Owns working memory; confined to one task. */
public final class TransformTask implements AutoCloseable {

  /** Rows stay in place if at most one in so many does not pass. */
  private static final int IN_PLACE_PARTS = 4;

  private final Transform transform;
  private final BufferAllocator allocator;
  private final MemorySource memory;
  private final ColumnDescriptors columns;
  private final int[] allColumns;
  private final KernelOutputs selectedOutputs;
  private final KernelOutputs denseOutputs;
  private final @Nullable FusedOutputs fused;
  private final @Nullable BoundExpression interpretedFilter;
  private final @Nullable BoundExpression[] interpreted;
  private long selection;
  private int selectionRows;
  private boolean triesInPlace;
  private long selected;
  private int selectedRows;
  private boolean closed;

  TransformTask(Transform transform, BufferAllocator allocator, MemorySource memory, Instant now) {
    this.transform = transform;
    this.allocator = allocator;
    this.memory = memory;
    try (Parts parts = new Parts()) {
      this.columns = parts.add(new ColumnDescriptors(transform.input().size(), memory));
      this.allColumns = new int[transform.input().size()];
      for (int i = 0; i < allColumns.length; i++) {
        allColumns[i] = i;
      }
      this.interpretedFilter = bind(transform.interpretedFilter(), now);
      this.interpreted = new BoundExpression[transform.steps().size()];
      int selected = 0;
      int dense = 0;
      List<Integer> fusedWidths = new ArrayList<>();
      int index = 0;
      for (Step step : transform.steps()) {
        Place at = placeOf(step);
        selected += at.selected() >= 0 ? 1 : 0;
        dense += step instanceof Step.Compiled ? 1 : 0;
        if (at.fused() >= 0) {
          fusedWidths.add(width(index));
        }
        if (step instanceof Step.Interpreted rowByRow) {
          interpreted[index] = bind(rowByRow.expression(), now);
        }
        index++;
      }
      this.selectedOutputs = new KernelOutputs(selected);
      this.denseOutputs = new KernelOutputs(dense);
      this.triesInPlace = transform.filter() != null && transform.isCompiled();
      FilterProjectKernel kernel = transform.fused();
      this.fused =
          kernel == null
              ? null
              : new FusedOutputs(
                  kernel,
                  fusedWidths.stream().mapToInt(Integer::intValue).toArray(),
                  allocator,
                  memory);
      parts.complete();
    }
  }

  private static Place placeOf(Step step) {
    return switch (step) {
      case Step.PassThrough pass -> pass.at();
      case Step.Compiled compiled -> compiled.at();
      case Step.Split _, Step.Interpreted _ -> Place.NONE;
    };
  }

  /** Bytes a value of an output column of fixed width, 0 for bits. */
  private int width(int column) {
    try (FieldVector vector = transform.fields().get(column).createVector(allocator)) {
      return ((BaseFixedWidthVector) vector).getTypeWidth();
    }
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

  /**
   * As {@link #apply}, but where nearly all rows pass the others may stay in the batch: columns
   * that are handed on are shared then, not copied. {@link #selected} says which rows are meant.
   *
   * @return owned by the caller; null if no row passed
   */
  public @Nullable RecordBatch applyInPlace(RecordBatch batch) {
    int rows = batch.rowCount();
    if (rows > 0 && triesInPlace) {
      columns.set(batch, allColumns);
      ensureSelection(rows);
      int kept = select(batch, rows);
      if (kept > rows / IN_PLACE_PARTS * (IN_PLACE_PARTS - 1)) {
        try {
          RecordBatch all = project(batch, rows, false);
          selected = kept < rows ? selection : 0;
          selectedRows = kept;
          return all;
        } catch (KernelException e) {
          // Perhaps of a row that the filter keeps from being computed.
          triesInPlace = false;
        }
      }
    }
    RecordBatch result = apply(batch);
    selected = 0;
    selectedRows = result == null ? 0 : result.rowCount();
    return result;
  }

  /**
   * The rows that pass the filter of a transform without columns, as {@link #selected} tells.
   *
   * @param batch borrowed
   * @return how many
   * @throws ArrowmillException if the filter has no value for a row
   */
  public int select(RecordBatch batch) {
    int rows = batch.rowCount();
    columns.set(batch, allColumns);
    ensureSelection(rows);
    selectedRows = rows == 0 ? 0 : select(batch, rows);
    selected = selection;
    return selectedRows;
  }

  private int select(RecordBatch batch, int rows) {
    try {
      return filter(batch, rows);
    } catch (KernelException e) {
      throw new ArrowmillException(e.condition().text(), e.detail(), e);
    }
  }

  /**
   * Address of the int32 numbers of the rows of the last {@link #applyInPlace}, where 0 means all
   * of its batch, or {@link #select}. Good until the next call.
   */
  public long selected() {
    return selected;
  }

  /** How many rows those are. */
  public int selectedRows() {
    return selectedRows;
  }

  private @Nullable RecordBatch applyRows(RecordBatch batch, int rows) {
    columns.set(batch, allColumns);
    if (!transform.hasFilter() || passesWhole(batch)) {
      return project(batch, rows, false);
    }
    if (fused != null) {
      return applyFused(fused, batch, rows);
    }
    ensureSelection(rows);
    int kept = filter(batch, rows);
    if (kept == 0) {
      return null;
    }
    return project(batch, kept, kept < rows);
  }

  private boolean passesWhole(RecordBatch batch) {
    int[] tested = transform.columnsTestedForNull();
    for (int column : tested) {
      if (batch.column(column).getNullCount() > 0) {
        return false;
      }
    }
    return tested.length > 0;
  }

  private @Nullable RecordBatch applyFused(FusedOutputs outputs, RecordBatch batch, int rows) {
    try {
      boolean selects = !transform.isFused();
      if (selects) {
        ensureSelection(rows);
      }
      int kept = outputs.run(columns.address(), rows, selects ? selection : 0);
      return kept == 0 ? null : project(batch, kept, true);
    } finally {
      outputs.drop();
    }
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
    List<OutputColumn> compiled = new ArrayList<>();
    KernelOutputs outputs = selected ? selectedOutputs : denseOutputs;
    try {
      int @Nullable [] positions = null;
      for (int i = 0; i < transform.steps().size(); i++) {
        Step step = transform.steps().get(i);
        Place at = placeOf(step);
        if (selected && at.fused() >= 0) {
          vectors.add(fused(i, at.fused(), rows));
          continue;
        }
        switch (step) {
          case Step.PassThrough pass when !selected ->
              vectors.add(RecordBatch.slice(batch.column(pass.ordinal()), 0, rows, allocator));
          case Step.PassThrough pass when at.selected() < 0 -> {
            positions = positions == null ? positions(rows) : positions;
            vectors.add(Gather.rows(batch.column(pass.ordinal()), positions, rows, allocator));
          }
          case Step.PassThrough _ -> {
            vectors.add(vector(i));
            compiled.add(OutputColumn.prepare(vectors.getLast(), at.selected(), rows, outputs));
          }
          case Step.Compiled computed -> {
            vectors.add(vector(i));
            int column = selected ? at.selected() : computed.dense();
            compiled.add(OutputColumn.prepare(vectors.getLast(), column, rows, outputs));
          }
          case Step.Split split -> {
            positions = selected && positions == null ? positions(rows) : positions;
            vectors.add(split(i, split, batch, rows, selected ? positions : null));
          }
          case Step.Interpreted _ -> {
            positions = selected && positions == null ? positions(rows) : positions;
            vectors.add(interpret(i, batch, rows, positions));
          }
        }
      }
      runKernel(selected, rows, compiled);
      return new RecordBatch(transform.schema(), vectors, codes(batch, selected), rows);
    } catch (RuntimeException | Error e) {
      compiled.forEach(OutputColumn::close);
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  /** Those of the columns that are handed on whole. */
  private @Nullable RowCodes[] codes(RecordBatch batch, boolean selected) {
    @Nullable RowCodes[] codes = new RowCodes[transform.steps().size()];
    for (int i = 0; i < codes.length && !selected; i++) {
      if (transform.steps().get(i) instanceof Step.PassThrough pass) {
        RowCodes of = batch.codes(pass.ordinal());
        codes[i] = of == null ? null : of.share();
      }
    }
    return codes;
  }

  private void runKernel(boolean selected, int rows, List<OutputColumn> compiled) {
    ProjectKernel kernel = selected ? transform.selected() : transform.dense();
    KernelOutputs outputs = selected ? selectedOutputs : denseOutputs;
    if (kernel != null && !compiled.isEmpty()) {
      kernel.project(columns.address(), selected ? selection : 0, 0, rows, outputs);
      for (OutputColumn column : compiled) {
        column.finish(rows, outputs);
      }
    }
  }

  private FieldVector vector(int column) {
    return transform.fields().get(column).createVector(allocator);
  }

  private FieldVector fused(int column, int output, int rows) {
    FieldVector vector = vector(column);
    try {
      Objects.requireNonNull(fused).moveTo(vector, output, rows);
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    }
  }

  private FieldVector split(
      int column, Step.Split step, RecordBatch batch, int rows, int @Nullable [] positions) {
    FieldVector vector = vector(column);
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
    FieldVector vector = vector(column);
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
      if (fused != null) {
        fused.close();
      }
      columns.close();
    }
  }
}
