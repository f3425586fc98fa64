package io.arrowmill.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Text to expressions: how tightly operators bind, what constants stand for, which calls the
 * special forms are.
 */
final class SqlExpressionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a + b * c                    | (a + (b * c))
          (a + b) * c                  | ((a + b) * c)
          a - b - c                    | ((a - b) - c)
          a DIV b % c                  | ((a div b) % c)
          a + b << 2                   | shiftleft((a + b), 2)
          a >> 1 >>> 2                 | shiftrightunsigned(shiftright(a, 1), 2)
          -a * b                       | ((- a) * b)
          - (1)                        | (- 1)
          a = b                        | (a = b)
          a == b                       | (a = b)
          a <> b                       | (a != b)
          a != b                       | (a != b)
          a <=> b                      | (a <=> b)
          a < b AND c >= d             | ((a < b) AND (c >= d))
          a OR b AND c                 | (a OR (b AND c))
          NOT a AND b                  | ((NOT a) AND b)
          NOT a = b                    | (NOT (a = b))
          ! a                          | (NOT a)
          NOT (a) = b                  | (NOT (a = b))
          a BETWEEN 1 AND 2 AND b      | (((a >= 1) AND (a <= 2)) AND b)
          a NOT BETWEEN 1 AND 2        | (NOT ((a >= 1) AND (a <= 2)))
          a IN (1, 2)                  | (a IN (1, 2))
          a NOT IN ('x')               | (NOT (a IN (x)))
          a LIKE 'x%'                  | a LIKE x%
          a NOT LIKE 'x%'              | (NOT a LIKE x%)
          a ILIKE 'x%'                 | ilike(a, x%)
          a RLIKE 'x+'                 | rlike(a, x+)
          a REGEXP 'x+'                | rlike(a, x+)
          a IS NULL                    | (a IS NULL)
          a IS NOT NULL                | (a IS NOT NULL)
          a = b IS NULL                | ((a = b) IS NULL)
          a IS TRUE                    | (a <=> true)
          a IS NOT FALSE               | (NOT (a <=> false))
          a IS UNKNOWN                 | (a IS NULL)
          a IS DISTINCT FROM b         | (NOT (a <=> b))
          a IS NOT DISTINCT FROM b     | (a <=> b)
          a.b.c                        | a.b.c
          a[0]                         | a[0]
          a.b[0].c                     | a.b[0][c]
          (a).b                        | a[b]
          f(a).b                       | f(a)[b]
          m['k'][1]                    | m[k][1]
          window.end                   | window.end
          `a b`.`c.d`                  | a b.c.d
          COUNT(*)                     | count(1)
          count(DISTINCT a, b)         | count(DISTINCT a, b)
          sum(a) FILTER (WHERE b > 1)  | sum(a) FILTER (WHERE (b > 1))
          first(a) IGNORE NULLS        | first(a, true)
          last(a) RESPECT NULLS FILTER (WHERE b) | last(a, false) FILTER (WHERE b)
          Left(a, 2)                   | left(a, 2)
          if(a, 1, 2)                  | if(a, 1, 2)
          date(a)                      | date(a)
          window(ts, '10 minutes', '5 minutes') | window(ts, 10 minutes, 5 minutes)
          EXTRACT(YEAR FROM ts)        | date_part(year, ts)
          POSITION('a' IN b)           | position(a, b)
          position('a', b)             | position(a, b)
          SUBSTRING(a FROM 2 FOR 3)    | substring(a, 2, 3)
          SUBSTR(a FROM 2)             | substring(a, 2)
          substring(a, 2, 3)           | substring(a, 2, 3)
          TRIM(BOTH 'x' FROM a)        | btrim(a, x)
          TRIM('x' FROM a)             | btrim(a, x)
          TRIM(LEADING 'x' FROM a)     | ltrim(x, a)
          TRIM(TRAILING FROM a)        | rtrim(a)
          trim(a)                      | trim(a)
          CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END | CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END
          TIMESTAMP '2026-1-2 3:04:05.5' | CAST(2026-01-02 03:04:05.5 AS TIMESTAMP)
          TIMESTAMP '2026-01-02'       | CAST(2026-01-02 00:00:00 AS TIMESTAMP)
          CASE a WHEN 1 THEN 'x' END   | CASE WHEN (a = 1) THEN x END
          CAST(a AS DECIMAL(10, 2))    | CAST(a AS DECIMAL(10,2))
          TRY_CAST(a AS array<array<int>>) | TRY_CAST(a AS ARRAY<ARRAY<INT>>)
          a::bigint + 1                | (CAST(a AS BIGINT) + 1)
          CAST(a AS struct<x: int, y: map<string, double>>) | CAST(a AS STRUCT<x: INT, y: MAP<STRING, DOUBLE>>)
          (a, 1)                       | struct(a, 1)
          t.*                          | t.*
          a -- the rest                | a
          a /* x /* y */ z */ + 1      | (a + 1)
          """)
  void bindsOperatorsAsSparkDoes(String text, String expected) {
    assertThat(sql(text)).isEqualTo(expected);
  }

  @Test
  void bindsBitsTighterThanComparisons() {
    assertThat(sql("a & b ^ c | d = 1")).isEqualTo("((((a & b) ^ c) | d) = 1)");
    assertThat(sql("a || b || 'x'")).isEqualTo("concat(concat(a, b), x)");
    assertThat(sql("~a + 1")).isEqualTo("(~(a) + 1)");
  }

  static Stream<Arguments> literals() {
    return Stream.of(
        Arguments.of("1", 1, DataTypes.INTEGER),
        Arguments.of("-1", -1, DataTypes.INTEGER),
        Arguments.of("2147483647", Integer.MAX_VALUE, DataTypes.INTEGER),
        Arguments.of("2147483648", 2147483648L, DataTypes.LONG),
        Arguments.of("-2147483648", Integer.MIN_VALUE, DataTypes.INTEGER),
        Arguments.of("-9223372036854775808", Long.MIN_VALUE, DataTypes.LONG),
        Arguments.of(
            "9223372036854775808", new BigDecimal("9223372036854775808"), DataTypes.decimal(19, 0)),
        Arguments.of("5L", 5L, DataTypes.LONG),
        Arguments.of("-9223372036854775808L", Long.MIN_VALUE, DataTypes.LONG),
        Arguments.of("5S", (short) 5, DataTypes.SHORT),
        Arguments.of("-128Y", (byte) -128, DataTypes.BYTE),
        Arguments.of("1.5", new BigDecimal("1.5"), DataTypes.decimal(2, 1)),
        Arguments.of(".05", new BigDecimal("0.05"), DataTypes.decimal(2, 2)),
        Arguments.of("10.00", new BigDecimal("10.00"), DataTypes.decimal(4, 2)),
        Arguments.of("7BD", new BigDecimal("7"), DataTypes.decimal(1, 0)),
        Arguments.of("1e3", 1000.0, DataTypes.DOUBLE),
        Arguments.of("1.5D", 1.5, DataTypes.DOUBLE),
        Arguments.of("-1.5d", -1.5, DataTypes.DOUBLE),
        Arguments.of("2F", 2f, DataTypes.FLOAT),
        Arguments.of("TRUE", true, DataTypes.BOOLEAN),
        Arguments.of("false", false, DataTypes.BOOLEAN),
        Arguments.of("NULL", null, DataTypes.NULL),
        Arguments.of("'it''s'", "it's", DataTypes.STRING),
        Arguments.of("\"it's\"", "it's", DataTypes.STRING),
        Arguments.of("'a' 'b'", "ab", DataTypes.STRING),
        Arguments.of("'a\\tb\\n\\\\\\''", "a\tb\n\\'", DataTypes.STRING),
        Arguments.of("'\\u0041\\101\\%\\_'", "AA\\%\\_", DataTypes.STRING),
        Arguments.of("r'a\\tb'", "a\\tb", DataTypes.STRING),
        Arguments.of("''", "", DataTypes.STRING),
        Arguments.of("DATE '2026-02-28'", LocalDate.of(2026, 2, 28), DataTypes.DATE),
        Arguments.of("DATE '2026-2-8'", LocalDate.of(2026, 2, 8), DataTypes.DATE),
        Arguments.of(
            "TIMESTAMP '2026-01-02 03:04:05.5Z'",
            Instant.parse("2026-01-02T03:04:05.500Z"),
            DataTypes.TIMESTAMP),
        Arguments.of(
            "TIMESTAMP '2026-01-02T03:04:05+01:00'",
            Instant.parse("2026-01-02T02:04:05Z"),
            DataTypes.TIMESTAMP),
        Arguments.of(
            "TIMESTAMP '2026-07-02 03:04:05 Europe/Berlin'",
            Instant.parse("2026-07-02T01:04:05Z"),
            DataTypes.TIMESTAMP),
        Arguments.of(
            "TIMESTAMP_NTZ '2026-01-02 03:04:05'",
            LocalDateTime.of(2026, 1, 2, 3, 4, 5),
            DataTypes.TIMESTAMP_NTZ),
        Arguments.of("INTERVAL 1 hour", Duration.ofHours(1), DataTypes.dayTimeInterval()),
        Arguments.of("INTERVAL '1' DAY", Duration.ofDays(1), DataTypes.dayTimeInterval()),
        Arguments.of("INTERVAL -5 MINUTES", Duration.ofMinutes(-5), DataTypes.dayTimeInterval()),
        Arguments.of(
            "INTERVAL 1 DAY 2 HOURS 1.5 SECONDS",
            Duration.ofMillis(93_601_500),
            DataTypes.dayTimeInterval()),
        Arguments.of("INTERVAL '10 minutes'", Duration.ofMinutes(10), DataTypes.dayTimeInterval()),
        Arguments.of(
            "INTERVAL '1 02:03:04.000005' DAY TO SECOND",
            Duration.parse("PT26H3M4.000005S"),
            DataTypes.dayTimeInterval()),
        Arguments.of(
            "INTERVAL -'02:30' HOUR TO MINUTE",
            Duration.ofMinutes(-150),
            DataTypes.dayTimeInterval()),
        Arguments.of("INTERVAL 14 months", Period.of(1, 2, 0), DataTypes.yearMonthInterval()),
        Arguments.of(
            "INTERVAL '1-2' YEAR TO MONTH", Period.of(1, 2, 0), DataTypes.yearMonthInterval()));
  }

  @ParameterizedTest
  @MethodSource("literals")
  void readsConstants(String text, Object value, DataType type) {
    assertThat(SqlParser.parseExpression(text)).isEqualTo(new Literal(value, type));
  }

  @Test
  void readsBinaryConstants() {
    assertThat(((Literal) SqlParser.parseExpression("X'0aFF'")).value())
        .isEqualTo(new byte[] {0x0a, (byte) 0xff});
    assertThat(((Literal) SqlParser.parseExpression("x'F'")).value()).isEqualTo(new byte[] {0x0f});
  }

  @Test
  void namesExpressions() {
    assertThat(SqlParser.parseNamedExpressions("a + 1 AS b, c d, e"))
        .extracting(Expression::sql)
        .containsExactly("(a + 1) AS b", "c AS d", "e");
    assertThat(SqlParser.parseExpression("count(*) AS `n rows`"))
        .isInstanceOfSatisfying(Alias.class, alias -> assertThat(alias.name()).isEqualTo("n rows"));
  }

  @Test
  void keepsTheEscapeOfLike() {
    assertThat(SqlParser.parseExpression("a LIKE 'x!%' ESCAPE '!'"))
        .isInstanceOfSatisfying(
            UnresolvedFunction.class,
            like ->
                assertThat(like.arguments().getLast())
                    .isEqualTo(new Literal("!", DataTypes.STRING)));
  }

  @Test
  void marksTryCasts() {
    assertThat(SqlParser.parseExpression("try_cast(a AS int)"))
        .isInstanceOfSatisfying(Cast.class, cast -> assertThat(cast.tryMode()).isTrue());
  }

  @Test
  void keepsKeywordsFreeAsNames() {
    for (String word : List.of("end", "date", "filter", "first", "value", "stream", "to", "year")) {
      assertThat(sql(word + " + 1")).isEqualTo("(" + word + " + 1)");
    }
  }

  @Test
  void keepsLongChainsShallow() {
    int count = 1_000;
    for (String operator : List.of(" AND ", " OR ")) {
      Expression chain =
          SqlParser.parseExpression(
              IntStream.range(0, count)
                  .mapToObj(i -> "a = " + i)
                  .collect(Collectors.joining(operator)));
      assertThat(leaves(chain)).isEqualTo(2 * count);
      assertThat(depth(chain)).isLessThanOrEqualTo(12);
    }
    Expression sum = SqlParser.parseExpression("1" + " + 1".repeat(count - 1));
    assertThat(leaves(sum)).isEqualTo(count);
  }

  @Test
  void readsDeepNestingOrSaysThatItIsTooDeep() {
    int depth = 1_000;
    assertThat(sql("(".repeat(depth) + "a" + ")".repeat(depth))).isEqualTo("a");
    int tooDeep = 200_000;
    for (String text :
        List.of("(".repeat(tooDeep) + "a" + ")".repeat(tooDeep), "NOT ".repeat(tooDeep) + "a")) {
      assertThatExceptionOfType(AnalysisException.class)
          .isThrownBy(() -> SqlParser.parseExpression(text))
          .extracting(AnalysisException::condition)
          .isEqualTo("FAILED_TO_PARSE_TOO_COMPLEX");
    }
  }

  private static String sql(String text) {
    return SqlParser.parseExpression(text).sql();
  }

  private static int leaves(Expression expression) {
    return expression.children().isEmpty()
        ? 1
        : expression.children().stream().mapToInt(SqlExpressionTest::leaves).sum();
  }

  private static int depth(Expression expression) {
    return 1 + expression.children().stream().mapToInt(SqlExpressionTest::depth).max().orElse(0);
  }
}
