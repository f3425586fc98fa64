package io.arrowmill.types;

import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataType.NullType;

/** One constant or factory for each data type. */
public final class DataTypes {
  public static final DataType NULL = NullType.INSTANCE;
  public static final DataType BOOLEAN = AtomicType.BOOLEAN;
  public static final DataType BYTE = AtomicType.BYTE;
  public static final DataType SHORT = AtomicType.SHORT;
  public static final DataType INTEGER = AtomicType.INTEGER;
  public static final DataType LONG = AtomicType.LONG;
  public static final DataType FLOAT = AtomicType.FLOAT;
  public static final DataType DOUBLE = AtomicType.DOUBLE;
  public static final DataType STRING = AtomicType.STRING;
  public static final DataType BINARY = AtomicType.BINARY;

  /** Days since 1970-01-01. */
  public static final DataType DATE = AtomicType.DATE;

  /** An instant, in microseconds since 1970-01-01 00:00:00 UTC. */
  public static final DataType TIMESTAMP = AtomicType.TIMESTAMP;

  /** A date and time of day without zone, in microseconds since 1970-01-01 00:00:00. */
  public static final DataType TIMESTAMP_NTZ = AtomicType.TIMESTAMP_NTZ;

  private DataTypes() {}

  /** A decimal of {@code precision} digits in all, {@code scale} of them after the point. */
  public static DataType decimal(int precision, int scale) {
    return new DecimalType(precision, scale);
  }

  /** An array whose elements may be null. */
  public static DataType array(DataType element) {
    return new ArrayType(element, true);
  }

  /** A map whose values may be null. */
  public static DataType map(DataType key, DataType value) {
    return new MapType(key, value, true);
  }

  /** A struct of the given fields. */
  public static StructType struct(StructField... fields) {
    return StructType.of(fields);
  }

  /** A nullable field. */
  public static StructField field(String name, DataType type) {
    return new StructField(name, type, true);
  }

  /** A field that may be null only if {@code nullable}. */
  public static StructField field(String name, DataType type, boolean nullable) {
    return new StructField(name, type, nullable);
  }

  /** Durations, in microseconds. */
  public static DataType dayTimeInterval() {
    return AtomicType.DAY_TIME_INTERVAL;
  }

  /** Calendar periods, in months. */
  public static DataType yearMonthInterval() {
    return AtomicType.YEAR_MONTH_INTERVAL;
  }
}
