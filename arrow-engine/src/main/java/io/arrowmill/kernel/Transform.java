package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A filter and a list of columns, compiled for batches of one schema. Immutable; every task opens
 * its own {@link TransformTask}.
 *
 * <p>An expression that the compiler does not take is evaluated by the interpreter, row by row; the
 * others are not affected. Without a filter, a column that is handed on as it is shares its
 * buffers.
 */
public final class Transform {

  /** How one output column comes about. */
  sealed interface Step {
    /**
     * Input column {@code ordinal} as it is; {@code kernelColumn} copies it, or is -1 where no
     * kernel can.
     */
    record PassThrough(int ordinal, int kernelColumn) implements Step {}

    /**
     * Column {@code kernelColumn} of the kernel of selected rows, {@code denseColumn} of that of
     * all rows.
     */
    record Compiled(int kernelColumn, int denseColumn) implements Step {}

    /** Input column {@code ordinal} of strings, split into lists. */
    record Split(int ordinal, SplitKernel kernel) implements Step {}

    /** Evaluated row by row. */
    record Interpreted(Expression expression) implements Step {}
  }

  private final StructType schema;
  private final List<Attribute> input;
  private final KernelSettings settings;
  private final @Nullable FilterKernel filter;
  private final @Nullable Expression interpretedFilter;
  private final List<Step> steps;
  private final @Nullable ProjectKernel selected;
  private final @Nullable ProjectKernel dense;

  private Transform(
      StructType schema,
      List<Attribute> input,
      KernelSettings settings,
      @Nullable FilterKernel filter,
      @Nullable Expression interpretedFilter,
      List<Step> steps,
      @Nullable ProjectKernel selected,
      @Nullable ProjectKernel dense) {
    this.schema = schema;
    this.input = List.copyOf(input);
    this.settings = settings;
    this.filter = filter;
    this.interpretedFilter = interpretedFilter;
    this.steps = List.copyOf(steps);
    this.selected = selected;
    this.dense = dense;
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
    IrTranslator translator = new IrTranslator(input, settings.zone());
    List<Ir> selected = new ArrayList<>();
    List<Ir> dense = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Expression column : columns) {
      Expression value = column instanceof Alias alias ? alias.child() : column;
      Optional<Ir> ir = settings.compiles() ? translator.translate(value) : Optional.empty();
      if (value instanceof Attribute attribute) {
        steps.add(
            new Step.PassThrough(ordinal(attribute, input), ir.isPresent() ? selected.size() : -1));
        ir.ifPresent(selected::add);
      } else if (ir.isPresent()) {
        steps.add(new Step.Compiled(selected.size(), dense.size()));
        selected.add(ir.get());
        dense.add(ir.get());
      } else {
        steps.add(uncompiled(value, input, settings));
      }
    }
    Optional<Ir> predicate =
        filter == null || !settings.compiles() ? Optional.empty() : translator.translate(filter);
    boolean interpretsFilter = filter != null && predicate.isEmpty();
    return new Transform(
        schema,
        input,
        settings,
        predicate.map(ir -> KernelCache.filter(settings.mode(), ir)).orElse(null),
        interpretsFilter ? filter : null,
        steps,
        filter == null || selected.isEmpty()
            ? null
            : KernelCache.project(settings.mode(), selected),
        dense.isEmpty() ? null : KernelCache.project(settings.mode(), dense));
  }

  private static Step uncompiled(Expression value, List<Attribute> input, KernelSettings settings) {
    SplitKernel split = settings.compiles() ? SplitKernel.of(value) : null;
    return split == null
        ? new Step.Interpreted(value)
        : new Step.Split(ordinal((Attribute) value.children().getFirst(), input), split);
  }

  private static int ordinal(Attribute attribute, List<Attribute> input) {
    for (int i = 0; i < input.size(); i++) {
      if (input.get(i).id() == attribute.id()) {
        return i;
      }
    }
    throw new IllegalStateException(
        "column must be among the input: column=" + attribute.name() + ", input=" + input);
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

  List<Attribute> input() {
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
    return filter != null || interpretedFilter != null;
  }

  List<Step> steps() {
    return steps;
  }

  @Nullable ProjectKernel selected() {
    return selected;
  }

  @Nullable ProjectKernel dense() {
    return dense;
  }
}
