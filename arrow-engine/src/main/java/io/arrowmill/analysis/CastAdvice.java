package io.arrowmill.analysis;

import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;

/**
 * What to do about a cast that there is not. The condition is the one Spark gives, which depends on
 * whether Spark before ANSI mode had the cast.
 *
 * @param condition the condition's last part
 */
record CastAdvice(String condition, String remedy) {
  private static final CastAdvice NONE =
      new CastAdvice(
          "CAST_WITHOUT_SUGGESTION", "cast through a type that both allow, such as STRING");

  static CastAdvice of(Cast cast) {
    DataType from = cast.child().type();
    DataType to = cast.type();
    if (from.isNumeric() && to.equals(DataTypes.DATE)) {
      return function("use date_add to count days from DATE'1970-01-01'");
    }
    if (from.equals(DataTypes.DATE) && to.isNumeric()) {
      return function("use datediff to count days from DATE'1970-01-01'");
    }
    if (!existedBefore(from, to)) {
      return NONE;
    }
    if (isNested(from)) {
      return function("cast the elements or fields one by one");
    }
    return cast.tryMode()
        ? NONE
        : new CastAdvice(
            "CAST_WITH_CONF_SUGGESTION", "cast through a type that both allow, such as STRING");
  }

  private static CastAdvice function(String remedy) {
    return new CastAdvice("CAST_WITH_FUNC_SUGGESTION", remedy);
  }

  private static boolean isNested(DataType type) {
    return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
  }

  /** Whether Spark has the cast when it is not in ANSI mode. */
  private static boolean existedBefore(DataType from, DataType to) {
    if (Casts.allowed(from, to)) {
      return true;
    }
    return switch (from) {
      case ArrayType array ->
          to instanceof ArrayType target
              && existedBefore(array.element(), target.element())
              && (target.containsNull() || !array.containsNull());
      case MapType map ->
          to instanceof MapType target
              && existedBefore(map.key(), target.key())
              && existedBefore(map.value(), target.value());
      case StructType struct -> to instanceof StructType target && fields(struct, target);
      default ->
          (from.equals(DataTypes.DATE) && (to.isNumeric() || to.equals(DataTypes.BOOLEAN)))
              || (from.equals(DataTypes.TIMESTAMP) && to.equals(DataTypes.BOOLEAN))
              || (from.equals(DataTypes.BOOLEAN) && to.equals(DataTypes.TIMESTAMP))
              || (from.isIntegral() && to.equals(DataTypes.BINARY));
    };
  }

  private static boolean fields(StructType from, StructType to) {
    for (int i = 0; i < from.size(); i++) {
      if (i >= to.size() || !existedBefore(from.field(i).type(), to.field(i).type())) {
        return false;
      }
    }
    return from.size() == to.size();
  }
}
