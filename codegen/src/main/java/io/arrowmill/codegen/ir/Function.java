package io.arrowmill.codegen.ir;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.BYTES;
import static io.arrowmill.codegen.ir.PhysicalType.F32;
import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import java.util.List;

/**
 * Built-in functions; all are null if an operand is null.
 *
 * <p>Dates are I32 days and timestamps I64 microseconds since 1970-01-01 (UTC).
 */
public enum Function {
  SQRT(Group.MATH, F64, F64),
  CBRT(Group.MATH, F64, F64),
  EXP(Group.MATH, F64, F64),
  EXPM1(Group.MATH, F64, F64),
  /** Null where the operand is not positive. */
  LN(Group.MATH, F64, F64),
  /** Null where the operand is not positive. */
  LOG10(Group.MATH, F64, F64),
  /** Null where the operand is not positive. */
  LOG2(Group.MATH, F64, F64),
  /** Null where the operand is -1 or less. */
  LOG1P(Group.MATH, F64, F64),
  POW(Group.MATH, F64, F64, F64),
  SIN(Group.MATH, F64, F64),
  COS(Group.MATH, F64, F64),
  TAN(Group.MATH, F64, F64),
  ASIN(Group.MATH, F64, F64),
  ACOS(Group.MATH, F64, F64),
  ATAN(Group.MATH, F64, F64),
  ATAN2(Group.MATH, F64, F64, F64),
  SINH(Group.MATH, F64, F64),
  COSH(Group.MATH, F64, F64),
  TANH(Group.MATH, F64, F64),
  SIGNUM(Group.MATH, F64, F64),
  RINT(Group.MATH, F64, F64),
  DEGREES(Group.MATH, F64, F64),
  RADIANS(Group.MATH, F64, F64),
  /** The greatest whole number at most the operand, saturated to I64. */
  FLOOR(Group.MATH, I64, F64),
  /** The least whole number at least the operand, saturated to I64. */
  CEIL(Group.MATH, I64, F64),
  /** Half away from zero, at a number of decimal digits (negative: tens, hundreds). */
  ROUND(Group.MATH, F64, F64, I32),
  /** Half to even, at a number of decimal digits. */
  BANKERS_ROUND(Group.MATH, F64, F64, I32),
  IS_NAN(Group.MATH, BOOL, F64),

  /**
   * (timestamp, slide, offset): the start of the newest window that holds the timestamp; an error
   * if it leaves the range of I64.
   */
  WINDOW_START(Group.TIME, I64, I64, I64, I64),
  /** Midnight of the day. */
  DATE_TO_TIMESTAMP(Group.TIME, I64, I32),
  /** The day the instant falls on. */
  TIMESTAMP_TO_DATE(Group.TIME, I32, I64),
  /** Days forward; an error if the date leaves the range of I32. */
  DATE_ADD(Group.TIME, I32, I32, I32),
  /** (end, start): days between. */
  DATE_DIFF(Group.TIME, I32, I32, I32),
  /** Whole seconds, rounded down. */
  TIMESTAMP_TO_SECONDS(Group.TIME, I64, I64),
  /** Whole milliseconds, rounded down. */
  TIMESTAMP_TO_MILLIS(Group.TIME, I64, I64),
  /** An error if the instant leaves the range of I64. */
  SECONDS_TO_TIMESTAMP(Group.TIME, I64, I64),
  /** An error if the instant leaves the range of I64. */
  MILLIS_TO_TIMESTAMP(Group.TIME, I64, I64),
  YEAR(Group.TIME, I32, I32),
  QUARTER(Group.TIME, I32, I32),
  MONTH(Group.TIME, I32, I32),
  DAY_OF_MONTH(Group.TIME, I32, I32),
  DAY_OF_YEAR(Group.TIME, I32, I32),
  /** 1 is Sunday, 7 is Saturday. */
  DAY_OF_WEEK(Group.TIME, I32, I32),
  /** 0 is Monday, 6 is Sunday. */
  WEEKDAY(Group.TIME, I32, I32),
  /** ISO week of the ISO year. */
  WEEK_OF_YEAR(Group.TIME, I32, I32),
  HOUR(Group.TIME, I32, I64),
  MINUTE(Group.TIME, I32, I64),
  SECOND(Group.TIME, I32, I64),

