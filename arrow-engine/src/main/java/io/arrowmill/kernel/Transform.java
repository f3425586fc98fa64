package io.arrowmill.kernel;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * A filter and a list of columns, compiled for batches of one schema. Any thread may use it; every
 * task opens its own {@link TransformTask}.
 *
 * <p>An expression that the compiler does not take is evaluated by the interpreter, row by row; the
 * others are not affected. Without a filter, a column that is handed on as it is shares its
 * buffers.
 */
public final class Transform {

  /** How one output column comes about. */
  sealed interface Step {
    /** Input column {@code ordinal} as it is; where rows are dropped {@code at} copies it. */
    record PassThrough(int ordinal, Place at) implements Step {}

    /** Computed of the rows that are kept; of all rows as column {@code dense} of that kernel. */
    record Compiled(Place at, int dense) implements Step {}

    /** Input column {@code ordinal} of strings, split into lists. */
    record Split(int ordinal, SplitKernel kernel) implements Step {}

    /** Evaluated row by row. */
    record Interpreted(Expression expression) implements Step {}
  }

  /**
   * Which kernel computes a column where rows are dropped, as which of its columns.
   *
   * @param fused of the kernel that filters too, or -1
   * @param selected of the kernel of selected rows, or -1
   */
  record Place(int fused, int selected) {
    static final Place NONE = new Place(-1, -1);
  }

  private final StructType schema;
  private final List<Field> fields;
  private final List<Attribute> input;
  private final KernelSettings settings;
  private final @Nullable FilterKernel filter;
  private final @Nullable Expression interpretedFilter;
  private final List<Step> steps;
  private final @Nullable ProjectKernel selected;
  private final @Nullable FilterProjectKernel fused;
  private final TransformCompiler compiled;

  /** With a filter made when it is needed: often it never is. */
  private volatile @Nullable ProjectKernel dense;

  private final int[] columnsTestedForNull;

  Transform(
      StructType schema,
      List<Attribute> input,
      KernelSettings settings,
      TransformCompiler compiled) {
    this.schema = schema;
    this.fields = schema.fields().stream().map(ArrowTypes::field).toList();
    this.input = List.copyOf(input);
    this.settings = settings;
    this.filter = compiled.filter();
    this.interpretedFilter = compiled.interpretedFilter();
    this.steps = List.copyOf(compiled.steps());
    this.selected = compiled.selected();
    this.fused = compiled.fused();
    this.compiled = compiled;
    this.dense = hasFilter() ? null : compiled.dense();
    this.columnsTestedForNull = compiled.columnsTestedForNull();
  }

  /**
   * Compiles.
   *
   * @param filter the rows to keep are those for which it is true; null keeps all
   * @param columns resolved; one for each field of {@code schema}
   * @param input the columns of the batches, in order
   * @param schema of the batches to make
   */
  public static Transform compile(
      @Nullable Expression filter,
      List<? extends Expression> columns,
      List<Attribute> input,
      StructType schema,
      KernelSettings settings) {
    return new Transform(
        schema, input, settings, new TransformCompiler(filter, columns, input, settings));
  }

  /**
   * A task's own instance.
   *
   * @param now what {@code current_timestamp} gives
   */
  public TransformTask open(BufferAllocator allocator, MemorySource memory, Instant now) {
    return new TransformTask(this, allocator, memory, now);
  }

  /** The schema of the batches it makes. */
  public StructType schema() {
    return schema;
  }

  /** The columns of the batches it takes. */
  public List<Attribute> input() {
    return input;
  }

  KernelSettings settings() {
    return settings;
  }

  @Nullable FilterKernel filter() {
    return filter;
  }

  @Nullable Expression interpretedFilter() {
    return interpretedFilter;
  }

  boolean hasFilter() {
    return filter != null || interpretedFilter != null || fused != null;
  }

  /**
   * Positions of input columns: if none of them has a null in a batch, all its rows pass. None if
   * the filter is another.
   */
  int[] columnsTestedForNull() {
    return columnsTestedForNull;
  }

  /** Whether every column is written by the kernel that filters. */
  boolean isFused() {
    return steps.stream()
        .allMatch(step ->
            switch (step) {
              case Step.PassThrough pass -> pass.at().fused() >= 0;
              case Step.Compiled compiled -> compiled.at().fused() >= 0;
              case Step.Split _, Step.Interpreted _ -> false;
            });
  }

  /** Whether compiled kernels give every column. */
  boolean isCompiled() {
    return steps.stream()
        .allMatch(step -> step instanceof Step.PassThrough || step instanceof Step.Compiled);
  }

  List<Step> steps() {
    return steps;
  }

  @Nullable ProjectKernel selected() {
    return selected;
  }

  @Nullable ProjectKernel dense() {
    ProjectKernel kernel = dense;
    if (kernel == null) {
      kernel = compiled.dense();
      dense = kernel;
    }
    return kernel;
  }

  @Nullable FilterProjectKernel fused() {
    return fused;
  }

  /** The Arrow fields of the columns. */
  List<Field> fields() {
    return fields;
  }
}
