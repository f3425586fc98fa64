package io.arrowmill.kernel;

import io.arrowmill.codegen.compile.KernelCompiler;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.kernel.Transform.Place;
import io.arrowmill.kernel.Transform.Step;
import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides which kernel computes which column of a {@link Transform}, and compiles them. */
final class TransformCompiler {
  private final List<Attribute> input;

  /** Where a column is in the input, by its id. */
  private final Map<Long, Integer> ordinals = new HashMap<>();

  private final KernelSettings settings;
  private final List<@Nullable Ir> translated = new ArrayList<>();
  private final List<Ir> fusedColumns = new ArrayList<>();
  private final List<Ir> selectedColumns = new ArrayList<>();
  private final List<Ir> denseColumns = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final @Nullable Expression filter;
  private final @Nullable Ir predicate;

  TransformCompiler(
      @Nullable Expression filter,
      List<? extends Expression> columns,
      List<Attribute> input,
      KernelSettings settings) {
    this.filter = filter;
    this.input = input;
    for (int i = 0; i < input.size(); i++) {
      ordinals.putIfAbsent(input.get(i).id(), i);
    }
    this.settings = settings;
    IrTranslator translator = new IrTranslator(input, settings.zone());
    this.predicate =
        filter == null || !settings.compiles() ? null : translator.translate(filter).orElse(null);
    for (Expression column : columns) {
      translated.add(settings.compiles() ? translator.translate(column).orElse(null) : null);
    }
    for (int i = 0; i < columns.size(); i++) {
      Expression column = columns.get(i);
      steps.add(step(column instanceof Alias alias ? alias.child() : column, translated.get(i)));
    }
  }

  private Step step(Expression value, @Nullable Ir ir) {
    if (value instanceof Attribute attribute) {
      return new Step.PassThrough(ordinal(attribute), ir == null ? Place.NONE : place(ir));
    }
    if (ir != null) {
      denseColumns.add(ir);
      return new Step.Compiled(place(ir), denseColumns.size() - 1);
    }
    SplitKernel split = settings.compiles() ? SplitKernel.of(value) : null;
    return split == null
        ? new Step.Interpreted(value)
        : new Step.Split(ordinal((Attribute) value.children().getFirst()), split);
  }

  private Place place(Ir column) {
    if (filter == null) {
      return Place.NONE;
    }
    if (predicate != null) {
      fusedColumns.add(column);
      if (new KernelCompiler(settings.mode(), settings.lanes()).fuses(predicate, fusedColumns)) {
        return new Place(fusedColumns.size() - 1, -1);
      }
      fusedColumns.removeLast();
    }
    selectedColumns.add(column);
    return new Place(-1, selectedColumns.size() - 1);
  }

  private int ordinal(Attribute attribute) {
    Integer ordinal = ordinals.get(attribute.id());
    if (ordinal == null) {
      throw new IllegalStateException(
          "column must be among the input: column=" + attribute.name() + ", input=" + input);
    }
    return ordinal;
  }

  List<Step> steps() {
    return steps;
  }

  /** Null if there is no filter, it is interpreted, or part of the fused kernel. */
  @Nullable FilterKernel filter() {
    return predicate == null || !fusedColumns.isEmpty()
        ? null
        : KernelCache.filter(settings, predicate);
  }

  @Nullable Expression interpretedFilter() {
    return predicate == null ? filter : null;
  }

  /** Positions of the columns that the filter is no more than tests for null of, else none. */
  int[] columnsTestedForNull() {
    List<Expression> parts = Conjunctions.split(filter);
    boolean only =
        parts.stream()
            .allMatch(part ->
                part instanceof Call call
                    && call.name().equals("isnotnull")
                    && call.arguments().getFirst() instanceof Attribute);
    return only
        ? parts.stream().mapToInt(part -> ordinal((Attribute) part.children().getFirst())).toArray()
        : new int[0];
  }

  @Nullable FilterProjectKernel fused() {
    return predicate == null || fusedColumns.isEmpty()
        ? null
        : KernelCache.filterProject(settings, predicate, fusedColumns);
  }

  @Nullable ProjectKernel selected() {
    return selectedColumns.isEmpty() ? null : KernelCache.project(settings, selectedColumns);
  }

  @Nullable ProjectKernel dense() {
    return denseColumns.isEmpty() ? null : KernelCache.project(settings, denseColumns);
  }
}
