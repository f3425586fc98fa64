package io.arrowmill;

import io.arrowmill.plan.ColumnNames;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Literals;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.types.DataType;
import io.arrowmill.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The functions of queries, to be imported statically; Spark's names, one line each. A {@code
 * String} parameter called {@code column} is the name of a column; any other is a constant. A
 * function that has no method here is called by {@link #call_function} or {@link #expr}.
 */
public final class Functions {
  private Functions() {}

  private static Column call(String name, Column... arguments) {
    return new Column(new UnresolvedFunction(name, DataFrame.expressions(arguments), false, null));
  }

  private static Column distinct(String name, Column... arguments) {
    return new Column(new UnresolvedFunction(name, DataFrame.expressions(arguments), true, null));
  }

  private static Column[] prepend(Column first, Column... rest) {
    Column[] all = new Column[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static Column[] named(String first, String... rest) {
    return prepend(col(first), Arrays.stream(rest).map(Functions::col).toArray(Column[]::new));
  }

  // ---- columns, constants, text -------------------------------------------------------------

  /**
   * A column by name: {@code *}, {@code name}, {@code table.name} or {@code name.field}; {@code
   * `...`} quotes a part.
   */
  public static Column col(String name) {
    return new Column(ColumnNames.parse(name));
  }

  /** The same as {@link #col}. */
  public static Column column(String name) {
    return col(name);
  }

  /** A constant of any type that a {@link Row} holds; a Column is passed on as it is. */
  public static Column lit(@Nullable Object value) {
    return value instanceof Column column ? column : new Column(Literals.of(value));
  }

  /** A SQL expression, such as {@code "price * 2 AS doubled"}. */
  public static Column expr(String text) {
    return new Column(SqlParser.parseExpression(text));
  }

  /** A function by its name in SQL. */
  public static Column call_function(String name, Column... arguments) {
    return call(name.toLowerCase(Locale.ROOT), arguments);
  }

  /**
   * The value where the condition is true; continue with {@link Column#when} and {@link
   * Column#otherwise}.
   */
  public static Column when(Column condition, @Nullable Object value) {
    return new Column(
        new CaseWhen(
            List.of(new CaseWhen.Branch(condition.expression(), Column.operand(value))), null));
  }

  // ---- order --------------------------------------------------------------------------------

  public static Column asc(String column) {
    return col(column).asc();
  }

  public static Column asc_nulls_first(String column) {
    return col(column).asc_nulls_first();
  }

  public static Column asc_nulls_last(String column) {
    return col(column).asc_nulls_last();
  }

  public static Column desc(String column) {
    return col(column).desc();
  }

  public static Column desc_nulls_first(String column) {
    return col(column).desc_nulls_first();
  }

  public static Column desc_nulls_last(String column) {
    return col(column).desc_nulls_last();
  }

  // ---- aggregates
  // --------------------------------------------------------------------------------

  /** Whether any value is true. */
  public static Column any(Column column) {
    return call("any", column);
  }

  /** Some value of the group. */
  public static Column any_value(Column column) {
    return call("any_value", column);
  }

  public static Column any_value(Column first, Column second) {
    return call("any_value", first, second);
  }

  /** About how many different values; the second argument bounds the relative deviation. */
  public static Column approx_count_distinct(Column column) {
    return call("approx_count_distinct", column);
  }

  public static Column approx_count_distinct(String column) {
    return call("approx_count_distinct", col(column));
  }

  public static Column approx_count_distinct(Column column, double deviation) {
    return call("approx_count_distinct", column, lit(deviation));
  }

  public static Column approx_count_distinct(String column, double deviation) {
    return call("approx_count_distinct", col(column), lit(deviation));
  }

  /** The value at a rank, about. */
  public static Column approx_percentile(Column first, Column second, Column third) {
    return call("approx_percentile", first, second, third);
  }

  /** All values as an array, nulls left out. */
  public static Column array_agg(Column column) {
    return call("array_agg", column);
  }

  /** The mean. */
  public static Column avg(Column column) {
    return call("avg", column);
  }

  public static Column avg(String column) {
    return call("avg", col(column));
  }

  /** All values combined by AND, bit by bit. */
  public static Column bit_and(Column column) {
    return call("bit_and", column);
  }

  /** All values combined by OR, bit by bit. */
  public static Column bit_or(Column column) {
    return call("bit_or", column);
  }

  /** All values combined by XOR, bit by bit. */
  public static Column bit_xor(Column column) {
    return call("bit_xor", column);
  }

  /** Whether all values are true. */
  public static Column bool_and(Column column) {
    return call("bool_and", column);
  }

  /** Whether any value is true. */
  public static Column bool_or(Column column) {
    return call("bool_or", column);
  }

  /** All values as an array, nulls left out. */
  public static Column collect_list(Column column) {
    return call("collect_list", column);
  }

  public static Column collect_list(String column) {
    return call("collect_list", col(column));
  }

  /** The different values as an array, nulls left out. */
  public static Column collect_set(Column column) {
    return call("collect_set", column);
  }

  public static Column collect_set(String column) {
    return call("collect_set", col(column));
  }

  /** Pearson's correlation of two columns. */
  public static Column corr(Column first, Column second) {
    return call("corr", first, second);
  }

  public static Column corr(String first, String second) {
    return call("corr", col(first), col(second));
  }

  /** Number of values that are not null; of all rows for {@code lit(1)} or {@code col("*")}. */
  public static Column count(Column column) {
    return call("count", column);
  }

  public static Column count(String column) {
    return count(column.equals("*") ? lit(1) : col(column));
  }

  /** Number of different combinations of values, those with a null left out. */
  public static Column count_distinct(Column column, Column... columns) {
    return distinct("count", prepend(column, columns));
  }

  public static Column countDistinct(Column column, Column... columns) {
    return count_distinct(column, columns);
  }

  public static Column countDistinct(String column, String... columns) {
    return distinct("count", named(column, columns));
  }

  /** Number of rows for which the condition is true. */
  public static Column count_if(Column column) {
    return call("count_if", column);
  }

  /** The covariance of a population. */
  public static Column covar_pop(Column first, Column second) {
    return call("covar_pop", first, second);
  }

  public static Column covar_pop(String first, String second) {
    return call("covar_pop", col(first), col(second));
  }

  /** The covariance of a sample. */
  public static Column covar_samp(Column first, Column second) {
    return call("covar_samp", first, second);
  }

  public static Column covar_samp(String first, String second) {
    return call("covar_samp", col(first), col(second));
  }

  /** Whether all values are true. */
  public static Column every(Column column) {
    return call("every", column);
  }

  /** In groups of several sets: 1 where the column is none of the group's keys, else 0. */
  public static Column grouping(Column column) {
    return call("grouping", column);
  }

  public static Column grouping(String column) {
    return grouping(col(column));
  }

  /** In groups of several sets: {@link #grouping} of all columns, as the digits of one number. */
  public static Column grouping_id(Column... columns) {
    return call("grouping_id", columns);
  }

  /** The first value seen; with {@code ignoreNulls} the first that is not null. */
  public static Column first(Column column) {
    return call("first", column);
  }

  public static Column first(String column) {
    return call("first", col(column));
  }

  public static Column first(Column column, boolean ignoreNulls) {
    return call("first", column, lit(ignoreNulls));
  }

  public static Column first(String column, boolean ignoreNulls) {
    return call("first", col(column), lit(ignoreNulls));
  }

  /** The first value seen. */
  public static Column first_value(Column column) {
    return call("first_value", column);
  }

  public static Column first_value(Column first, Column second) {
    return call("first_value", first, second);
  }

  /** The kurtosis. */
  public static Column kurtosis(Column column) {
    return call("kurtosis", column);
  }

  public static Column kurtosis(String column) {
    return call("kurtosis", col(column));
  }

  /** The last value seen; with {@code ignoreNulls} the last that is not null. */
  public static Column last(Column column) {
    return call("last", column);
  }

  public static Column last(String column) {
    return call("last", col(column));
  }

  public static Column last(Column column, boolean ignoreNulls) {
    return call("last", column, lit(ignoreNulls));
  }

  public static Column last(String column, boolean ignoreNulls) {
    return call("last", col(column), lit(ignoreNulls));
  }

  /** The last value seen. */
  public static Column last_value(Column column) {
    return call("last_value", column);
  }

  public static Column last_value(Column first, Column second) {
    return call("last_value", first, second);
  }

  /** The values joined to one string. */
  public static Column listagg(Column column) {
    return call("listagg", column);
  }

  public static Column listagg(Column first, Column second) {
    return call("listagg", first, second);
  }

  /** The largest value. */
  public static Column max(Column column) {
    return call("max", column);
  }

  public static Column max(String column) {
    return call("max", col(column));
  }

  /** The first column's value where the second is largest. */
  public static Column max_by(Column first, Column second) {
    return call("max_by", first, second);
  }

  /** The mean. */
  public static Column mean(Column column) {
    return call("mean", column);
  }

  public static Column mean(String column) {
    return call("mean", col(column));
  }

  /** The median. */
  public static Column median(Column column) {
    return call("median", column);
  }

  /** The smallest value. */
  public static Column min(Column column) {
    return call("min", column);
  }

  public static Column min(String column) {
    return call("min", col(column));
  }

  /** The first column's value where the second is smallest. */
  public static Column min_by(Column first, Column second) {
    return call("min_by", first, second);
  }

  /** The most frequent value. */
  public static Column mode(Column column) {
    return call("mode", column);
  }

  public static Column mode(Column column, boolean deterministic) {
    return call("mode", column, lit(deterministic));
  }

  /** The exact value at a rank of 0 to 1, between two values if need be. */
  public static Column percentile(Column first, Column second) {
    return call("percentile", first, second);
  }

  public static Column percentile(Column first, Column second, Column third) {
    return call("percentile", first, second, third);
  }

  /** The value at a rank, about. */
  public static Column percentile_approx(Column first, Column second, Column third) {
    return call("percentile_approx", first, second, third);
  }

  /** The skewness. */
  public static Column skewness(Column column) {
    return call("skewness", column);
  }

  public static Column skewness(String column) {
    return call("skewness", col(column));
  }

  /** Whether any value is true. */
  public static Column some(Column column) {
    return call("some", column);
  }

  /** The standard deviation of a sample. */
  public static Column stddev(Column column) {
    return call("stddev", column);
  }

  public static Column stddev(String column) {
    return call("stddev", col(column));
  }

  /** The standard deviation of a population. */
  public static Column stddev_pop(Column column) {
    return call("stddev_pop", column);
  }

  public static Column stddev_pop(String column) {
    return call("stddev_pop", col(column));
  }

  /** The standard deviation of a sample. */
  public static Column stddev_samp(Column column) {
    return call("stddev_samp", column);
  }

  public static Column stddev_samp(String column) {
    return call("stddev_samp", col(column));
  }

  /** The values joined to one string. */
  public static Column string_agg(Column column) {
    return call("string_agg", column);
  }

  public static Column string_agg(Column first, Column second) {
    return call("string_agg", first, second);
  }

  /** The sum. */
  public static Column sum(Column column) {
    return call("sum", column);
  }

  public static Column sum(String column) {
    return call("sum", col(column));
  }

  /** The sum of the different values. */
  public static Column sum_distinct(Column column) {
    return distinct("sum", column);
  }

  /** The mean; null if it overflows. */
  public static Column try_avg(Column column) {
    return call("try_avg", column);
  }

  /** The sum; null if it overflows. */
  public static Column try_sum(Column column) {
    return call("try_sum", column);
  }

  /** The variance of a population. */
  public static Column var_pop(Column column) {
    return call("var_pop", column);
  }

  public static Column var_pop(String column) {
    return call("var_pop", col(column));
  }

  /** The variance of a sample. */
  public static Column var_samp(Column column) {
    return call("var_samp", column);
  }

  public static Column var_samp(String column) {
    return call("var_samp", col(column));
  }

  /** The variance of a sample. */
  public static Column variance(Column column) {
    return call("variance", column);
  }

  public static Column variance(String column) {
    return call("variance", col(column));
  }

  // ---- conditionals and predicates
  // ---------------------------------------------------------------

  /** The first value that is not null. */
  public static Column coalesce(Column... columns) {
    return call("coalesce", columns);
  }

  /** Equality for which null equals null, and nothing else. */
  public static Column equal_null(Column first, Column second) {
    return call("equal_null", first, second);
  }

  /** The largest value, nulls passed over. */
  public static Column greatest(Column... columns) {
    return call("greatest", columns);
  }

  public static Column greatest(String column, String... columns) {
    return call("greatest", named(column, columns));
  }

  /** The first value, or the second where it is null. */
  public static Column ifnull(Column first, Column second) {
    return call("ifnull", first, second);
  }

  /** Whether the value is NaN. */
  public static Column isnan(Column column) {
    return call("isnan", column);
  }

  /** Whether the value is not null. */
  public static Column isnotnull(Column column) {
    return call("isnotnull", column);
  }

  /** Whether the value is null. */
  public static Column isnull(Column column) {
    return call("isnull", column);
  }

  /** The smallest value, nulls passed over. */
  public static Column least(Column... columns) {
    return call("least", columns);
  }

  public static Column least(String column, String... columns) {
    return call("least", named(column, columns));
  }

  /** The first value, or the second where it is NaN. */
  public static Column nanvl(Column first, Column second) {
    return call("nanvl", first, second);
  }

  /** The opposite truth. */
  public static Column not(Column column) {
    return call("not", column);
  }

  /** Null where the values are equal, else the first. */
  public static Column nullif(Column first, Column second) {
    return call("nullif", first, second);
  }

  /** The first value, or the second where it is null. */
  public static Column nvl(Column first, Column second) {
    return call("nvl", first, second);
  }

  /** The second value where the first is not null, else the third. */
  public static Column nvl2(Column first, Column second, Column third) {
    return call("nvl2", first, second, third);
  }

  // ---- mathematics
  // -------------------------------------------------------------------------------

  /** The absolute value. */
  public static Column abs(Column column) {
    return call("abs", column);
  }

  /** Rounded to decimal places, a half to the even neighbor. */
  public static Column bround(Column column) {
    return call("bround", column);
  }

  public static Column bround(Column column, int scale) {
    return call("bround", column, lit(scale));
  }

  public static Column bround(Column first, Column second) {
    return call("bround", first, second);
  }

  /** The cube root. */
  public static Column cbrt(Column column) {
    return call("cbrt", column);
  }

  public static Column cbrt(String column) {
    return call("cbrt", col(column));
  }

  /** The smallest whole number not below. */
  public static Column ceil(Column column) {
    return call("ceil", column);
  }

  public static Column ceil(String column) {
    return call("ceil", col(column));
  }

  public static Column ceil(Column first, Column second) {
    return call("ceil", first, second);
  }

  /** The smallest whole number not below. */
  public static Column ceiling(Column column) {
    return call("ceiling", column);
  }

  public static Column ceiling(Column first, Column second) {
    return call("ceiling", first, second);
  }

  /** The cosine of radians. */
  public static Column cos(Column column) {
    return call("cos", column);
  }

  public static Column cos(String column) {
    return call("cos", col(column));
  }

  /** Radians as degrees. */
  public static Column degrees(Column column) {
    return call("degrees", column);
  }

  public static Column degrees(String column) {
    return call("degrees", col(column));
  }

  /** The quotient without its fraction. */
  public static Column div(Column first, Column second) {
    return call("div", first, second);
  }

  /** e to the power. */
  public static Column exp(Column column) {
    return call("exp", column);
  }

  public static Column exp(String column) {
    return call("exp", col(column));
  }

  /** The largest whole number not above. */
  public static Column floor(Column column) {
    return call("floor", column);
  }

  public static Column floor(String column) {
    return call("floor", col(column));
  }

  public static Column floor(Column first, Column second) {
    return call("floor", first, second);
  }

  /** The natural logarithm. */
  public static Column ln(Column column) {
    return call("ln", column);
  }

  /** The natural logarithm, or the logarithm of a base. */
  public static Column log(Column column) {
    return call("log", column);
  }

  public static Column log(String column) {
    return call("log", col(column));
  }

  public static Column log(double base, Column column) {
    return call("log", lit(base), column);
  }

  public static Column log(double base, String column) {
    return call("log", lit(base), col(column));
  }

  /** The logarithm of base 10. */
  public static Column log10(Column column) {
    return call("log10", column);
  }

  public static Column log10(String column) {
    return call("log10", col(column));
  }

  /** The logarithm of base 2. */
  public static Column log2(Column column) {
    return call("log2", column);
  }

  public static Column log2(String column) {
    return call("log2", col(column));
  }

  /** The remainder, with the sign of the dividend. */
  public static Column mod(Column first, Column second) {
    return call("mod", first, second);
  }

  /** The value with its sign changed. */
  public static Column negate(Column column) {
    return call("negative", column);
  }

  /** The value with its sign changed. */
  public static Column negative(Column column) {
    return call("negative", column);
  }

  /** The remainder, not negative for a positive divisor. */
  public static Column pmod(Column first, Column second) {
    return call("pmod", first, second);
  }

  /** The value as it is. */
  public static Column positive(Column column) {
    return call("positive", column);
  }

  /** The first to the power of the second. */
  public static Column pow(Column first, Column second) {
    return call("pow", first, second);
  }

  public static Column pow(Column column, String columnName) {
    return call("pow", column, col(columnName));
  }

  public static Column pow(String columnName, Column column) {
    return call("pow", col(columnName), column);
  }

  public static Column pow(String first, String second) {
    return call("pow", col(first), col(second));
  }

  public static Column pow(Column column, double number) {
    return call("pow", column, lit(number));
  }

  public static Column pow(String column, double number) {
    return call("pow", col(column), lit(number));
  }

  public static Column pow(double number, Column column) {
    return call("pow", lit(number), column);
  }

  public static Column pow(double number, String column) {
    return call("pow", lit(number), col(column));
  }

  /** The first to the power of the second. */
  public static Column power(Column first, Column second) {
    return call("power", first, second);
  }

  /** Degrees as radians. */
  public static Column radians(Column column) {
    return call("radians", column);
  }

  public static Column radians(String column) {
    return call("radians", col(column));
  }

  /** Rounded to decimal places, a half away from zero. */
  public static Column round(Column column) {
    return call("round", column);
  }

  public static Column round(Column column, int scale) {
    return call("round", column, lit(scale));
  }

  public static Column round(Column first, Column second) {
    return call("round", first, second);
  }

  /** -1, 0 or 1. */
  public static Column sign(Column column) {
    return call("sign", column);
  }

  /** -1, 0 or 1. */
  public static Column signum(Column column) {
    return call("signum", column);
  }

  public static Column signum(String column) {
    return call("signum", col(column));
  }

  /** The sine of radians. */
  public static Column sin(Column column) {
    return call("sin", column);
  }

  public static Column sin(String column) {
    return call("sin", col(column));
  }

  /** The square root. */
  public static Column sqrt(Column column) {
    return call("sqrt", column);
  }

  public static Column sqrt(String column) {
    return call("sqrt", col(column));
  }

  /** The tangent of radians. */
  public static Column tan(Column column) {
    return call("tan", column);
  }

  public static Column tan(String column) {
    return call("tan", col(column));
  }

  /** The sum; null if it overflows. */
  public static Column try_add(Column first, Column second) {
    return call("try_add", first, second);
  }

  /** The quotient; null if the divisor is zero. */
  public static Column try_divide(Column first, Column second) {
    return call("try_divide", first, second);
  }

  /** The product; null if it overflows. */
  public static Column try_multiply(Column first, Column second) {
    return call("try_multiply", first, second);
  }

  /** The difference; null if it overflows. */
  public static Column try_subtract(Column first, Column second) {
    return call("try_subtract", first, second);
  }

  // ---- bits
  // --------------------------------------------------------------------------------------

  /** Number of bits set. */
  public static Column bit_count(Column column) {
    return call("bit_count", column);
  }

  /** Every bit turned over. */
  public static Column bitwise_not(Column column) {
    return call("~", column);
  }

  /** Shifted left. */
  public static Column shiftleft(Column column, int bits) {
    return call("shiftleft", column, lit(bits));
  }

  /** Shifted right, the sign kept. */
  public static Column shiftright(Column column, int bits) {
    return call("shiftright", column, lit(bits));
  }

  /** Shifted right, zeros put in. */
  public static Column shiftrightunsigned(Column column, int bits) {
    return call("shiftrightunsigned", column, lit(bits));
  }

  // ---- strings
  // -----------------------------------------------------------------------------------

  /** The code of the first character. */
  public static Column ascii(Column column) {
    return call("ascii", column);
  }

  /** Length in bits. */
  public static Column bit_length(Column column) {
    return call("bit_length", column);
  }

  /** Without spaces, or given characters, at both ends. */
  public static Column btrim(Column column) {
    return call("btrim", column);
  }

  public static Column btrim(Column first, Column second) {
    return call("btrim", first, second);
  }

  /** Length in characters. */
  public static Column char_length(Column column) {
    return call("char_length", column);
  }

  /** Length in characters. */
  public static Column character_length(Column column) {
    return call("character_length", column);
  }

  /** The character of a code. */
  public static Column chr(Column column) {
    return call("chr", column);
  }

  /** Strings, binaries or arrays put together. */
  public static Column concat(Column... columns) {
    return call("concat", columns);
  }

  /** Strings put together with a separator between, nulls left out. */
  public static Column concat_ws(String separator, Column... columns) {
    return call("concat_ws", prepend(lit(separator), columns));
  }

  /** Whether the second is in the first. */
  public static Column contains(Column first, Column second) {
    return call("contains", first, second);
  }

  /** Whether the first ends with the second. */
  public static Column endswith(Column first, Column second) {
    return call("endswith", first, second);
  }

  /** LIKE without regard to case. */
  public static Column ilike(Column first, Column second) {
    return call("ilike", first, second);
  }

  public static Column ilike(Column first, Column second, Column third) {
    return call("ilike", first, second, third);
  }

  /** Each word with a capital. */
  public static Column initcap(Column column) {
    return call("initcap", column);
  }

  /** Where the second first is in the first, from 1; 0 if it is not. */
  public static Column instr(Column column, String part) {
    return call("instr", column, lit(part));
  }

  public static Column instr(Column first, Column second) {
    return call("instr", first, second);
  }

  /** In lower case. */
  public static Column lcase(Column column) {
    return call("lcase", column);
  }

  /** The first characters. */
  public static Column left(Column first, Column second) {
    return call("left", first, second);
  }

  /** Length in characters. */
  public static Column len(Column column) {
    return call("len", column);
  }

  /** Length in characters. */
  public static Column length(Column column) {
    return call("length", column);
  }

  /** Whether a LIKE pattern fits. */
  public static Column like(Column first, Column second) {
    return call("like", first, second);
  }

  public static Column like(Column first, Column second, Column third) {
    return call("like", first, second, third);
  }

  /** Where the first is in the second, from 1; 0 if it is not. */
  public static Column locate(String part, Column column) {
    return call("locate", lit(part), column);
  }

  public static Column locate(String part, Column column, int start) {
    return call("locate", lit(part), column, lit(start));
  }

  /** In lower case. */
  public static Column lower(Column column) {
    return call("lower", column);
  }

  /** Filled up, or cut, to a length, on the left. */
  public static Column lpad(Column column, int length, String padding) {
    return call("lpad", column, lit(length), lit(padding));
  }

  public static Column lpad(Column first, Column second, Column third) {
    return call("lpad", first, second, third);
  }

  /** Without spaces, or given characters, at the start. */
  public static Column ltrim(Column column) {
    return call("ltrim", column);
  }

  public static Column ltrim(Column column, String characters) {
    return call("ltrim", lit(characters), column);
  }

  public static Column ltrim(Column first, Column second) {
    return call("ltrim", second, first);
  }

  /** Length in bytes. */
  public static Column octet_length(Column column) {
    return call("octet_length", column);
  }

  /** Where the first is in the second, from 1; 0 if it is not. */
  public static Column position(Column first, Column second) {
    return call("position", first, second);
  }

  public static Column position(Column first, Column second, Column third) {
    return call("position", first, second, third);
  }

  /** Whether a regular expression is found. */
  public static Column regexp(Column first, Column second) {
    return call("regexp", first, second);
  }

  /** How often a regular expression is found. */
  public static Column regexp_count(Column first, Column second) {
    return call("regexp_count", first, second);
  }

  /** What a group of a regular expression takes. */
  public static Column regexp_extract(Column column, String pattern, int group) {
    return call("regexp_extract", column, lit(pattern), lit(group));
  }

  /** What a group of a regular expression takes, each time it is found. */
  public static Column regexp_extract_all(Column first, Column second) {
    return call("regexp_extract_all", first, second);
  }

  public static Column regexp_extract_all(Column first, Column second, Column third) {
    return call("regexp_extract_all", first, second, third);
  }

  /** Whether a regular expression is found. */
  public static Column regexp_like(Column first, Column second) {
    return call("regexp_like", first, second);
  }

  /** With what a regular expression finds replaced. */
  public static Column regexp_replace(Column column, String pattern, String replacement) {
    return call("regexp_replace", column, lit(pattern), lit(replacement));
  }

  public static Column regexp_replace(Column first, Column second, Column third) {
    return call("regexp_replace", first, second, third);
  }

  /** Repeated. */
  public static Column repeat(Column column, int times) {
    return call("repeat", column, lit(times));
  }

  public static Column repeat(Column first, Column second) {
    return call("repeat", first, second);
  }

  /** With each occurrence replaced. */
  public static Column replace(Column first, Column second) {
    return call("replace", first, second);
  }

  public static Column replace(Column first, Column second, Column third) {
    return call("replace", first, second, third);
  }

  /** The last characters. */
  public static Column right(Column first, Column second) {
    return call("right", first, second);
  }

  /** Whether a regular expression is found. */
  public static Column rlike(Column first, Column second) {
    return call("rlike", first, second);
  }

  /** Filled up, or cut, to a length, on the right. */
  public static Column rpad(Column column, int length, String padding) {
    return call("rpad", column, lit(length), lit(padding));
  }

  public static Column rpad(Column first, Column second, Column third) {
    return call("rpad", first, second, third);
  }

  /** Without spaces, or given characters, at the end. */
  public static Column rtrim(Column column) {
    return call("rtrim", column);
  }

  public static Column rtrim(Column column, String characters) {
    return call("rtrim", lit(characters), column);
  }

  public static Column rtrim(Column first, Column second) {
    return call("rtrim", second, first);
  }

  /** Split around a regular expression. */
  public static Column split(Column column, String pattern) {
    return call("split", column, lit(pattern));
  }

  public static Column split(Column column, String pattern, int limit) {
    return call("split", column, lit(pattern), lit(limit));
  }

  public static Column split(Column first, Column second) {
    return call("split", first, second);
  }

  public static Column split(Column first, Column second, Column third) {
    return call("split", first, second, third);
  }

  /** The part of that number, from 1, between delimiters. */
  public static Column split_part(Column first, Column second, Column third) {
    return call("split_part", first, second, third);
  }

  /** Whether the first starts with the second. */
  public static Column startswith(Column first, Column second) {
    return call("startswith", first, second);
  }

  /** From a position, which counts from 1. */
  public static Column substr(Column first, Column second) {
    return call("substr", first, second);
  }

  public static Column substr(Column first, Column second, Column third) {
    return call("substr", first, second, third);
  }

  /** From a position, which counts from 1, and of a length. */
  public static Column substring(Column column, int start, int length) {
    return call("substring", column, lit(start), lit(length));
  }

  public static Column substring(Column first, Column second, Column third) {
    return call("substring", first, second, third);
  }

  /** What stands before so many delimiters. */
  public static Column substring_index(Column column, String delimiter, int count) {
    return call("substring_index", column, lit(delimiter), lit(count));
  }

  /** With characters replaced one by one. */
  public static Column translate(Column column, String from, String to) {
    return call("translate", column, lit(from), lit(to));
  }

  /** Without spaces, or given characters, at both ends. */
  public static Column trim(Column column) {
    return call("trim", column);
  }

  public static Column trim(Column column, String characters) {
    return call("trim", lit(characters), column);
  }

  public static Column trim(Column first, Column second) {
    return call("trim", second, first);
  }

  /** In upper case. */
  public static Column ucase(Column column) {
    return call("ucase", column);
  }

  /** In upper case. */
  public static Column upper(Column column) {
    return call("upper", column);
  }

  // ---- dates and times
  // ---------------------------------------------------------------------------

  /** Months later. */
  public static Column add_months(Column column, int months) {
    return call("add_months", column, lit(months));
  }

  public static Column add_months(Column first, Column second) {
    return call("add_months", first, second);
  }

  /** The date on which the batch began. */
  public static Column current_date() {
    return call("current_date");
  }

  /** When the batch began. */
  public static Column current_timestamp() {
    return call("current_timestamp");
  }

  /** Days later. */
  public static Column date_add(Column column, int days) {
    return call("date_add", column, lit(days));
  }

  public static Column date_add(Column first, Column second) {
    return call("date_add", first, second);
  }

  /** Days from the second to the first. */
  public static Column date_diff(Column first, Column second) {
    return call("date_diff", first, second);
  }

  /** As text, in a pattern. */
  public static Column date_format(Column column, String pattern) {
    return call("date_format", column, lit(pattern));
  }

  /** A part such as {@code lit("YEAR")}. */
  public static Column date_part(Column first, Column second) {
    return call("date_part", first, second);
  }

  /** Days earlier. */
  public static Column date_sub(Column column, int days) {
    return call("date_sub", column, lit(days));
  }

  public static Column date_sub(Column first, Column second) {
    return call("date_sub", first, second);
  }

  /** The start of the unit, such as {@code "hour"}, that the time is in. */
  public static Column date_trunc(String unit, Column column) {
    return call("date_trunc", lit(unit), column);
  }

  /** Days later. */
  public static Column dateadd(Column first, Column second) {
    return call("dateadd", first, second);
  }

  /** Days from the second to the first. */
  public static Column datediff(Column first, Column second) {
    return call("datediff", first, second);
  }

  /** The day of the month. */
  public static Column day(Column column) {
    return call("day", column);
  }

  /** The day of the month. */
  public static Column dayofmonth(Column column) {
    return call("dayofmonth", column);
  }

  /** The day of the week, Sunday 1. */
  public static Column dayofweek(Column column) {
    return call("dayofweek", column);
  }

  /** The day of the year. */
  public static Column dayofyear(Column column) {
    return call("dayofyear", column);
  }

  /** A part such as {@code lit("YEAR")}. */
  public static Column extract(Column first, Column second) {
    return call("extract", first, second);
  }

  /** Seconds since 1970 as text. */
  public static Column from_unixtime(Column column) {
    return call("from_unixtime", column);
  }

  public static Column from_unixtime(Column column, String pattern) {
    return call("from_unixtime", column, lit(pattern));
  }

  /** A time in UTC as the clock of a zone shows it. */
  public static Column from_utc_timestamp(Column column, String zone) {
    return call("from_utc_timestamp", column, lit(zone));
  }

  public static Column from_utc_timestamp(Column first, Column second) {
    return call("from_utc_timestamp", first, second);
  }

  /** The hour. */
  public static Column hour(Column column) {
    return call("hour", column);
  }

  /** The last day of the month. */
  public static Column last_day(Column column) {
    return call("last_day", column);
  }

  /** A date of year, month and day. */
  public static Column make_date(Column first, Column second, Column third) {
    return call("make_date", first, second, third);
  }

  /** A time of year, month, day, hour, minute, second and zone. */
  public static Column make_timestamp(
      Column first, Column second, Column third, Column fourth, Column fifth, Column sixth) {
    return call("make_timestamp", first, second, third, fourth, fifth, sixth);
  }

  public static Column make_timestamp(
      Column first,
      Column second,
      Column third,
      Column fourth,
      Column fifth,
      Column sixth,
      Column seventh) {
    return call("make_timestamp", first, second, third, fourth, fifth, sixth, seventh);
  }

  /** The minute. */
  public static Column minute(Column column) {
    return call("minute", column);
  }

  /** The month. */
  public static Column month(Column column) {
    return call("month", column);
  }

  /** Months from the second to the first, rounded to 8 places unless told otherwise. */
  public static Column months_between(Column first, Column second) {
    return call("months_between", first, second);
  }

  public static Column months_between(Column first, Column second, boolean round) {
    return call("months_between", first, second, lit(round));
  }

  /** The first date later that is that day of the week. */
  public static Column next_day(Column column, String dayOfWeek) {
    return call("next_day", column, lit(dayOfWeek));
  }

  public static Column next_day(Column first, Column second) {
    return call("next_day", first, second);
  }

  /** When the batch began, on the clocks of the session's time zone. */
  public static Column localtimestamp() {
    return call("localtimestamp");
  }

  /** When the batch began. */
  public static Column now() {
    return call("now");
  }

  /** The quarter of the year. */
  public static Column quarter(Column column) {
    return call("quarter", column);
  }

  /** The second. */
  public static Column second(Column column) {
    return call("second", column);
  }

  /** Sessions of event times with less than a gap, such as {@code "5 minutes"}, between. */
  public static Column session_window(Column column, String gap) {
    return call("session_window", column, lit(gap));
  }

  public static Column session_window(Column first, Column gap) {
    return call("session_window", first, gap);
  }

  /** The time so many microseconds since 1970. */
  public static Column timestamp_micros(Column column) {
    return call("timestamp_micros", column);
  }

  /** The time so many milliseconds since 1970. */
  public static Column timestamp_millis(Column column) {
    return call("timestamp_millis", column);
  }

  /** The time so many seconds since 1970. */
  public static Column timestamp_seconds(Column column) {
    return call("timestamp_seconds", column);
  }

  /** A date from text, in a pattern if given. */
  public static Column to_date(Column column) {
    return call("to_date", column);
  }

  public static Column to_date(Column column, String pattern) {
    return call("to_date", column, lit(pattern));
  }

  /** A time from text, in a pattern if given. */
  public static Column to_timestamp(Column column) {
    return call("to_timestamp", column);
  }

  public static Column to_timestamp(Column column, String pattern) {
    return call("to_timestamp", column, lit(pattern));
  }

  /** The time in UTC at which the clock of a zone shows a time. */
  public static Column to_utc_timestamp(Column column, String zone) {
    return call("to_utc_timestamp", column, lit(zone));
  }

  public static Column to_utc_timestamp(Column first, Column second) {
    return call("to_utc_timestamp", first, second);
  }

  /** The first day of the unit, such as {@code "month"}, that the date is in. */
  public static Column trunc(Column column, String unit) {
    return call("trunc", column, lit(unit));
  }

  /** Microseconds since 1970. */
  public static Column unix_micros(Column column) {
    return call("unix_micros", column);
  }

  /** Milliseconds since 1970. */
  public static Column unix_millis(Column column) {
    return call("unix_millis", column);
  }

  /** Seconds since 1970. */
  public static Column unix_seconds(Column column) {
    return call("unix_seconds", column);
  }

  /** Seconds since 1970. */
  public static Column unix_timestamp() {
    return call("unix_timestamp");
  }

  public static Column unix_timestamp(Column column) {
    return call("unix_timestamp", column);
  }

  public static Column unix_timestamp(Column column, String pattern) {
    return call("unix_timestamp", column, lit(pattern));
  }

  /** The week of the year, by ISO 8601. */
  public static Column weekofyear(Column column) {
    return call("weekofyear", column);
  }

  /**
   * Windows of event time: length, slide (else they don't overlap) and start, such as {@code "10
   * minutes"}.
   */
  public static Column window(Column column, String length) {
    return call("window", column, lit(length));
  }

  public static Column window(Column column, String length, String slide) {
    return call("window", column, lit(length), lit(slide));
  }

  public static Column window(Column column, String length, String slide, String start) {
    return call("window", column, lit(length), lit(slide), lit(start));
  }

  /** The event time of a window: just before its end. */
  public static Column window_time(Column column) {
    return call("window_time", column);
  }

  /** The year. */
  public static Column year(Column column) {
    return call("year", column);
  }

  // ---- hashes
  // ------------------------------------------------------------------------------------

  /** The CRC-32 of bytes. */
  public static Column crc32(Column column) {
    return call("crc32", column);
  }

  /** A hash of 32 bits: Murmur3. */
  public static Column hash(Column... columns) {
    return call("hash", columns);
  }

  /** The MD5 of bytes, in hexadecimal. */
  public static Column md5(Column column) {
    return call("md5", column);
  }

  /** The SHA-1 of bytes, in hexadecimal. */
  public static Column sha1(Column column) {
    return call("sha1", column);
  }

  /** The SHA-2 of so many bits, in hexadecimal. */
  public static Column sha2(Column column, int bits) {
    return call("sha2", column, lit(bits));
  }

  /** A hash of 64 bits. */
  public static Column xxhash64(Column... columns) {
    return call("xxhash64", columns);
  }

  // ---- arrays, maps and structs
  // ------------------------------------------------------------------

  /** An array of values. */
  public static Column array(Column... columns) {
    return call("array", columns);
  }

  public static Column array(String column, String... columns) {
    return call("array", named(column, columns));
  }

  /** Whether the array holds the value. */
  public static Column array_contains(Column column, @Nullable Object value) {
    return call("array_contains", column, lit(value));
  }

  /** Without repeated values. */
  public static Column array_distinct(Column column) {
    return call("array_distinct", column);
  }

  /** The elements with a delimiter between; nulls left out or replaced. */
  public static Column array_join(Column column, String delimiter) {
    return call("array_join", column, lit(delimiter));
  }

  public static Column array_join(Column column, String delimiter, String nullReplacement) {
    return call("array_join", column, lit(delimiter), lit(nullReplacement));
  }

  /** The largest element. */
  public static Column array_max(Column column) {
    return call("array_max", column);
  }

  /** The smallest element. */
  public static Column array_min(Column column) {
    return call("array_min", column);
  }

  /** Where the value first is, from 1; 0 if it is not there. */
  public static Column array_position(Column column, @Nullable Object value) {
    return call("array_position", column, lit(value));
  }

  /** Number of elements or entries. */
  public static Column cardinality(Column column) {
    return call("cardinality", column);
  }

  /** An element, counted from 1, or a map's value. */
  public static Column element_at(Column column, @Nullable Object value) {
    return call("element_at", column, lit(value));
  }

  /** An array of arrays as one. */
  public static Column flatten(Column column) {
    return call("flatten", column);
  }

  /** An element, counted from 0; null if there is none. */
  public static Column get(Column first, Column second) {
    return call("get", first, second);
  }

  /** A map of keys and values in turn. */
  public static Column map(Column... columns) {
    return call("map", columns);
  }

  /** Whether the map has the key. */
  public static Column map_contains_key(Column column, @Nullable Object value) {
    return call("map_contains_key", column, lit(value));
  }

  /** The entries as an array of structs. */
  public static Column map_entries(Column column) {
    return call("map_entries", column);
  }

  /** A map of keys and values. */
  public static Column map_from_arrays(Column first, Column second) {
    return call("map_from_arrays", first, second);
  }

  /** The keys. */
  public static Column map_keys(Column column) {
    return call("map_keys", column);
  }

  /** The values. */
  public static Column map_values(Column column) {
    return call("map_values", column);
  }

  /** A struct of names and values in turn. */
  public static Column named_struct(Column... columns) {
    return call("named_struct", columns);
  }

  /** A string or array the other way round. */
  public static Column reverse(Column column) {
    return call("reverse", column);
  }

  /** The values from the first to the second. */
  public static Column sequence(Column first, Column second) {
    return call("sequence", first, second);
  }

  public static Column sequence(Column first, Column second, Column third) {
    return call("sequence", first, second, third);
  }

  /** Number of elements or entries. */
  public static Column size(Column column) {
    return call("size", column);
  }

  /** Elements from a position, which counts from 1, and of a length. */
  public static Column slice(Column column, int start, int length) {
    return call("slice", column, lit(start), lit(length));
  }

  public static Column slice(Column first, Column second, Column third) {
    return call("slice", first, second, third);
  }

  /** Sorted, ascending unless told otherwise. */
  public static Column sort_array(Column column) {
    return call("sort_array", column);
  }

  public static Column sort_array(Column column, boolean ascending) {
    return call("sort_array", column, lit(ascending));
  }

  /** A struct of columns. */
  public static Column struct(Column... columns) {
    return call("struct", columns);
  }

  public static Column struct(String column, String... columns) {
    return call("struct", named(column, columns));
  }

  // ---- generators: several rows for one
  // ----------------------------------------------------------

  /** A row for each element or entry. */
  public static Column explode(Column column) {
    return call("explode", column);
  }

  /** A row for each element or entry, one of nulls if there is none. */
  public static Column explode_outer(Column column) {
    return call("explode_outer", column);
  }

  /** A row for each struct of an array. */
  public static Column inline(Column column) {
    return call("inline", column);
  }

  /** A row for each struct of an array, one of nulls if there is none. */
  public static Column inline_outer(Column column) {
    return call("inline_outer", column);
  }

  /** A row for each element or entry, with its position. */
  public static Column posexplode(Column column) {
    return call("posexplode", column);
  }

  /** A row for each element or entry, with its position; one of nulls if there is none. */
  public static Column posexplode_outer(Column column) {
    return call("posexplode_outer", column);
  }

  /** The values laid out in so many rows. */
  public static Column stack(Column... columns) {
    return call("stack", columns);
  }

  // ---- json
  // --------------------------------------------------------------------------------------

  /** What a JSON path finds in JSON text. */
  public static Column get_json_object(Column column, String path) {
    return call("get_json_object", column, lit(path));
  }

  /** JSON text of a struct, map or array. */
  public static Column to_json(Column column) {
    return call("to_json", column);
  }

  /** JSON text as a struct. */
  public static Column from_json(Column column, StructType schema) {
    return call("from_json", column, lit(schema.toDDL()));
  }

  public static Column from_json(Column column, DataType type) {
    return call("from_json", column, lit(type.sql()));
  }

  public static Column from_json(Column column, String schema) {
    return call("from_json", column, lit(schema));
  }

  public static Column from_json(Column column, Column schema) {
    return call("from_json", column, schema);
  }

  // ---- over windows
  // -----------------------------------------------------------------------------------------------

  /** The number of the row in its partition, from 1; needs {@link Column#over}, as those below. */
  public static Column row_number() {
    return call("row_number");
  }

  /** One more than there are rows before those of the row's value. */
  public static Column rank() {
    return call("rank");
  }

  /** The number of the row's value among the different ones, from 1. */
  public static Column dense_rank() {
    return call("dense_rank");
  }

  /** The {@link #rank} as a share: 0 of the first row, 1 of a last one that has no equals. */
  public static Column percent_rank() {
    return call("percent_rank");
  }

  /** The share of the partition's rows up to the row's value. */
  public static Column cume_dist() {
    return call("cume_dist");
  }

  /** The number, from 1, of the row's bucket among {@code n} of about the same size. */
  public static Column ntile(int n) {
    return call("ntile", lit(n));
  }

  /** The value so many rows before; null where there is none. */
  public static Column lag(Column column, int offset) {
    return call("lag", column, lit(offset));
  }

  public static Column lag(String column, int offset) {
    return lag(col(column), offset);
  }

  /** The value so many rows before, or {@code otherwise} where there is none. */
  public static Column lag(Column column, int offset, @Nullable Object otherwise) {
    return call("lag", column, lit(offset), lit(otherwise));
  }

  public static Column lag(String column, int offset, @Nullable Object otherwise) {
    return lag(col(column), offset, otherwise);
  }

  /** With {@code ignoreNulls} only rows with a value are counted. */
  public static Column lag(
      Column column, int offset, @Nullable Object otherwise, boolean ignoreNulls) {
    return call("lag", column, lit(offset), lit(otherwise), lit(ignoreNulls));
  }

  /** The value so many rows behind; null where there is none. */
  public static Column lead(Column column, int offset) {
    return call("lead", column, lit(offset));
  }

  public static Column lead(String column, int offset) {
    return lead(col(column), offset);
  }

  /** The value so many rows behind, or {@code otherwise} where there is none. */
  public static Column lead(Column column, int offset, @Nullable Object otherwise) {
    return call("lead", column, lit(offset), lit(otherwise));
  }

  public static Column lead(String column, int offset, @Nullable Object otherwise) {
    return lead(col(column), offset, otherwise);
  }

  /** With {@code ignoreNulls} only rows with a value are counted. */
  public static Column lead(
      Column column, int offset, @Nullable Object otherwise, boolean ignoreNulls) {
    return call("lead", column, lit(offset), lit(otherwise), lit(ignoreNulls));
  }

  /** The value of the frame's row number {@code n}, from 1; null where it has fewer. */
  public static Column nth_value(Column column, int n) {
    return call("nth_value", column, lit(n));
  }

  /** With {@code ignoreNulls} only rows with a value are counted. */
  public static Column nth_value(Column column, int n, boolean ignoreNulls) {
    return call("nth_value", column, lit(n), lit(ignoreNulls));
  }
}
