package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Which casts there are, and their construction. */
final class Casts {
  private Casts() {}

  /** Whether the SQL standard (ANSI) allows an explicit cast. */
  static boolean allowed(DataType from, DataType to) {
    if (from.equals(to) || from.equals(DataTypes.NULL) || to.equals(DataTypes.STRING)) {
      return true;
    }
    return switch (from) {
      case ArrayType array -> to instanceof ArrayType target && array(array, target);
      case MapType map ->
          to instanceof MapType target
              && allowed(map.key(), target.key())
              && allowed(map.value(), target.value());
      case StructType struct -> to instanceof StructType target && struct(struct, target);
      default -> !isNested(to) && !to.equals(DataTypes.NULL) && atomic(from, to);
    };
  }

  private static boolean array(ArrayType from, ArrayType to) {
    return allowed(from.element(), to.element()) && (to.containsNull() || !from.containsNull());
  }

  private static boolean struct(StructType from, StructType to) {
    if (from.size() != to.size()) {
      return false;
    }
    for (int i = 0; i < from.size(); i++) {
      if (!allowed(from.field(i).type(), to.field(i).type())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNested(DataType type) {
    return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
  }

  private static boolean atomic(DataType from, DataType to) {
    if (from.equals(DataTypes.STRING)) {
      return true;
    }
    boolean toTime = to.isOneOf(DataTypes.DATE, DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
    if (from.isNumeric()) {
      return to.isNumeric()
          || to.isOneOf(DataTypes.BOOLEAN, DataTypes.TIMESTAMP)
          || (from.isIntegral() && isInterval(to));
    }
    return switch ((AtomicType) from) {
      case BOOLEAN -> to.isNumeric();
      case DATE, TIMESTAMP_NTZ -> toTime;
      case TIMESTAMP -> toTime || to.isNumeric();
      case DAY_TIME_INTERVAL, YEAR_MONTH_INTERVAL -> to.isIntegral();
      default -> false;
    };
  }

  private static boolean isInterval(DataType type) {
    return type.isOneOf(AtomicType.DAY_TIME_INTERVAL, AtomicType.YEAR_MONTH_INTERVAL);
  }

  /**
   * The expression as a value of {@code target}; itself if it is one. Literals that widen are
   * converted here.
   */
  static Expression cast(Expression child, DataType target) {
    if (sameValues(child.type(), target)) {
      return child;
    }
    if (child instanceof Literal literal) {
      Literal converted = widen(literal, target);
      if (converted != null) {
        return converted;
      }
    }
    return new Cast(child, target, false);
  }

  /**
   * The expression as a value of {@code common}, a type found for several values: as {@link #cast},
   * but what may be null inside the value is told by its type, too.
   */
  static Expression toCommon(Expression child, DataType common) {
    return !child.type().equals(common) && sameValues(child.type(), common)
        ? new Cast(child, common, false)
        : cast(child, common);
  }

  /** Whether two types differ at most in what may be null inside them. */
  static boolean sameValues(DataType left, DataType right) {
    if (left.equals(right)) {
      return true;
    }
    return switch (left) {
      case ArrayType array ->
          right instanceof ArrayType other && sameValues(array.element(), other.element());
      case MapType map ->
          right instanceof MapType other
              && sameValues(map.key(), other.key())
              && sameValues(map.value(), other.value());
      case StructType struct -> right instanceof StructType other && sameFields(struct, other);
      default -> false;
    };
  }

  private static boolean sameFields(StructType left, StructType right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!left.field(i).name().equals(right.field(i).name())
          || !sameValues(left.field(i).type(), right.field(i).type())) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Literal widen(Literal literal, DataType target) {
    Object value = literal.value();
    if (value == null) {
      return new Literal(null, target);
    }
    if (!(value instanceof Number number) || !literal.type().isIntegral()) {
      return null;
    }
    long whole = number.longValue();
    if (target.equals(DataTypes.LONG)) {
      return new Literal(whole, target);
    }
    if (target.equals(DataTypes.INTEGER) && whole == (int) whole) {
      return new Literal((int) whole, target);
    }
    if (target.equals(DataTypes.DOUBLE)) {
      return new Literal((double) whole, target);
    }
    if (target instanceof DecimalType decimal) {
      BigDecimal exact = BigDecimal.valueOf(whole).setScale(decimal.scale());
      return exact.precision() > decimal.precision() ? null : new Literal(exact, target);
    }
    return null;
  }
}
