package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.CaseWhen.Branch;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.NamedColumns;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Gives bound expressions their functions and types. Stateless. */
final class ExpressionResolver {
  private ExpressionResolver() {}

  /**
   * The expression with every call resolved and every operand converted; its names must be bound.
   */
  static Expression resolve(Expression bound) {
    return bound.transformUp(ExpressionResolver::node);
  }

  private static Expression node(Expression expression) {
    return switch (expression) {
      case UnresolvedFunction function -> function(function);
      case CaseWhen caseWhen -> caseWhen(caseWhen);
      case Cast cast -> cast(cast);
      case Over over -> OverCalls.resolve(over);
      case SortOrder order -> {
        Param.ORDERABLE.coerce("sort order", 1, order.child());
        yield order;
      }
      default -> expression;
    };
  }

  /** The call of a function that stands over a window; its operands are resolved. */
  static AggregateCall overWindow(UnresolvedFunction function) {
    String name = function.name().toLowerCase(Locale.ROOT);
    Definition definition = Objects.requireNonNull(FunctionRegistry.find(name));
    AggregateCall call = (AggregateCall) resolve(definition.apply(arguments(name, function)));
    return withFilter(call, function);
  }

  private static List<Expression> arguments(String name, UnresolvedFunction function) {
    return name.equals("struct")
        ? function.arguments()
        : function.arguments().stream().map(ExpressionResolver::withoutAlias).toList();
  }

  private static Expression function(UnresolvedFunction function) {
    String name = function.name().toLowerCase(Locale.ROOT);
    if (WindowFunctions.is(name)) {
      throw Errors.of(
          "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
          "function must stand over a window: expression="
              + function.sql()
              + "; write OVER (PARTITION BY ... ORDER BY ...) behind it");
    }
    List<Expression> arguments = arguments(name, function);
    if (arguments.stream().anyMatch(GeneratorCall.class::isInstance)) {
      throw Projections.nested(function);
    }
    Expression result;
    if (Generators.NAMES.contains(name)) {
      result = Generators.resolve(name, arguments);
    } else if (name.equals("window")) {
      result = TimeWindows.resolve(arguments);
    } else if (name.equals(SessionWindows.NAME)) {
      result = SessionWindows.resolve(arguments);
    } else if (name.equals("window_time")) {
      result = TimeWindows.windowTime(arguments);
    } else {
      Definition definition = FunctionRegistry.find(name);
      if (definition == null) {
        throw FunctionRegistry.unknown(name);
      }
      boolean tuples = name.equals("count") && function.distinct() && arguments.size() > 1;
      result = resolve(definition.apply(tuples ? List.of(tuple(arguments)) : arguments));
    }
    return result instanceof AggregateCall call
        ? aggregate(call, function)
        : scalar(result, function);
  }

  /** Several values as one that {@code count(DISTINCT a, b)} can take; null if one of them is. */
  private static Expression tuple(List<Expression> values) {
    List<Expression> parts = new ArrayList<>();
    List<StructField> fields = new ArrayList<>();
    Expression present = Literal.TRUE;
    for (Expression value : values) {
      String name = "c" + fields.size();
      parts.add(new Literal(name, DataTypes.STRING));
      parts.add(value);
      fields.add(new StructField(name, value.type(), value.nullable()));
      Call isPresent = new Call("isnotnull", List.of(value), DataTypes.BOOLEAN, false);
      present = new Call("and", List.of(present, isPresent), DataTypes.BOOLEAN, false);
    }
    Call struct = new Call("named_struct", parts, StructType.of(fields), false);
    return new CaseWhen(List.of(new Branch(present, struct)), null);
  }

  private static Expression withoutAlias(Expression expression) {
    return expression instanceof Alias alias ? alias.child() : expression;
  }

