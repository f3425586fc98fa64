package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Common types of several values, after the rules of ANSI mode. */
final class Coercion {
  private static final List<DataType> NUMBERS_BY_WIDTH =
      List.of(
          AtomicType.BYTE,
          AtomicType.SHORT,
          AtomicType.INTEGER,
          AtomicType.LONG,
          AtomicType.FLOAT,
          AtomicType.DOUBLE);

  private Coercion() {}

  /** The narrowest type that both convert to without being asked, or null if there is none. */
  static @Nullable DataType common(DataType left, DataType right) {
    if (left.equals(right) || right.equals(DataTypes.NULL)) {
      return left;
    }
    if (left.equals(DataTypes.NULL)) {
      return right;
    }
    if (left.isNumeric() && right.isNumeric()) {
      return commonNumber(left, right);
    }
    if (left.equals(DataTypes.STRING)) {
      return withString(right);
    }
    if (right.equals(DataTypes.STRING)) {
      return withString(left);
    }
    if (isTime(left) && isTime(right)) {
      return left.equals(DataTypes.TIMESTAMP) || right.equals(DataTypes.TIMESTAMP)
          ? DataTypes.TIMESTAMP
          : DataTypes.TIMESTAMP_NTZ;
    }
    return commonNested(left, right);
  }

  /** The common type of all, or null if there is none; NULL for an empty list. */
  static @Nullable DataType common(List<? extends Expression> expressions) {
    DataType type = DataTypes.NULL;
    // Strings last: what a string becomes depends on the other types.
    for (int pass = 0; pass < 2; pass++) {
      for (Expression expression : expressions) {
        if (expression.type().equals(DataTypes.STRING) == (pass == 1)) {
          type = common(type, expression.type());
          if (type == null) {
            return null;
          }
        }
      }
    }
    return type;
  }

  private static DataType commonNumber(DataType left, DataType right) {
    if (left instanceof DecimalType || right instanceof DecimalType) {
      if (left.isFloating() || right.isFloating()) {
        return DataTypes.DOUBLE;
      }
      return DecimalRules.wider(asDecimal(left), asDecimal(right));
    }
    int widest = Math.max(NUMBERS_BY_WIDTH.indexOf(left), NUMBERS_BY_WIDTH.indexOf(right));
    DataType type = NUMBERS_BY_WIDTH.get(widest);
    return type.equals(DataTypes.FLOAT) ? DataTypes.DOUBLE : type;
  }

  private static DecimalType asDecimal(DataType type) {
    return type instanceof DecimalType decimal ? decimal : DecimalRules.ofIntegral(type);
  }

  private static @Nullable DataType withString(DataType other) {
    if (other.isIntegral()) {
      return DataTypes.LONG;
    }
    if (other.isNumeric()) {
      return DataTypes.DOUBLE;
    }
    return other instanceof AtomicType ? other : null;
  }

  private static boolean isTime(DataType type) {
    return type.isOneOf(DataTypes.DATE, DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
  }

  private static @Nullable DataType commonNested(DataType left, DataType right) {
    if (left instanceof ArrayType a && right instanceof ArrayType b) {
      DataType element = common(a.element(), b.element());
      return element == null ? null : new ArrayType(element, a.containsNull() || b.containsNull());
    }
    if (left instanceof MapType a && right instanceof MapType b) {
      DataType key = common(a.key(), b.key());
      DataType value = common(a.value(), b.value());
      return key == null || value == null
          ? null
          : new MapType(key, value, a.valueContainsNull() || b.valueContainsNull());
    }
    if (left instanceof StructType a && right instanceof StructType b && a.size() == b.size()) {
      List<StructField> fields = new ArrayList<>();
      for (int i = 0; i < a.size(); i++) {
        DataType type = common(a.field(i).type(), b.field(i).type());
        if (type == null || !a.field(i).name().equalsIgnoreCase(b.field(i).name())) {
          return null;
        }
        boolean nullable = a.field(i).nullable() || b.field(i).nullable();
        fields.add(new StructField(a.field(i).name(), type, nullable));
      }
      return StructType.of(fields);
    }
    return null;
  }

  /**
   * Whether an argument of type {@code from} is converted to a parameter of type {@code to} without
   * being asked.
   */
  static boolean implicit(DataType from, DataType to) {
    if (from.equals(to) || from.equals(DataTypes.NULL)) {
      return true;
    }
    if (from.isNumeric() && to.isNumeric()) {
      return true;
    }
    boolean atomic = from instanceof AtomicType || from instanceof DecimalType;
    if (to.equals(DataTypes.STRING)) {
      return atomic;
    }
    if (from.equals(DataTypes.STRING)) {
      return to instanceof AtomicType || to instanceof DecimalType;
    }
    if (isTime(from) && isTime(to)) {
      return true;
    }
    return from instanceof ArrayType a
        && to instanceof ArrayType b
        && implicit(a.element(), b.element());
  }

  /** All expressions cast to the type, in order. */
  static List<Expression> castAll(List<? extends Expression> expressions, DataType type) {
    List<Expression> all = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      all.add(Casts.toCommon(expression, type));
    }
    return all;
  }
}
