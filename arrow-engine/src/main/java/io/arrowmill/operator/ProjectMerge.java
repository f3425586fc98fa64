package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one projection of a projection of structs and one that only takes fields out of these, as
 * {@code window.start} does of a window: the structs need not be made.
 */
final class ProjectMerge {
  private ProjectMerge() {}

  /** The plan, or one that gives the same without the structs. */
  static FilterProjectPlan merge(FilterProjectPlan upper) {
    if (upper.filter() != null
        || !(upper.input() instanceof FilterProjectPlan lower)
        || lower.filter() != null) {
      return upper;
    }
    Map<Long, Expression> definitions = new HashMap<>();
    boolean makesStructs = false;
    for (Expression column : lower.columns()) {
      if (column instanceof Alias alias) {
        definitions.put(alias.id(), alias.child());
        makesStructs |= fields(alias.child()) != null;
      } else if (!(column instanceof Attribute)) {
        return upper;
      }
    }
    if (!makesStructs) {
      return upper;
    }
    List<Expression> columns = new ArrayList<>();
    for (Expression column : upper.columns()) {
      Expression taken = renamed(column, definitions);
      taken = taken.transformUp(node -> takeField(node, definitions));
      if (reads(taken, definitions)) {
        return upper;
      }
      columns.add(taken);
    }
    return new FilterProjectPlan(null, columns, upper.output(), lower.input());
  }

  /** Columns that the lower projection only gives another name are read under their own. */
  private static Expression renamed(Expression column, Map<Long, Expression> definitions) {
    if (column instanceof Attribute own) {
      return definitions.get(own.id()) instanceof Attribute source
          ? new Alias(source, own.name(), own.id())
          : own;
    }
    return column.transformUp(node ->
        node instanceof Attribute name && definitions.get(name.id()) instanceof Attribute source
            ? source
            : node);
  }

  private static Expression takeField(Expression node, Map<Long, Expression> definitions) {
    if (node instanceof GetField field && field.child() instanceof Attribute struct) {
      List<Expression> fields = fields(definitions.get(struct.id()));
      return fields == null ? node : fields.get(field.ordinal());
    }
    return node;
  }

  /** The values of a struct that an expression makes, or null if it makes none. */
  private static @Nullable List<Expression> fields(@Nullable Expression value) {
    if (!(value instanceof Call call) || !call.name().equals("named_struct")) {
      return null;
    }
    List<Expression> fields = new ArrayList<>();
    for (int i = 1; i < call.arguments().size(); i += 2) {
      fields.add(call.arguments().get(i));
    }
    return fields;
  }

  /** Whether anything is left that the lower projection computes. */
  private static boolean reads(Expression value, Map<Long, Expression> definitions) {
    return (value instanceof Attribute column && definitions.containsKey(column.id()))
        || value.children().stream().anyMatch(child -> reads(child, definitions));
  }
}
