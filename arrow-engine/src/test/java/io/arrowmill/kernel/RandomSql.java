package io.arrowmill.kernel;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import io.arrowmill.types.TypeParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random rows, and random SQL over their columns. */
final class RandomSql {
  static final StructType SCHEMA =
      (StructType)
          new TypeParser(
                  "struct<y:tinyint,s:smallint,i:int,j:int,l:bigint,k:bigint,f:float,d:double,"
                      + "e:double,b:boolean,c:boolean,t:string,u:string,z:binary,x:date,w:date,"
                      + "ts:timestamp,tz:timestamp,n:timestamp_ntz,m:decimal(10,2),p:decimal(18,4),"
                      + "q:decimal(38,6),iv:interval day to second>")
              .parseType();

  private static final String[] WORDS = {
    "", "a", "ab", "abc", "Abba", "%", "_", "zebra", "Ünïcödé", "straße", "日本語", "😀x", " pad ",
    "12"
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    -2.5,
    1e300,
    -1e300,
    127.9,
    128,
    2147483647.5,
    0x1p63,
    -0x1p63,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    0.1,
    1000
  };
  private static final long[] LONGS = {
    0,
    1,
    -1,
    2,
    7,
    31,
    127,
    -128,
    128,
    32767,
    -32768,
    32768,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 62
  };

  private final RandomGenerator random;

  RandomSql(RandomGenerator random) {
    this.random = random;
  }

