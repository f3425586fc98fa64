package io.arrowmill.oracle;

import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.SplittableRandom;

/** Random expressions as SQL text, over a table with columns of every type. */
final class RandomExpressions {
  /** The table: two columns of each type where two of them meet. */
  static final StructType SCHEMA =
      new StructType()
          .add("b", DataTypes.BOOLEAN)
          .add("b2", DataTypes.BOOLEAN)
          .add("y", DataTypes.BYTE)
          .add("h", DataTypes.SHORT)
          .add("i", DataTypes.INTEGER)
          .add("i2", DataTypes.INTEGER)
          .add("l", DataTypes.LONG)
          .add("l2", DataTypes.LONG)
          .add("f", DataTypes.FLOAT)
          .add("d", DataTypes.DOUBLE)
          .add("d2", DataTypes.DOUBLE)
          .add("m", DataTypes.decimal(9, 2))
          .add("m2", DataTypes.decimal(20, 6))
          .add("s", DataTypes.STRING)
          .add("s2", DataTypes.STRING)
          .add("x", DataTypes.BINARY)
          .add("dt", DataTypes.DATE)
          .add("ts", DataTypes.TIMESTAMP)
          .add("nt", DataTypes.TIMESTAMP_NTZ)
          .add("ai", DataTypes.array(DataTypes.INTEGER))
          .add("texts", DataTypes.array(DataTypes.STRING))
          .add("as", DataTypes.INTEGER)
          .add(
              "st",
              DataTypes.struct(
                  DataTypes.field("p", DataTypes.INTEGER), DataTypes.field("q", DataTypes.STRING)));

  /** What an expression gives. */
  private enum Kind {
    BOOL,
    INT,
    LONG,
    DOUBLE,
    DECIMAL,
    TEXT,
    DATE,
    TIME,
    ARRAY,
    BINARY
  }

