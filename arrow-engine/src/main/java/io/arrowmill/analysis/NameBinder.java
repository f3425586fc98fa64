package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds names to columns and expands stars, leaving function calls as they are.
 *
 * <p>With a hidden scope (what lies below a projection or aggregate) names that the visible one
 * lacks are looked up there, and those inside aggregate functions there first.
 */
final class NameBinder {
  private static final Set<String> CONSTANTS =
      Set.of("current_date", "current_timestamp", "now", "curdate");

  private final Scope visible;
  private final @Nullable Scope hidden;

  NameBinder(Scope visible) {
    this(visible, null);
  }

  NameBinder(Scope visible, @Nullable Scope hidden) {
    this.visible = visible;
    this.hidden = hidden;
  }

  /** The output columns of a projection: stars expanded, everything resolved and named. */
  List<Expression> columns(List<Expression> columns) {
    List<Expression> named = new ArrayList<>();
    for (Expression column : columns) {
      if (column instanceof UnresolvedStar star) {
        named.addAll(expand(star));
        continue;
      }
      Expression bound = bind(column);
      named.add(ExpressionResolver.named(column, bound, ExpressionResolver.resolve(bound)));
    }
    return named;
  }

  /** The expression bound and resolved. */
  Expression resolve(Expression expression) {
    return ExpressionResolver.resolve(bind(expression));
  }

  private Expression bind(Expression expression) {
    return bind(expression, visible, hidden);
  }

  private Expression bind(Expression expression, Scope first, @Nullable Scope second) {
    if (expression.resolved()) {
      return expression;
    }
    return switch (expression) {
      case UnresolvedAttribute attribute -> column(attribute, first, second);
      case UnresolvedStar star ->
          throw Errors.of(
              "INVALID_USAGE_OF_STAR_OR_REGEX",
              "a star must be a column of a selection or an argument: expression=" + star.sql());
      case UnresolvedFunction function -> function(function, first, second);
      case Over(UnresolvedFunction function, WindowDefinition window) -> {
        // Bound apart, for a star may stand among the arguments.
        Over bare = new Over(UnresolvedFunction.of(function.name()), window);
        Over bound = (Over) withChildren(bare, first, second);
        yield new Over(function(function, first, second), bound.window());
      }
      default -> withChildren(expression, first, second);
    };
  }

  private Expression withChildren(Expression expression, Scope first, @Nullable Scope second) {
    List<Expression> children = new ArrayList<>();
    for (Expression child : expression.children()) {
      children.add(bind(child, first, second));
    }
    return expression.withChildren(children);
  }

  private Expression column(UnresolvedAttribute attribute, Scope first, @Nullable Scope second) {
    Expression found = first.resolve(attribute.parts());
    if (found == null && second != null) {
      found = second.resolve(attribute.parts());
    }
    if (found != null) {
      return found;
    }
    String name = attribute.parts().getFirst().toLowerCase(Locale.ROOT);
    if (attribute.parts().size() == 1 && CONSTANTS.contains(name)) {
      return UnresolvedFunction.of(name);
    }
    List<String> known = new ArrayList<>(first.names());
    if (second != null) {
      known.addAll(second.names());
    }
    throw Errors.unresolvedColumn(String.join(".", attribute.parts()), known);
  }

  private UnresolvedFunction function(
      UnresolvedFunction function, Scope first, @Nullable Scope second) {
    boolean aggregate = FunctionRegistry.isAggregate(function.name().toLowerCase(Locale.ROOT));
    Scope primary = aggregate && second != null ? second : first;
    Scope secondary = aggregate && second != null ? first : second;
    List<Expression> arguments = new ArrayList<>();
    for (Expression argument : function.arguments()) {
      if (argument instanceof UnresolvedStar star) {
        boolean all = function.name().equals("count") && star.qualifier().isEmpty();
        if (all && !function.distinct()) {
          arguments.add(new Literal(1, DataTypes.INTEGER));
        } else {
          arguments.addAll(expand(star));
        }
      } else {
        arguments.add(bind(argument, primary, secondary));
      }
    }
    Expression filter = function.filter();
    return new UnresolvedFunction(
        function.name(),
        arguments,
        function.distinct(),
        filter == null ? null : bind(filter, primary, secondary));
  }

  private List<? extends Expression> expand(UnresolvedStar star) {
    List<Attribute> columns = visible.star(star.qualifier());
    if (!columns.isEmpty() || star.qualifier().isEmpty()) {
      return columns;
    }
    Expression struct = visible.resolve(star.qualifier());
    if (struct != null && struct.type() instanceof StructType type) {
      List<Expression> fields = new ArrayList<>();
      for (String field : type.fieldNames()) {
        fields.add(Alias.of(Scope.field(struct, field), field));
      }
      return fields;
    }
    throw Errors.of(
        "CANNOT_RESOLVE_STAR_EXPAND",
        "the name before a star must be a table, an alias or a struct column: name="
            + String.join(".", star.qualifier())
            + ", columns="
            + visible.names());
  }
}
