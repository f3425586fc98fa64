package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binds resolved scalar expressions to the columns of their input, to be evaluated a row at a time.
 */
public final class Interpreter {
  private static final FunctionTable FUNCTIONS = functions();

  private final Map<Long, Integer> ordinals = new HashMap<>();
  private final ZoneId zone;
  private final Instant now;

  private Interpreter(List<Attribute> input, ZoneId zone, Instant now) {
    for (int i = 0; i < input.size(); i++) {
      ordinals.putIfAbsent(input.get(i).id(), i);
    }
    this.zone = zone;
    this.now = now;
  }

  private static FunctionTable functions() {
    FunctionTable table = new FunctionTable();
    Arithmetic.register(table);
    Mathematics.register(table);
    Rounding.register(table);
    Bits.register(table);
    Predicates.register(table);
    Conditionals.register(table);
    Strings.register(table);
    StringSearch.register(table);
    Patterns.register(table);
    Dates.register(table);
    Timestamps.register(table);
    TimeFormats.register(table);
    Hashes.register(table);
    ArrayValues.register(table);
    ArraySets.register(table);
    Containers.register(table);
    Maps.register(table);
    Packing.register(table);
    return table;
  }

  /** Whether calls of the function of that canonical name can be evaluated. */
  public static boolean supports(String canonicalName) {
    return FUNCTIONS.contains(canonicalName);
  }

  /**
   * Binds with the time of this call as what {@code current_timestamp} gives; see {@link
   * #bind(Expression, List, ZoneId, Instant)}.
   */
  public static BoundExpression bind(
      Expression expression, List<Attribute> input, ZoneId sessionZone) {
    return bind(expression, input, sessionZone, Instant.now());
  }

  /**
   * Binds {@code expression} to rows of the columns {@code input}.
   *
   * @param now what {@code current_timestamp} gives: the time of the batch
   * @throws ArrowmillException with {@code UNSUPPORTED_EXPRESSION} if there is no way to evaluate
   *     it a row at a time
   */
  public static BoundExpression bind(
      Expression expression, List<Attribute> input, ZoneId sessionZone, Instant now) {
    return new BoundExpression(
        expression, new Interpreter(input, sessionZone, now).compile(expression));
  }

  private Evaluator compile(Expression expression) {
    return switch (expression) {
      case Literal literal -> {
        Object value = literal.value();
        yield row -> value;
      }
      case Attribute attribute -> {
        int ordinal = ordinal(attribute);
        yield row -> row.value(ordinal);
      }
      case Alias alias -> compile(alias.child());
      case SortOrder order -> compile(order.child());
      case Cast cast -> Casts.bind(site(cast), cast, compile(cast.child()));
      case CaseWhen caseWhen -> caseWhen(caseWhen);
      case Call call -> call(call);
      case GetField get -> {
        Evaluator child = compile(get.child());
        int ordinal = get.ordinal();
        yield row -> child.evaluate(row) instanceof Row struct ? struct.get(ordinal) : null;
      }
      case TimeWindow window when window.isTumbling() -> {
        Evaluator time = compile(window.time());
        yield row -> {
          Object value = time.evaluate(row);
          return value == null ? null : TimeWindows.of(window, value).getFirst();
        };
      }
      default -> throw unsupported(expression);
    };
  }

  private CallSite site(Expression expression) {
    return new CallSite(expression, zone, now);
  }

  private int ordinal(Attribute attribute) {
    Integer ordinal = ordinals.get(attribute.id());
    if (ordinal == null) {
      throw new ArrowmillException(
          "INTERNAL_ERROR",
          "an expression's columns must be in its input: column="
              + attribute.name()
              + ", id="
              + attribute.id()
              + ", inputIds="
              + ordinals.keySet());
    }
    return ordinal;
  }

  private static ArrowmillException unsupported(Expression expression) {
    return new ArrowmillException(
        "UNSUPPORTED_EXPRESSION",
        "expression must be one that is evaluated row by row: expression="
            + expression.sql()
            + ", node="
            + expression.getClass().getSimpleName()
            + "; rewrite the query without it");
  }

  private Evaluator caseWhen(CaseWhen caseWhen) {
    int count = caseWhen.branches().size();
    Evaluator[] conditions = new Evaluator[count];
    Evaluator[] values = new Evaluator[count];
    for (int i = 0; i < count; i++) {
      conditions[i] = compile(caseWhen.branches().get(i).condition());
      values[i] = compile(caseWhen.branches().get(i).value());
    }
    Expression otherwise = caseWhen.otherwise();
    Evaluator last = otherwise == null ? row -> null : compile(otherwise);
    return row -> {
      for (int i = 0; i < count; i++) {
        if (Boolean.TRUE.equals(conditions[i].evaluate(row))) {
          return values[i].evaluate(row);
        }
      }
      return last.evaluate(row);
    };
  }

  private Evaluator call(Call call) {
    FunctionTable.Binder binder = FUNCTIONS.get(call.name());
    if (binder == null) {
      throw unsupported(call);
    }
    List<Evaluator> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(compile(argument));
    }
    CallSite site = site(call);
    Evaluator evaluator = binder.bind(site, arguments);
    if (!call.type().isNumeric()) {
      return evaluator;
    }
    return row -> {
      @Nullable Object value = evaluator.evaluate(row);
      return value == null ? null : Numbers.conform(site, value);
    };
  }
}
