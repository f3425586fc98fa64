package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.NamedColumns;
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
    if (columns.stream().anyMatch(OverCalls::isIn)) {
      return withTimeWindows(columns, child);
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

  /** Functions over windows may read event-time windows, which are made below them. */
  private static LogicalPlan withTimeWindows(List<Expression> columns, LogicalPlan child) {
    List<TimeWindow> windows = TimeWindows.among(columns);
    if (windows.isEmpty()) {
      return OverBuilder.build(columns, child);
    }
    TimeWindow window = windows.getFirst();
    TimeWindows.Expanded expanded = TimeWindows.expand(window, child);
    return OverBuilder.build(
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
      GeneratorCall call = generator(column);
      if (PlanExpressions.contains(call.argument(), GeneratorCall.class::isInstance)) {
        throw nested(column);
      }
      generate = new Generate(call, generated(column, call), child);
      outputs.addAll(generate.generated());
    }
    if (generate == null) {
      throw new IllegalStateException("no generator among " + Errors.texts(columns));
    }
    boolean plain = TimeWindows.among(outputs).isEmpty();
    plain &= outputs.stream().noneMatch(OverCalls::isIn);
    return plain ? new Project(outputs, generate) : of(outputs, generate);
  }

  /** Refuses an expression with a generator where there can't be one. */
  static void requireNoGenerator(Expression expression) {
    if (PlanExpressions.contains(expression, GeneratorCall.class::isInstance)) {
      throw nested(expression);
    }
  }

  static RuntimeException nested(Expression column) {
    return Errors.of(
        "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
        "a generator must be a column of its own: expression="
            + column.sql()
            + "; compute with its result in a selection above");
  }

  private static GeneratorCall generator(Expression column) {
    Expression child =
        switch (column) {
          case Alias alias -> alias.child();
          case NamedColumns columns -> columns.child();
          default -> column;
        };
    if (child instanceof GeneratorCall call) {
      return call;
    }
    throw nested(column);
  }

  /** The generator's columns, under the names that the query gives them, if it does. */
  private static List<Attribute> generated(Expression column, GeneratorCall call) {
    List<String> names =
        switch (column) {
          case Alias alias -> List.of(alias.name());
          case NamedColumns columns -> columns.names();
          default -> List.of();
        };
    List<StructField> fields = call.elementSchema().fields();
    if (!names.isEmpty() && names.size() != fields.size()) {
      throw Errors.of(
          "UDTF_ALIAS_NUMBER_MISMATCH",
          "a generator's columns must be given one name each, or none: expression="
              + column.sql()
              + ", columns="
              + fields.stream().map(StructField::name).toList()
              + ", names="
              + names
              + "; write AS ("
              + String.join(", ", fields.stream().map(StructField::name).toList())
              + ")");
    }
    List<Attribute> generated = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      StructField field = fields.get(i);
      String name = names.isEmpty() ? field.name() : names.get(i);
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
