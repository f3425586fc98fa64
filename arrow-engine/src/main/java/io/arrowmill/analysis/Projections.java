package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.List;

/** Projections, with the aggregates, generators and windows that may stand in them. */
final class Projections {
  private Projections() {}

  /** A projection of resolved, named columns. */
  static LogicalPlan of(List<Expression> columns, LogicalPlan child) {
    if (anyContains(columns, AggregateCall.class)) {
      return AggregateBuilder.build(List.of(), columns, child);
    }
    if (anyContains(columns, GeneratorCall.class)) {
      return generate(columns, child);
    }
    List<TimeWindow> windows = TimeWindows.among(columns);
    if (windows.isEmpty()) {
      return new Project(columns, child);
    }
    TimeWindow window = windows.getFirst();
    TimeWindows.Expanded expanded = TimeWindows.expand(window, child);
    return new Project(
        columns.stream()
            .map(column -> TimeWindows.replace(column, window, expanded.struct()))
            .toList(),
        expanded.child());
  }

  private static boolean anyContains(List<Expression> columns, Class<? extends Expression> kind) {
    return columns.stream().anyMatch(column -> PlanExpressions.contains(column, kind::isInstance));
  }

  private static LogicalPlan generate(List<Expression> columns, LogicalPlan child) {
    Generate generate = null;
    List<Expression> outputs = new ArrayList<>();
    for (Expression column : columns) {
      if (!PlanExpressions.contains(column, GeneratorCall.class::isInstance)) {
        outputs.add(column);
        continue;
      }
      if (generate != null) {
        throw Errors.of(
            "UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
            "a selection must have at most one generator: expressions="
                + Errors.texts(List.of(generate.generator(), column))
                + "; use the others in a selection of their own");
      }
      if (!(column instanceof Alias alias) || !(alias.child() instanceof GeneratorCall call)) {
        throw nested(column);
      }
      if (PlanExpressions.contains(call.argument(), GeneratorCall.class::isInstance)) {
        throw nested(column);
      }
      generate = new Generate(call, generated(alias, call), child);
      outputs.addAll(generate.generated());
    }
    if (generate == null) {
      throw new IllegalStateException("no generator among " + Errors.texts(columns));
    }
    List<TimeWindow> windows = TimeWindows.among(outputs);
    return windows.isEmpty() ? new Project(outputs, generate) : of(outputs, generate);
  }

  private static RuntimeException nested(Expression column) {
    return Errors.of(
        "UNSUPPORTED_GENERATOR.NESTED_EXPRESSIONS",
        "a generator must be a column of its own: expression="
            + column.sql()
            + "; compute with its result in a selection above");
  }

  /** The generator's columns; an alias that the query gave names a single one. */
  private static List<Attribute> generated(Alias alias, GeneratorCall call) {
    List<StructField> fields = call.elementSchema().fields();
    List<Attribute> generated = new ArrayList<>();
    boolean unnamed = alias.name().startsWith(call.name()) && alias.name().endsWith(")");
    if (fields.size() > 1 && !unnamed) {
      throw Errors.of(
          "UDTF_ALIAS_NUMBER_MISMATCH",
          "a generator of several columns can't be given one name: expression="
              + alias.sql()
              + ", columns="
              + fields.stream().map(StructField::name).toList()
              + "; leave the alias out and rename its columns");
    }
    for (StructField field : fields) {
      String name = fields.size() == 1 && !unnamed ? alias.name() : field.name();
      generated.add(Attribute.of(name, field.type(), field.nullable()));
    }
    return generated;
  }

  /** The projection that adding or replacing columns means. */
  static Project withColumns(WithColumns with, AnalysisConf conf) {
    for (int i = 0; i < with.columns().size(); i++) {
      for (int j = i + 1; j < with.columns().size(); j++) {
        if (conf.sameName(with.columns().get(i).name(), with.columns().get(j).name())) {
          throw Errors.of(
              "COLUMN_ALREADY_EXISTS",
              "columns added together must have different names: name="
                  + with.columns().get(i).name());
        }
      }
    }
    List<Expression> columns = new ArrayList<>();
    List<Alias> added = new ArrayList<>(with.columns());
    for (Attribute column : with.child().output()) {
      Expression kept = column;
      for (Alias alias : with.columns()) {
        if (conf.sameName(alias.name(), column.name())) {
          kept = alias;
          added.remove(alias);
        }
      }
      columns.add(kept);
    }
    columns.addAll(added);
    return new Project(columns, with.child());
  }
}