  /** Rows of the schema; a quarter of the values are null unless {@code dense}. */
  List<Row> rows(int count, boolean dense) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int field = 0; field < SCHEMA.size(); field++) {
        values.add(!dense && random.nextInt(4) == 0 ? null : value(SCHEMA.field(field).name()));
      }
      rows.add(Row.withSchema(SCHEMA, values));
    }
    return rows;
  }

  private Object value(String column) {
    return switch (column) {
      case "y" -> (byte) whole();
      case "s" -> (short) whole();
      case "i", "j" -> (int) whole();
      case "l", "k" -> whole();
      case "f" -> (float) floating();
      case "d", "e" -> floating();
      case "b", "c" -> random.nextBoolean();
      case "t", "u" -> pick(WORDS);
      case "z" -> pick(WORDS).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case "x", "w" -> LocalDate.ofEpochDay(random.nextInt(-800_000, 800_000));
      case "ts", "tz" -> Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
      case "n" ->
          LocalDateTime.ofInstant(Instant.EPOCH.plus(micros(), ChronoUnit.MICROS), ZoneOffset.UTC);
      case "m" -> decimal(10, 2);
      case "p" -> decimal(18, 4);
      case "q" -> decimal(38, 6);
      case "iv" -> Duration.of(random.nextLong(-1L << 45, 1L << 45), ChronoUnit.MICROS);
      default -> throw new IllegalArgumentException(column);
    };
  }

  private long micros() {
    return random.nextBoolean()
        ? random.nextLong(-1L << 55, 1L << 55)
        : random.nextLong(-5, 5) * 3_600_000_000L;
  }

  private long whole() {
    return random.nextBoolean()
        ? LONGS[random.nextInt(LONGS.length)]
        : random.nextLong() >> random.nextInt(64);
  }

  private double floating() {
    return random.nextInt(3) > 0
        ? DOUBLES[random.nextInt(DOUBLES.length)]
        : random.nextGaussian() * Math.pow(10, random.nextInt(-3, 12));
  }

  private BigDecimal decimal(int precision, int scale) {
    BigInteger limit = BigInteger.TEN.pow(1 + random.nextInt(precision));
    BigInteger unscaled =
        new BigInteger(limit.bitLength() + 8, new java.util.Random(random.nextLong())).mod(limit);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  // ---- SQL ----------------------------------------------------------------------------------

  /** An expression of any flat type. */
  String expression(int depth) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> bool(depth);
      case 2, 3 -> integral(depth);
      case 4 -> real(depth);
      case 5 -> time(depth);
      case 6 ->
          pick("if(%s, %s, %s)", "coalesce(%2$s, %3$s)")
              .formatted(bool(depth - 1), integral(depth - 1), integral(depth - 1));
      default -> text(depth);
    };
  }

  String bool(int depth) {
    if (depth <= 0) {
      return pick("b", "c", "true", "b", "i < j", "isnull(l)", "d > e", "t = u");
    }
    return switch (random.nextInt(11)) {
      case 0 -> "(%s AND %s)".formatted(bool(depth - 1), bool(depth - 1));
      case 1 -> "(%s OR %s)".formatted(bool(depth - 1), bool(depth - 1));
      case 2 -> "(NOT %s)".formatted(bool(depth - 1));
      case 3 -> "(%s %s %s)".formatted(integral(depth - 1), compare(), integral(depth - 1));
      case 4 -> "(%s %s %s)".formatted(real(depth - 1), compare(), real(depth - 1));
      case 5 ->
          pick(
                  "(%s " + compare() + " %s)",
                  "startswith(%s, %s)",
                  "endswith(%s, %s)",
                  "contains(%s, %s)",
                  "((%s LIKE '%%b') OR isnull(%s))",
                  "((%s LIKE 'a%%') OR t = %s)",
                  "((%s LIKE '%%b%%') = (u = %s))")
              .formatted(text(depth - 1), text(depth - 1));
      case 6 -> "(%s %s %s)".formatted(instant(depth - 1), compare(), instant(depth - 1));
      case 7 ->
          pick(
              "i IN (1, 2, 7, NULL)",
              "l IN (0, -1, 127)",
              "t IN ('a', 'ab', '')",
              "d IN (0.0D, 1.5D)",
              "i IN (j, 1)",
              "m IN (0.00, 1.00)",
              "x IN (DATE'1970-01-01', w)",
              "z IN (X'61')");
      case 8 ->
          pick("isnull(%s)", "isnotnull(%s)", "isnull(%s + 1)", "isnan(%s)")
              .formatted(real(depth - 1));
      case 9 -> pick("m < p", "m = q", "y <=> s", "z < X'6162'", "x <= w", "iv > INTERVAL '1' DAY");
      default ->
          "CASE WHEN %s THEN %s WHEN %s THEN %s END"
              .formatted(bool(depth - 1), bool(depth - 1), bool(depth - 1), bool(depth - 1));
    };
  }

  private String compare() {
    return pick("=", "!=", "<", "<=", ">", ">=", "<=>");
  }

  String integral(int depth) {
    if (depth <= 0) {
      return pick("y", "s", "i", "j", "l", "k", "1", "-7", "100000", "0");
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2 ->
          "(%s %s %s)"
              .formatted(integral(depth - 1), pick("+", "-", "*", "%"), integral(depth - 1));
      case 3 -> "(%s div %s)".formatted(integral(depth - 1), integral(depth - 1));
      case 4 -> pick("(- %s)", "abs(%s)", "(~ %s)", "round(%s)").formatted(integral(depth - 1));
      case 5 ->
          "(%s %s %s)".formatted(integral(depth - 1), pick("&", "|", "^"), integral(depth - 1));
      case 6 ->
          "%s(%s, %s)"
              .formatted(
                  pick("greatest", "least", "coalesce", "nullif", "pmod"),
                  integral(depth - 1),
                  integral(depth - 1));
      case 7 ->
          pick("cast(%s as %s)", "try_cast(%s as %s)")
              .formatted(
                  pick(integral(depth - 1), real(depth - 1), bool(depth - 1)),
                  pick("tinyint", "smallint", "int", "bigint"));
      case 8 -> pick("shiftleft(i, j)", "shiftright(l, j)", "shiftrightunsigned(l, 3)");
      case 9 ->
          pick("ceil(%s)", "floor(%s)", "length(t) + length(z)", "octet_length(u)")
              .formatted(real(depth - 1));
      case 10 ->
          pick("try_add", "try_subtract", "try_multiply")
              + "(%s, %s)".formatted(integral(depth - 1), integral(depth - 1));
      default ->
          pick(
              "year(x)",
              "quarter(x)",
              "month(ts)",
              "day(x)",
              "dayofyear(x)",
              "dayofweek(x)",
              "weekofyear(x)",
              "hour(ts)",
              "minute(n)",
              "second(tz)",
              "datediff(x, w)",
              "unix_seconds(ts)",
              "unix_millis(ts)",
              "unix_micros(ts)",
              "cast(ts as bigint)",
              "cast(tz as int)");
    };
  }

  String real(int depth) {
    if (depth <= 0) {
      return pick("d", "e", "f", "1.5D", "0.0D", "cast('NaN' as double)");
    }
    return switch (random.nextInt(8)) {
      case 0, 1 ->
          "(%s %s %s)".formatted(real(depth - 1), pick("+", "-", "*", "/", "%"), real(depth - 1));
      case 2 -> "(%s / %s)".formatted(integral(depth - 1), integral(depth - 1));
      case 3 ->
          pick(
                  "sqrt",
                  "cbrt",
                  "exp",
                  "ln",
                  "log10",
                  "log2",
                  "sin",
                  "cos",
                  "tan",
                  "degrees",
                  "radians",
                  "sign",
                  "round",
                  "abs",
                  "negative",
                  "bround")
              + "(%s)".formatted(real(depth - 1));
      case 4 ->
          "%s(%s, %s)"
              .formatted(
                  pick("greatest", "least", "coalesce", "nanvl", "pow", "try_divide", "pmod"),
                  real(depth - 1),
                  real(depth - 1));
      case 5 ->
          "cast(%s as %s)"
              .formatted(pick(integral(depth - 1), real(depth - 1)), pick("float", "double"));
      case 6 -> pick("round(d, 2)", "round(d, -1)", "bround(e, 1)", "cast(ts as double)");
      default -> "if(%s, %s, %s)".formatted(bool(depth - 1), real(depth - 1), real(depth - 1));
    };
  }

  private String time(int depth) {
    return random.nextBoolean() ? instant(depth) : date(depth);
  }

  private String date(int depth) {
    return depth <= 0
        ? pick("x", "w", "DATE'2024-02-29'")
        : pick(
                "date_add(%s, i)",
                "date_sub(%s, y)",
                "greatest(%s, w)",
                "coalesce(%s, w)",
                "cast(ts as date)",
                "cast(n as date)",
                "if(b, %s, w)")
            .formatted(date(depth - 1));
  }

  private String instant(int depth) {
    return depth <= 0
        ? pick("ts", "tz", "TIMESTAMP'2024-02-29 12:34:56.789'")
        : pick(
                "(%s + iv)",
                "(%s - INTERVAL '2' HOUR)",
                "date_trunc('HOUR', %s)",
                "date_trunc('day', %s)",
                "cast(x as timestamp)",
                "timestamp_seconds(l)",
                "timestamp_millis(k)",
                "timestamp_micros(i)",
                "window(%s, '10 minutes').start",
                "window(%s, '7 seconds', '7 seconds', '2 seconds').end",
                "cast(n as timestamp)",
                "least(%s, tz)")
            .formatted(instant(depth - 1));
  }

  String text(int depth) {
    if (depth <= 0) {
      return pick("t", "u", "'ab'", "''", "'Ünï'");
    }
    return switch (random.nextInt(5)) {
      case 0 -> pick("lower(%s)", "upper(%s)").formatted(text(depth - 1));
      case 1 -> "concat(%s, %s, u)".formatted(text(depth - 1), text(depth - 1));
      case 2 ->
          pick(
                  "substring(%s, 2, 3)",
                  "substring(%s, -2, 1)",
                  "substring(%s, i, j)",
                  "substring(%s, 0, 2)",
                  "substring(%s, -9, 8)")
              .formatted(text(depth - 1));
      default ->
          "%s(%s, %s)"
              .formatted(
                  pick("coalesce", "greatest", "least", "nullif"),
                  text(depth - 1),
                  text(depth - 1));
    };
  }
}
