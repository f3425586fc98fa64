package io.arrowmill.plan;

import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.NamedColumns;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions as SQL-like text, in the form Spark names unaliased columns: {@code (a + 1)}.
 */
final class ExpressionText {
  private static final Set<String> INFIX =
      Set.of(
          "+", "-", "*", "/", "%", "=", "<=>", "!=", "<", "<=", ">", ">=", "and", "or", "&", "|",
          "^", "div");

  private ExpressionText() {}

  static String of(Expression expression) {
    return switch (expression) {
      case UnresolvedAttribute attribute -> String.join(".", attribute.parts());
      case UnresolvedStar star ->
          star.qualifier().isEmpty() ? "*" : String.join(".", star.qualifier()) + ".*";
      case UnresolvedFunction call ->
          call(call.name(), call.arguments(), call.distinct()) + filter(call.filter());
      case Attribute attribute -> attribute.name();
      case Literal literal -> literal(literal);
      case Alias alias -> alias.child().sql() + " AS " + alias.name();
      case NamedColumns columns ->
          columns.names().isEmpty()
              ? columns.child().sql()
              : columns.child().sql() + " AS (" + String.join(", ", columns.names()) + ")";
      case Cast cast ->
          (cast.tryMode() ? "TRY_CAST(" : "CAST(")
              + cast.child().sql()
              + " AS "
              + cast.type().sql()
              + ")";
      case CaseWhen caseWhen -> caseWhen(caseWhen);
      case Call call -> call(call.name(), call.arguments(), false);
      case GetField get -> get.child().sql() + "." + get.field().name();
      case TimeWindow ignored -> "window";
      case SortOrder order ->
          order.child().sql()
              + (order.ascending() ? " ASC" : " DESC")
              + (order.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
      case AggregateCall call ->
          (call.name().equals("count") && call.arguments().isEmpty() ? "count(1)" : aggregate(call))
              + filter(call.filter());
      case Over over -> over.function().sql() + " OVER " + over.window().sql();
      case GeneratorCall call ->
          call.name() + (call.outer() ? "_outer(" : "(") + call.argument().sql() + ")";
    };
  }

  private static String aggregate(AggregateCall call) {
    String name = call.name();
    return name.endsWith(AggregateCall.PRESENT)
        ? call(
                name.substring(0, name.length() - AggregateCall.PRESENT.length()),
                call.arguments(),
                call.distinct())
            + " IGNORE NULLS"
        : call(name, call.arguments(), call.distinct());
  }

  private static String call(String name, List<Expression> arguments, boolean distinct) {
    if (INFIX.contains(name) && arguments.size() == 2) {
      String operator =
          switch (name) {
            case "and", "or" -> name.toUpperCase(java.util.Locale.ROOT);
            default -> name;
          };
      return "(" + arguments.get(0).sql() + " " + operator + " " + arguments.get(1).sql() + ")";
    }
    return switch (name) {
      case "negative" -> "(- " + arguments.getFirst().sql() + ")";
      case "not" -> "(NOT " + arguments.getFirst().sql() + ")";
      case "isnull" -> "(" + arguments.getFirst().sql() + " IS NULL)";
      case "isnotnull" -> "(" + arguments.getFirst().sql() + " IS NOT NULL)";
      case "like" -> arguments.get(0).sql() + " LIKE " + arguments.get(1).sql();
      case "in" ->
          "("
              + arguments.getFirst().sql()
              + " IN "
              + list(arguments.subList(1, arguments.size()), "")
              + ")";
      case "getitem" -> arguments.get(0).sql() + "[" + arguments.get(1).sql() + "]";
      default -> name + list(arguments, distinct ? "DISTINCT " : "");
    };
  }

  private static String list(List<Expression> arguments, String prefix) {
    return arguments.stream()
        .map(Expression::sql)
        .collect(Collectors.joining(", ", "(" + prefix, ")"));
  }

  private static String filter(@Nullable Expression filter) {
    return filter == null ? "" : " FILTER (WHERE " + filter.sql() + ")";
  }

  private static String caseWhen(CaseWhen caseWhen) {
    StringBuilder out = new StringBuilder("CASE");
    for (CaseWhen.Branch branch : caseWhen.branches()) {
      out.append(" WHEN ").append(branch.condition().sql());
      out.append(" THEN ").append(branch.value().sql());
    }
    if (caseWhen.otherwise() != null) {
      out.append(" ELSE ").append(caseWhen.otherwise().sql());
    }
    return out.append(" END").toString();
  }

  private static String literal(Literal literal) {
    Object value = literal.value();
    if (value == null) {
      return "NULL";
    }
    if (value instanceof byte[] bytes) {
      return "X'" + java.util.HexFormat.of().withUpperCase().formatHex(bytes) + "'";
    }
    return String.valueOf(value);
  }
}