  // In a pattern %B is a boolean, %I an int, %L a long, %D a double, %M a decimal, %N any number,
  // %S a text, %A a date, %T a timestamp, %R an array of int, %X a binary, %O any orderable value
  // (both %O of one pattern are of one kind), %k a small number.
  private static final List<String> BOOLS =
      List.of(
          "b",
          "b2",
          "true",
          "CAST(NULL AS BOOLEAN)",
          "(%B AND %B)",
          "(%B OR %B)",
          "(NOT %B)",
          "(%O = %O)",
          "(%O <> %O)",
          "(%O < %O)",
          "(%O <= %O)",
          "(%O > %O)",
          "(%O >= %O)",
          "(%O <=> %O)",
          "(%N < %N)",
          "(%N = %N)",
          "(%O IS NULL)",
          "(%O IS NOT NULL)",
          "isnan(%D)",
          "(%O BETWEEN %O AND %O)",
          "(%I IN (1, -2, %I))",
          "(%S IN ('a', 'ab', NULL))",
          "(%S LIKE '%%a%%')",
          "(%S LIKE 'a_%%')",
          "(%S ILIKE 'A%%')",
          "(%S RLIKE '^[a-z]+')",
          "startswith(%S, %S)",
          "endswith(%S, %S)",
          "contains(%S, %S)",
          "CAST(%N AS BOOLEAN)",
          "array_contains(ai, %I)",
          "if(%B, %B, %B)",
          "coalesce(%B, %B)");
  private static final List<String> INTS =
      List.of(
          "i",
          "i2",
          "%k",
          "as",
          "CAST(NULL AS INT)",
          "(%I + %k)",
          "(%I - %k)",
          "(%I * %k)",
          "(%I + %I)",
          "(%I * %I)",
          "(%I %% %I)",
          "(-%I)",
          "abs(%I)",
          "(%I & %I)",
          "(%I | %I)",
          "(%I ^ %I)",
          "(~%I)",
          "shiftleft(%I, %k)",
          "shiftright(%I, %k)",
          "shiftrightunsigned(%I, %k)",
          "pmod(%I, %k)",
          "length(%S)",
          "char_length(%S)",
          "octet_length(%S)",
          "bit_length(%S)",
          "instr(%S, 'a')",
          "locate('b', %S)",
          "ascii(%S)",
          "year(%A)",
          "month(%A)",
          "day(%A)",
          "dayofweek(%A)",
          "dayofyear(%A)",
          "weekofyear(%A)",
          "quarter(%A)",
          "hour(%T)",
          "minute(%T)",
          "second(%T)",
          "datediff(%A, %A)",
          "size(%R)",
          "element_at(ai, 1)",
          "array_max(%R)",
          "array_min(%R)",
          "st.p",
          "CAST(%L AS INT)",
          "CAST(%D AS INT)",
          "CAST(%M AS INT)",
          "CAST(%B AS INT)",
          "CAST(%S AS INT)",
          "try_cast(%S AS INT)",
          "try_cast(%D AS INT)",
          "CAST(y AS INT)",
          "(h + i)",
          "CAST(%I AS TINYINT)",
          "CAST(%I AS SMALLINT)",
          "greatest(%I, %I)",
          "least(%I, %I, %I)",
          "coalesce(%I, %I)",
          "if(%B, %I, %I)",
          "CASE WHEN %B THEN %I WHEN %B THEN %I ELSE %I END",
          "CASE %I WHEN 1 THEN %I WHEN 2 THEN %I END",
          "nullif(%I, %I)",
          "nvl2(%I, %I, %I)",
          "hash(%O)",
          "hash(%I, %S, %D)",
          "try_add(%I, %I)",
          "bit_count(%I)");
  private static final List<String> LONGS =
      List.of(
          "l",
          "l2",
          "CAST(%I AS BIGINT)",
          "(%L + %I)",
          "(%L - %L)",
          "(%L * %k)",
          "(%L div %L)",
          "(%I div %I)",
          "(%M div %I)",
          "pmod(%L, %L)",
          "(%L %% %L)",
          "abs(%L)",
          "(%L & %I)",
          "shiftleft(%L, %k)",
          "CAST(%D AS BIGINT)",
          "CAST(%S AS BIGINT)",
          "CAST(%T AS BIGINT)",
          "unix_timestamp(%T)",
          "unix_micros(%T)",
          "unix_millis(%T)",
          "floor(%D)",
          "ceil(%D)",
          "xxhash64(%O)",
          "xxhash64(%S, %L)",
          "crc32(%X)",
          "greatest(%L, %I)",
          "try_multiply(%L, %L)",
          "coalesce(%L, %I)");
  private static final List<String> DOUBLES =
      List.of(
          "d",
          "d2",
          "CAST(f AS DOUBLE)",
          "CAST(%I AS DOUBLE)",
          "CAST(%L AS DOUBLE)",
          "CAST(%M AS DOUBLE)",
          "CAST(%S AS DOUBLE)",
          "try_cast(%S AS DOUBLE)",
          "(%D + %D)",
          "(%D - %D)",
          "(%D * %D)",
          "(%D / %D)",
          "(%I / %I)",
          "try_divide(%D, d)",
          "try_divide(%D, %D)",
          "try_divide(%D, 0)",
          "(%D / CAST(NULL AS DOUBLE))",
          "(%D %% %D)",
          "(-%D)",
          "abs(%D)",
          "sqrt(%D)",
          "round(%D, 1)",
          "bround(%D, 0)",
          "nanvl(%D, %D)",
          "greatest(%D, %D)",
          "least(%D, %D)",
          "signum(%D)",
          "CAST(%T AS DOUBLE)",
          "if(%B, %D, %D)",
          "coalesce(%D, %I)",
          "CAST(CAST(%D AS FLOAT) AS DOUBLE)");
  private static final List<String> DECIMALS =
      List.of(
          "m",
          "m2",
          "1.50",
          "CAST(%I AS DECIMAL(12,1))",
          "CAST(%S AS DECIMAL(10,2))",
          "try_cast(%D AS DECIMAL(6,2))",
          "CAST(%D AS DECIMAL(6,2))",
          "CAST(f AS DECIMAL(12,6))",
          "CAST(%L AS DECIMAL(5,1))",
          "CAST(%M AS DECIMAL(7,1))",
          "try_divide(%M, %M)",
          "try_add(%M, %M)",
          "(%M * %M)",
          "(m * (1 - m2))",
          "pmod(%M, m2)",
          "(%M + %M)",
          "(%M - %M)",
          "(m * m2)",
          "(%M * 2)",
          "(%M / 3)",
          "(m %% 1.7)",
          "(-%M)",
          "abs(%M)",
          "round(%M, 1)",
          "bround(%M, 0)",
          "round(%M, -1)",
          "ceil(%M)",
          "floor(%M)",
          "CAST(%M AS DECIMAL(38,4))",
          "greatest(%M, %M)",
          "coalesce(%M, 0)",
          "if(%B, %M, %M)");
  private static final List<String> TEXTS =
      List.of(
          "s",
          "s2",
          "'a'",
          "''",
          "CAST(NULL AS STRING)",
          "upper(%S)",
          "lower(%S)",
          "trim(%S)",
          "ltrim(%S)",
          "rtrim(%S)",
          "reverse(%S)",
          "concat(%S, %S)",
          "(%S || '-' || %I)",
          "concat_ws(',', %S, %S)",
          "substring(%S, 2)",
          "substring(%S, -3, 2)",
          "substring(%S, %I, 2)",
          "substring(%S, %D, 3)",
          "initcap(%S)",
          "substr(%S, 1, %k)",
          "left(%S, %k)",
          "right(%S, 2)",
          "lpad(%S, 5, '*')",
          "rpad(%S, 4, 'xy')",
          "repeat(%S, 2)",
          "replace(%S, 'a', 'bb')",
          "translate(%S, 'abc', 'x')",
          "regexp_replace(%S, '[0-9]+', '#')",
          "regexp_extract(%S, '([a-z]+)', 1)",
          "split(%S, ' ')[0]",
          "split_part(%S, ',', 2)",
          "substring_index(%S, ' ', 1)",
          "md5(%X)",
          "sha2(%X, 256)",
          "CAST(%I AS STRING)",
          "CAST(%L AS STRING)",
          "CAST(%D AS STRING)",
          "CAST(f AS STRING)",
          "CAST(%M AS STRING)",
          "CAST(%B AS STRING)",
          "CAST(%A AS STRING)",
          "CAST(%T AS STRING)",
          "CAST(nt AS STRING)",
          "CAST(x AS STRING)",
          "CAST(%R AS STRING)",
          "CAST(st AS STRING)",
          "date_format(%T, 'yyyy-MM-dd HH:mm:ss')",
          "date_format(%A, 'EEE d MMM yy')",
          "from_unixtime(%I)",
          "st.q",
          "array_join(texts, '/')",
          "array_join(texts, '/', 'none')",
          "coalesce(%S, %S)",
          "if(%B, %S, %S)",
          "CASE WHEN %B THEN %S END",
          "greatest(%S, %S)",
          "least(%S, %S)",
          "nullif(%S, 'a')",
          "chr(%I)",
          "btrim(%S, ' a')");
  private static final List<String> DATES =
      List.of(
          "dt",
          "DATE'2020-02-29'",
          "date_add(%A, %k)",
          "date_sub(%A, %k)",
          "add_months(%A, %k)",
          "last_day(%A)",
          "next_day(%A, 'MON')",
          "trunc(%A, 'MONTH')",
          "trunc(%A, 'WEEK')",
          "CAST(%T AS DATE)",
          "CAST(%S AS DATE)",
          "to_date(%S)",
          "try_cast(%S AS DATE)",
          "make_date(2000 + %k, 1 + %k, 1)",
          "(%A + INTERVAL '1' MONTH)",
          "coalesce(%A, %A)",
          "greatest(%A, %A)");
  private static final List<String> TIMES =
      List.of(
          "ts",
          "TIMESTAMP'1969-12-31 23:59:59.999999'",
          "CAST(%A AS TIMESTAMP)",
          "CAST(nt AS TIMESTAMP)",
          "date_trunc('HOUR', %T)",
          "date_trunc('MONTH', %T)",
          "date_trunc('WEEK', %T)",
          "(%T + INTERVAL 90 MINUTES)",
          "(%T - INTERVAL '1 02:03:04.5' DAY TO SECOND)",
          "timestamp_seconds(%I)",
          "timestamp_millis(%I)",
          "timestamp_micros(%I)",
          "CAST(%S AS TIMESTAMP)",
          "to_timestamp(%S)",
          "CAST(%I AS TIMESTAMP)",
          "from_utc_timestamp(%T, 'Asia/Kolkata')",
          "to_utc_timestamp(%T, 'America/New_York')",
          "if(%B, %T, %T)",
          "least(%T, %T)");
  private static final List<String> ARRAYS =
      List.of(
          "ai",
          "array(%I, %I, NULL)",
          "array(%k, %k)",
          "sequence(1, %k)",
          "if(%B, sequence(0, %k), %R)",
          "if(%B, %R, array(%k))",
          "CASE WHEN %B THEN array(1) WHEN %B THEN %R ELSE sequence(%k, %k) END",
          "flatten(array(%R, sequence(0, %k)))",
          "flatten(array(sequence(0, %k), %R, %R))",
          "flatten(array(array(1), CAST(NULL AS ARRAY<INT>)))",
          "coalesce(sequence(0, %k), %R)",
          "greatest(array(1, %k), %R)",
          "array_distinct(%R)",
          "sort_array(%R)",
          "sort_array(%R, false)",
          "reverse(%R)",
          "slice(%R, 1, 2)",
          "concat(%R, %R)",
          "coalesce(%R, ai)",
          "if(%B, %R, ai)");
  private static final List<String> BINARIES =
      List.of("x", "CAST(%S AS BINARY)", "coalesce(%X, x)", "concat(%X, x)", "substring(%X, 2, 2)");
  private static final List<String> OTHERS =
      List.of(
          "st",
          "texts",
          "named_struct('a', %I, 'b', %S)",
          "array(%S, %S)",
          "map('k', %I)",
          "map_keys(map('k', %I))",
          "map(%k, %S)[1]",
          "array_position(ai, 1)",
          "get(ai, %k)",
          "split(%S, ',')",
          "split(%S, '')",
          "array(%D, f)",
          "struct(%I, %D)",
          "CAST(%I AS FLOAT)",
          "(y + y)",
          "(y * CAST(%k AS TINYINT))",
          "(h - CAST(32767 AS SMALLINT))",
          "(y + h)",
          "(h * h)",
          "(-y)",
          "abs(h)",
          "(y %% h)",
          "(y div y)",
          "try_add(y, CAST(120 AS TINYINT))",
          "(y & h)",
          "CAST(%A AS INT)",
          "CAST(%I AS DATE)",
          "CAST(%B AS TIMESTAMP)",
          "CAST(%I AS BINARY)",
          "CAST(%T AS BOOLEAN)",
          "(nothing + 1)",
          "if(%B, named_struct('a', 1, 'b', 'x'), named_struct('a', %I, 'b', %S))",
          "array(st, named_struct('p', %k, 'q', %S))",
          "map(1, %R, 2, sequence(1, %k))",
          "coalesce(st, named_struct('p', 1, 'q', 'x'))",
          "(f + i)",
          "(f * y)",
          "-f",
          "CAST(nt AS DATE)",
          "CAST(ts AS TIMESTAMP_NTZ)",
          "(nt = nt)",
          "(ts < nt)",
          "(dt <= ts)",
          "(ts - ts)",
          "(dt - DATE'2000-01-01')",
          "CAST(%S AS BOOLEAN)",
          "months_between(%T, %T)",
          "array_max(array(%D, %D))");

