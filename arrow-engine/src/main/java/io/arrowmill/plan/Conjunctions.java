package io.arrowmill.plan;

import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions as lists of what must hold together. */
public final class Conjunctions {
  private Conjunctions() {}

  /** The parts of a condition, none of which is an AND; no parts if there is no condition. */
  public static List<Expression> split(@Nullable Expression condition) {
    List<Expression> parts = new ArrayList<>();
    if (condition != null) {
      split(condition, parts);
    }
    return parts;
  }

  private static void split(Expression condition, List<Expression> parts) {
    if (condition instanceof Call call && call.name().equals("and")) {
      call.arguments().forEach(part -> split(part, parts));
    } else {
      parts.add(condition);
    }
  }

  /** All parts together, or null if there are none. */
  public static @Nullable Expression join(List<Expression> parts) {
    Expression all = null;
    for (Expression part : parts) {
      all =
          all == null
              ? part
              : new Call(
                  "and", List.of(all, part), DataTypes.BOOLEAN, all.nullable() || part.nullable());
    }
    return all;
  }

  /** The plan filtered by all parts; the plan itself if there are none. */
  public static LogicalPlan filter(List<Expression> parts, LogicalPlan plan) {
    Expression condition = join(parts);
    return condition == null ? plan : new Filter(condition, plan);
  }

  /** What the projected columns are made of, by id; plain columns are left out. */
  public static Map<Long, Expression> definitions(List<Expression> columns) {
    Map<Long, Expression> byId = new HashMap<>();
    for (Expression column : columns) {
      if (column instanceof Alias alias) {
        byId.put(alias.id(), alias.child());
      }
    }
    return byId;
  }

  /** The expression with columns replaced by what they are made of. */
  public static Expression inline(Expression expression, Map<Long, Expression> definitions) {
    return expression.transformUp(node ->
        node instanceof Attribute attribute
            ? definitions.getOrDefault(attribute.id(), attribute)
            : node);
  }
}
