package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unions: lines the inputs' columns up by position and brings them to common types. */
final class Unions {
  private Unions() {}

  static boolean isResolved(Union union) {
    if (union.byName() || union.output().isEmpty()) {
      return false;
    }
    for (LogicalPlan child : union.children()) {
      List<Attribute> columns = child.output();
      if (columns.size() != union.output().size()) {
        return false;
      }
      for (int i = 0; i < columns.size(); i++) {
        if (!Casts.sameValues(columns.get(i).type(), union.output().get(i).type())) {
          return false;
        }
      }
    }
    return true;
  }

  static LogicalPlan resolve(Union union, AnalysisConf conf) {
    if (isResolved(union)) {
      return union;
    }
    List<LogicalPlan> inputs =
        union.byName() ? byName(union.children(), union.allowMissing(), conf) : union.children();
    List<DataType> types = commonTypes(inputs);
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan input : inputs) {
      children.add(castTo(input, types));
    }
    List<Attribute> output = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      boolean nullable = false;
      for (LogicalPlan child : children) {
        nullable |= child.output().get(i).nullable();
      }
      // The first input says whether a column is the event time, and how late its rows may be.
      long delay = children.getFirst().output().get(i).eventTimeDelayMicros();
      String name = inputs.getFirst().output().get(i).name();
      output.add(new Attribute(Expression.newId(), name, types.get(i), nullable, delay));
    }
    return new Union(children, output, false, false);
  }

  private static List<DataType> commonTypes(List<LogicalPlan> inputs) {
    List<Attribute> first = inputs.getFirst().output();
    List<DataType> types = new ArrayList<>(first.stream().map(Attribute::type).toList());
    for (int input = 1; input < inputs.size(); input++) {
      List<Attribute> columns = inputs.get(input).output();
      if (columns.size() != types.size()) {
        throw Errors.of(
            "NUM_COLUMNS_MISMATCH",
            "inputs of a union must have equally many columns: first="
                + types.size()
                + ", input="
                + (input + 1)
                + ", columns="
                + columns.size()
                + "; select the same columns, or use unionByName");
      }
      for (int i = 0; i < types.size(); i++) {
        DataType common = Coercion.common(types.get(i), columns.get(i).type());
        if (common == null) {
          throw Errors.of(
              "INCOMPATIBLE_COLUMN_TYPE",
              "columns of a union must have common types: column="
                  + first.get(i).name()
                  + ", position="
                  + (i + 1)
                  + ", first="
                  + types.get(i).sql()
                  + ", input="
                  + (input + 1)
                  + ", type="
                  + columns.get(i).type().sql()
                  + "; cast one of them");
        }
        types.set(i, common);
      }
    }
    return types;
  }

  private static LogicalPlan castTo(LogicalPlan input, List<DataType> types) {
    List<Expression> columns = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < types.size(); i++) {
      Attribute column = input.output().get(i);
      if (Casts.sameValues(column.type(), types.get(i))) {
        columns.add(column);
      } else {
        columns.add(Alias.of(Casts.cast(column, types.get(i)), column.name()));
        changed = true;
      }
    }
    return changed ? new Project(columns, input) : input;
  }

  private static List<LogicalPlan> byName(
      List<LogicalPlan> inputs, boolean allowMissing, AnalysisConf conf) {
    List<Attribute> wanted = new ArrayList<>(inputs.getFirst().output());
    for (LogicalPlan input : inputs.subList(1, inputs.size())) {
      for (Attribute column : input.output()) {
        if (find(wanted, column.name(), conf) == null) {
          if (!allowMissing) {
            throw missing(column.name(), inputs.getFirst());
          }
          wanted.add(column);
        }
      }
    }
    List<LogicalPlan> ordered = new ArrayList<>();
    for (LogicalPlan input : inputs) {
      List<Expression> columns = new ArrayList<>();
      for (Attribute column : wanted) {
        Attribute found = find(input.output(), column.name(), conf);
        if (found != null) {
          columns.add(found);
        } else if (allowMissing) {
          columns.add(Alias.of(new Literal(null, DataTypes.NULL), column.name()));
        } else {
          throw missing(column.name(), input);
        }
      }
      ordered.add(columns.equals(input.output()) ? input : new Project(columns, input));
    }
    return ordered;
  }

  private static @Nullable Attribute find(List<Attribute> columns, String name, AnalysisConf conf) {
    for (Attribute column : columns) {
      if (conf.sameName(column.name(), name)) {
        return column;
      }
    }
    return null;
  }

  private static RuntimeException missing(String name, LogicalPlan input) {
    return Errors.unresolvedColumn(name, input.output().stream().map(Attribute::name).toList());
  }
}