  OCTET_LENGTH(Group.BYTES, I32, BYTES),
  /** In characters: Unicode code points. */
  CHAR_LENGTH(Group.BYTES, I32, BYTES),
  STARTS_WITH(Group.BYTES, BOOL, BYTES, BYTES),
  ENDS_WITH(Group.BYTES, BOOL, BYTES, BYTES),
  CONTAINS(Group.BYTES, BOOL, BYTES, BYTES),
  UPPER(Group.BYTES, BYTES, BYTES),
  LOWER(Group.BYTES, BYTES, BYTES),
  /** Takes spaces (only U+0020) off both ends. */
  TRIM(Group.BYTES, BYTES, BYTES),
  TRIM_LEFT(Group.BYTES, BYTES, BYTES),
  TRIM_RIGHT(Group.BYTES, BYTES, BYTES),
  /** (text, position, length) in characters: 1 is the first, 0 too, -1 the last. */
  SUBSTRING(Group.BYTES, BYTES, BYTES, I32, I32),
  CONCAT(Group.BYTES, BYTES, BYTES, BYTES),

  BOOL_TO_TEXT(Group.TEXT_CAST, BYTES, BOOL),
  I64_TO_TEXT(Group.TEXT_CAST, BYTES, I64),
  F32_TO_TEXT(Group.TEXT_CAST, BYTES, F32),
  F64_TO_TEXT(Group.TEXT_CAST, BYTES, F64),
  /** Such as 2024-02-29. */
  DATE_TO_TEXT(Group.TEXT_CAST, BYTES, I32),
  /** In UTC, such as 2024-02-29 12:00:00.5: the fraction without trailing zeros. */
  TIMESTAMP_TO_TEXT(Group.TEXT_CAST, BYTES, I64),
  /**
   * White space around the number does not matter; anything else that is no number in range is an
   * error.
   */
  TEXT_TO_I32(Group.TEXT_CAST, I32, BYTES),
  TEXT_TO_I64(Group.TEXT_CAST, I64, BYTES),
  TEXT_TO_F64(Group.TEXT_CAST, F64, BYTES),
  /** t, true, y, yes, 1 or f, false, n, no, 0 in any case; anything else is an error. */
  TEXT_TO_BOOL(Group.TEXT_CAST, BOOL, BYTES),
  /** The same, but null instead of an error. */
  TRY_TEXT_TO_I32(Group.TEXT_CAST, I32, BYTES),
  TRY_TEXT_TO_I64(Group.TEXT_CAST, I64, BYTES),
  TRY_TEXT_TO_F64(Group.TEXT_CAST, F64, BYTES),
  TRY_TEXT_TO_BOOL(Group.TEXT_CAST, BOOL, BYTES);

  /** Which runtime class implements the function. */
  public enum Group {
    MATH,
    TIME,
    BYTES,
    TEXT_CAST
  }

  private final Group group;
  private final PhysicalType type;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<PhysicalType> parameters;

  Function(Group group, PhysicalType type, PhysicalType... parameters) {
    this.group = group;
    this.type = type;
    this.parameters = List.of(parameters);
  }

  /** Which runtime class implements the function. */
  public Group group() {
    return group;
  }

  /** The result's type. */
  public PhysicalType type() {
    return type;
  }

  /** The operands' types. */
  public List<PhysicalType> parameters() {
    return parameters;
  }

  /** Whether the result can be null though no operand is. */
  public boolean mayReturnNull() {
    return switch (this) {
      case LN, LOG10, LOG2, LOG1P -> true;
      case TRY_TEXT_TO_I32, TRY_TEXT_TO_I64, TRY_TEXT_TO_F64, TRY_TEXT_TO_BOOL -> true;
      default -> false;
    };
  }

  /** Whether the function has an error of its own. */
  public boolean mayFail() {
    return switch (this) {
      case WINDOW_START, DATE_ADD, SECONDS_TO_TIMESTAMP, MILLIS_TO_TIMESTAMP -> true;
      case TEXT_TO_I32, TEXT_TO_I64, TEXT_TO_F64, TEXT_TO_BOOL -> true;
      default -> false;
    };
  }
}
