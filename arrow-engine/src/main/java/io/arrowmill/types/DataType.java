package io.arrowmill.types;

import java.util.List;

/**
 * A SQL data type. Values are immutable and compared by value; {@link #sql()} is the spelling that
 * DDL text and error messages use.
 */
public sealed interface DataType
    permits DataType.NullType,
        DataType.AtomicType,
        DataType.DecimalType,
        DataType.ArrayType,
        DataType.MapType,
        StructType {

  /** The type's name in SQL, such as {@code BIGINT} or {@code ARRAY<STRING>}. */
  String sql();

  /** The type's name in a schema tree and in JSON, such as {@code long} or {@code array}. */
  String simpleName();

  /** The type of a bare {@code NULL}. */
  enum NullType implements DataType {
    INSTANCE;

    @Override
    public String sql() {
      return "VOID";
    }

    @Override
    public String simpleName() {
      return "void";
    }
  }

  /** Types without parameters. */
  enum AtomicType implements DataType {
    BOOLEAN("BOOLEAN", "boolean"),
    BYTE("TINYINT", "byte"),
    SHORT("SMALLINT", "short"),
    INTEGER("INT", "integer"),
    LONG("BIGINT", "long"),
    FLOAT("FLOAT", "float"),
    DOUBLE("DOUBLE", "double"),
    STRING("STRING", "string"),
    BINARY("BINARY", "binary"),
    DATE("DATE", "date"),
    TIMESTAMP("TIMESTAMP", "timestamp"),
    TIMESTAMP_NTZ("TIMESTAMP_NTZ", "timestamp_ntz"),
    DAY_TIME_INTERVAL("INTERVAL DAY TO SECOND", "interval day to second"),
    YEAR_MONTH_INTERVAL("INTERVAL YEAR TO MONTH", "interval year to month");

    private final String sql;
    private final String simpleName;

    AtomicType(String sql, String simpleName) {
      this.sql = sql;
      this.simpleName = simpleName;
    }

    @Override
    public String sql() {
      return sql;
    }

    @Override
    public String simpleName() {
      return simpleName;
    }
  }

  /**
   * Exact decimal numbers.
   *
   * @param precision digits in all, 1 to 38
   * @param scale digits after the point, 0 to precision
   */
  record DecimalType(int precision, int scale) implements DataType {
    /** The most digits a decimal can have. */
    public static final int PRECISION_MAX = 38;

    public DecimalType {
      if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "decimal must have 1 to 38 digits and a scale of 0 to its precision: precision="
                + precision
                + ", scale="
                + scale);
      }
    }

    @Override
    public String sql() {
      return "DECIMAL(" + precision + "," + scale + ")";
    }

    @Override
    public String simpleName() {
      return "decimal(" + precision + "," + scale + ")";
    }
  }

  /** A sequence of values of one type. */
  record ArrayType(DataType element, boolean containsNull) implements DataType {
    @Override
    public String sql() {
      return "ARRAY<" + element.sql() + ">";
    }

    @Override
    public String simpleName() {
      return "array";
    }
  }

  /** Pairs of unique, non-null keys and values. */
  record MapType(DataType key, DataType value, boolean valueContainsNull) implements DataType {
    @Override
    public String sql() {
      return "MAP<" + key.sql() + ", " + value.sql() + ">";
    }

    @Override
    public String simpleName() {
      return "map";
    }
  }

  /** Whether this type is one of {@code types}. */
  default boolean isOneOf(DataType... types) {
    return List.of(types).contains(this);
  }

  /** Whether values are whole numbers of 8 to 64 bits. */
  default boolean isIntegral() {
    return isOneOf(AtomicType.BYTE, AtomicType.SHORT, AtomicType.INTEGER, AtomicType.LONG);
  }

  /** Whether values are binary floating-point numbers. */
  default boolean isFloating() {
    return isOneOf(AtomicType.FLOAT, AtomicType.DOUBLE);
  }

  /** Whether values are numbers. */
  default boolean isNumeric() {
    return isIntegral() || isFloating() || this instanceof DecimalType;
  }
}