  private static Expression scalar(Expression result, UnresolvedFunction function) {
    if (function.distinct() || function.filter() != null) {
      throw Errors.of(
          "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
          "DISTINCT and FILTER belong to aggregate functions only: function=" + function.name());
    }
    return result;
  }

  private static Expression aggregate(AggregateCall call, UnresolvedFunction function) {
    for (Expression argument : function.arguments()) {
      if (PlanExpressions.contains(argument, AggregateCall.class::isInstance)) {
        throw Errors.of(
            "NESTED_AGGREGATE_FUNCTION",
            "an aggregate function must not be inside another: expression="
                + function.sql()
                + "; aggregate in a subquery first");
      }
      if (OverCalls.isIn(argument)) {
        throw Errors.of(
            "_LEGACY_ERROR_TEMP_1031",
            "a function over a window must not be inside an aggregate function: expression="
                + function.sql()
                + "; select it in a subquery first");
      }
    }
    return withFilter(call, function);
  }

  private static AggregateCall withFilter(AggregateCall call, UnresolvedFunction function) {
    Expression filter = function.filter();
    if (filter != null && !filter.type().isOneOf(DataTypes.BOOLEAN, DataTypes.NULL)) {
      throw Errors.conditionNotBoolean("FILTER", filter);
    }
    return new AggregateCall(
        call.name(), call.arguments(), function.distinct(), filter, call.type(), call.nullable());
  }

  private static Expression caseWhen(CaseWhen caseWhen) {
    List<Expression> values = new ArrayList<>();
    for (Branch branch : caseWhen.branches()) {
      DataType type = branch.condition().type();
      if (!type.isOneOf(DataTypes.BOOLEAN, DataTypes.NULL)) {
        throw Errors.conditionNotBoolean("CASE WHEN", branch.condition());
      }
      values.add(branch.value());
    }
    Expression otherwise = caseWhen.otherwise();
    if (otherwise != null) {
      values.add(otherwise);
    }
    DataType common = Coercion.common(values);
    if (common == null) {
      throw Errors.differentTypes("CASE WHEN", values);
    }
    List<Branch> branches = new ArrayList<>();
    for (Branch branch : caseWhen.branches()) {
      branches.add(
          new Branch(
              Casts.cast(branch.condition(), DataTypes.BOOLEAN),
              Casts.toCommon(branch.value(), common)));
    }
    CaseWhen typed =
        new CaseWhen(branches, otherwise == null ? null : Casts.toCommon(otherwise, common));
    return typed.equals(caseWhen) ? caseWhen : typed;
  }

  private static Expression cast(Cast cast) {
    if (!Casts.allowed(cast.child().type(), cast.type())) {
      throw Errors.badCast(cast);
    }
    if (cast.type().equals(DataTypes.BINARY)
        && cast.child() instanceof Cast text
        && text.child().type().equals(DataTypes.BINARY)) {
      return text.child(); // the same bytes, also where they are no UTF-8
    }
    return cast.child().type().equals(cast.type()) ? cast.child() : cast;
  }

  /**
   * The column that a bound and resolved output expression gives, under the name Spark gives it.
   */
  static Expression named(Expression original, Expression bound, Expression resolved) {
    if (resolved instanceof Attribute || resolved instanceof Alias) {
      return resolved instanceof Alias alias && alias.child() instanceof Alias inner
          ? new Alias(inner.child(), alias.name(), alias.id())
          : resolved;
    }
    if (resolved instanceof GeneratorCall generator) {
      return new NamedColumns(generator, List.of());
    }
    if (resolved instanceof NamedColumns columns) {
      if (columns.child() instanceof GeneratorCall) {
        return columns;
      }
      throw Errors.of(
          "MULTI_ALIAS_WITHOUT_GENERATOR",
          "a list of names must follow a generator such as explode: expression="
              + columns.child().sql()
              + ", names="
              + columns.names()
              + "; give a single name");
    }
    return Alias.of(resolved, ColumnNames.of(original, bound));
  }
}