  private final SplittableRandom random;

  RandomExpressions(SplittableRandom random) {
    this.random = random;
  }

  /** An expression of any type. */
  String next() {
    int kind = random.nextInt(Kind.values().length + 1);
    return kind == Kind.values().length
        ? fill(pick(OTHERS), 2)
        : of(Kind.values()[kind], 1 + random.nextInt(3));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** An expression of a kind; at depth 0 a column or a literal. */
  private String of(Kind kind, int depth) {
    List<String> patterns =
        switch (kind) {
          case BOOL -> BOOLS;
          case INT -> INTS;
          case LONG -> LONGS;
          case DOUBLE -> DOUBLES;
          case DECIMAL -> DECIMALS;
          case TEXT -> TEXTS;
          case DATE -> DATES;
          case TIME -> TIMES;
          case ARRAY -> ARRAYS;
          case BINARY -> BINARIES;
        };
    return depth == 0 ? patterns.getFirst() : fill(pick(patterns), depth - 1);
  }

  private String fill(String pattern, int depth) {
    Kind orderable =
        pick(
            List.of(
                Kind.INT, Kind.LONG, Kind.DOUBLE, Kind.DECIMAL, Kind.TEXT, Kind.DATE, Kind.TIME));
    StringBuilder out = new StringBuilder();
    boolean isHole = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!isHole) {
        isHole = c == '%';
        out.append(isHole ? "" : c);
        continue;
      }
      isHole = false;
      out.append(
          switch (c) {
            case 'B' -> leafOr(Kind.BOOL, depth);
            case 'I' -> leafOr(Kind.INT, depth);
            case 'L' -> leafOr(Kind.LONG, depth);
            case 'D' -> leafOr(Kind.DOUBLE, depth);
            case 'M' -> leafOr(Kind.DECIMAL, depth);
            case 'N' ->
                leafOr(pick(List.of(Kind.INT, Kind.LONG, Kind.DOUBLE, Kind.DECIMAL)), depth);
            case 'S' -> leafOr(Kind.TEXT, depth);
            case 'A' -> leafOr(Kind.DATE, depth);
            case 'T' -> leafOr(Kind.TIME, depth);
            case 'R' -> leafOr(Kind.ARRAY, depth);
            case 'X' -> leafOr(Kind.BINARY, depth);
            case 'O' -> leafOr(orderable, depth);
            case 'k' -> String.valueOf(random.nextInt(5));
            default -> "%";
          });
    }
    return out.toString();
  }

  /** A second column of the kind, one time in two where there is one, tells operands apart. */
  private String leafOr(Kind kind, int depth) {
    if (depth > 0) {
      return of(kind, depth);
    }
    boolean second = random.nextBoolean();
    return switch (kind) {
      case BOOL -> second ? "b" : "b2";
      case INT -> second ? "i" : "i2";
      case LONG -> second ? "l" : "l2";
      case DOUBLE -> second ? "d" : "d2";
      case DECIMAL -> second ? "m" : "m2";
      case TEXT -> second ? "s" : "s2";
      case DATE -> "dt";
      case TIME -> "ts";
      case ARRAY -> "ai";
      case BINARY -> "x";
    };
  }
}
