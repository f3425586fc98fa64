package io.arrowmill.analysis;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;

/** Questions about types that several rules ask. */
final class Types {
  private Types() {}

  /** Whether values can be sorted and compared with {@code <}. */
  static boolean isOrderable(DataType type) {
    return switch (type) {
      case MapType ignored -> false;
      case ArrayType array -> isOrderable(array.element());
      case StructType struct ->
          struct.fields().stream().map(StructField::type).allMatch(Types::isOrderable);
      default -> true;
    };
  }

  static boolean isTimestamp(DataType type) {
    return type.isOneOf(DataTypes.TIMESTAMP, DataTypes.TIMESTAMP_NTZ);
  }

  static boolean isTime(DataType type) {
    return isTimestamp(type) || type.equals(DataTypes.DATE);
  }

  static boolean isInterval(DataType type) {
    return type.isOneOf(AtomicType.DAY_TIME_INTERVAL, AtomicType.YEAR_MONTH_INTERVAL);
  }
}
