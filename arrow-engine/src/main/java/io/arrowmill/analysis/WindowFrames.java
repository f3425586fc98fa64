package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Bound;
import io.arrowmill.plan.WindowFrame.Edge;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import org.jspecify.annotations.Nullable;

/** Which frames mean something, and the types of their distances. */
final class WindowFrames {
  private WindowFrames() {}

  /** The frame of a window whose parts are resolved, with distances of the types that it needs. */
  static WindowFrame check(WindowFrame frame, WindowDefinition window) {
    if (frame.lower() == Edge.UNBOUNDED_FOLLOWING || frame.upper() == Edge.UNBOUNDED_PRECEDING) {
      throw Errors.of(
          "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
          "a frame's lower bound must come before its upper bound: frame=" + frame.sql());
    }
    if (frame.unit() == Unit.RANGE) {
      requireOneOrder(frame, window);
    }
    WindowFrame typed =
        new WindowFrame(
            frame.unit(),
            typed(frame.lower(), "lower", frame, window),
            typed(frame.upper(), "upper", frame, window));
    if (typed.lower() instanceof Offset lower && typed.upper() instanceof Offset upper) {
      requireOrdered(lower, upper, typed);
    }
    return typed;
  }

  private static void requireOneOrder(WindowFrame frame, WindowDefinition window) {
    if (window.orderBy().isEmpty()) {
      throw Errors.of(
          "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER",
          "a range of values needs an order: frame=" + frame.sql() + "; add ORDER BY");
    }
    if (frame.hasOffset() && window.orderBy().size() > 1) {
      throw Errors.of(
          "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
          "a distance in values needs an order by one expression: frame="
              + frame.sql()
              + ", orders="
              + Errors.texts(window.orderBy()));
    }
  }

  private static Bound typed(Bound bound, String end, WindowFrame frame, WindowDefinition window) {
    if (!(bound instanceof Offset offset)) {
      return bound;
    }
    Expression amount = constant(offset.amount());
    if (!(amount instanceof Literal) || amount.type().equals(DataTypes.NULL)) {
      throw Errors.of(
          amount instanceof Literal
              ? "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE"
              : "_LEGACY_ERROR_TEMP_0064",
          "a frame's bound must be a constant: bound="
              + bound.sql()
              + ", frame="
              + frame.sql()
              + "; write it as a number or an interval");
    }
    if (frame.unit() == Unit.ROWS) {
      if (!amount.type().equals(DataTypes.INTEGER)) {
        throw unaccepted(end, frame, amount.type(), "INT");
      }
      return new Offset(amount, offset.preceding());
    }
    DataType order = window.orderBy().getFirst().child().type();
    Expression converted = distance(amount, order);
    if (converted == null) {
      throw Errors.of(
          "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
          "a distance must be of a type that can be added to the order's: order="
              + order.sql()
              + ", distance="
              + amount.type().sql()
              + ", frame="
              + frame.sql());
    }
    if (!converted.type().isNumeric() && !Types.isInterval(converted.type())) {
      throw unaccepted(end, frame, converted.type(), "NUMERIC or INTERVAL");
    }
    return new Offset(converted, offset.preceding());
  }

  private static RuntimeException unaccepted(
      String end, WindowFrame frame, DataType found, String expected) {
    return Errors.of(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
        "a frame's "
            + end
            + " bound must be of the type that the frame takes: frame="
            + frame.sql()
            + ", expected="
            + expected
            + ", found="
            + found.sql());
  }

  /** The distance as it is added to values of the order's type; null if it can't be. */
  private static @Nullable Expression distance(Expression amount, DataType order) {
    DataType type = amount.type();
    boolean fits =
        type.equals(order)
            || (Types.isTime(order) && Types.isInterval(type))
            || (order.equals(DataTypes.DATE) && type.equals(DataTypes.INTEGER));
    if (fits) {
      return amount;
    }
    boolean converts =
        !Types.isTime(order) && !Types.isInterval(order) && Casts.allowed(type, order);
    return converts ? Casts.cast(amount, order) : null;
  }

  private static void requireOrdered(Offset lower, Offset upper, WindowFrame frame) {
    if (!lower.amount().type().equals(upper.amount().type())) {
      throw Errors.of(
          "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES",
          "a frame's bounds must be of one type: frame="
              + frame.sql()
              + ", lower="
              + lower.amount().type().sql()
              + ", upper="
              + upper.amount().type().sql());
    }
    if (signed(lower).compareTo(signed(upper)) > 0) {
      throw Errors.of(
          "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
          "a frame's lower bound must not be above its upper bound: frame=" + frame.sql());
    }
  }

  private static BigDecimal signed(Offset offset) {
    Expression amount = offset.amount() instanceof Cast cast ? cast.child() : offset.amount();
    Object value = amount instanceof Literal literal ? literal.value() : null;
    BigDecimal size =
        switch (value) {
          case Duration duration -> new BigDecimal(duration.toNanos());
          case Period period -> new BigDecimal(period.toTotalMonths());
          case Number number -> new BigDecimal(number.toString());
          case null, default -> BigDecimal.ZERO;
        };
    return offset.preceding() ? size.negate() : size;
  }

  /** The constant that an expression is where it is one with a sign; else the expression. */
  static Expression constant(Expression expression) {
    return expression instanceof Call call
            && call.name().equals("negative")
            && call.arguments().getFirst() instanceof Literal literal
        ? negated(literal)
        : expression;
  }

  /** The same number or interval in the other direction. */
  static Literal negated(Literal literal) {
    @Nullable Object value =
        switch (literal.value()) {
          case Integer number -> -number;
          case Long number -> -number;
          case Short number -> (short) -number;
          case Byte number -> (byte) -number;
          case Float number -> -number;
          case Double number -> -number;
          case BigDecimal number -> number.negate();
          case Duration duration -> duration.negated();
          case Period period -> period.negated();
          case null, default -> null;
        };
    return new Literal(value, literal.type());
  }

  /**
   * The value that is a distance away from the current row's, in the direction of the order.
   *
   * @param key the order's values
   */
  static Expression limit(Offset offset, SortOrder order, Expression key) {
    boolean minus = offset.preceding() == order.ascending();
    return ExpressionResolver.resolve(
        Expression.UnresolvedFunction.of(minus ? "-" : "+", key, offset.amount()));
  }

  /** The type in which the order's values and those a distance away are compared. */
  static DataType comparedAs(DataType key, DataType limit) {
    return key instanceof DecimalType || !key.equals(limit) ? limit : key;
  }
}
