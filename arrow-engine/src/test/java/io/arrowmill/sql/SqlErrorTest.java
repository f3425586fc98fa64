package io.arrowmill.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.arrowmill.AnalysisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about text that is no SQL. */
final class SqlErrorTest {

  @Test
  void pointsAtTheToken() {
    AnalysisException error = error("SELECT a,\n  FROM t\nWHERE b");
    assertThat(error.condition()).isEqualTo("PARSE_SYNTAX_ERROR");
    assertThat(error)
        .hasMessageContaining("line=2, position=2, found='FROM'")
        .hasMessageEndingWith("\n  FROM t\n  ^^^^");
  }

  @Test
  void saysWhatIsExpectedWhereThatIsLittle() {
    assertThat(error("SELECT a FROM t GROUP a"))
        .hasMessageContaining("found='a', expected='BY'")
        .hasMessageEndingWith("\nSELECT a FROM t GROUP a\n" + " ".repeat(22) + "^");
  }

  @Test
  void pointsBehindTheEnd() {
    assertThat(error("SELECT a FROM"))
        .hasMessageContaining("line=1, position=13, found=end of text")
        .hasMessageEndingWith("\nSELECT a FROM\n" + " ".repeat(13) + "^");
  }

  @Test
  void remarksAnOpenQuote() {
    assertThat(error("SELECT 'abc FROM t"))
        .hasMessageContaining("position=7, found='''")
        .hasMessageContaining("close the quote");
  }

  @Test
  void keepsTabsAboveTheCaret() {
    assertThat(error("SELECT\t)")).hasMessageEndingWith("\nSELECT\t)\n      \t^");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "SELEC a",
        "SELECT a FROM t WHERE",
        "SELECT a b c FROM t",
        "SELECT (a FROM t",
        "SELECT a FROM t LIMIT x",
        "SELECT a FROM t JOIN",
        "SELECT CAST(a AS) FROM t",
        "SELECT CASE WHEN a THEN 1 FROM t",
        "SELECT a ~ b FROM t",
        "SELECT a FROM t; SELECT b FROM t",
        "SELECT a AS select FROM t"
      })
  void refuses(String text) {
    assertThat(error(text).condition()).isEqualTo("PARSE_SYNTAX_ERROR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SELECT 128Y                          | INVALID_NUMERIC_LITERAL_RANGE
          SELECT 1e400                         | INVALID_NUMERIC_LITERAL_RANGE
          SELECT DATE '2026-02-30'             | INVALID_TYPED_LITERAL
          SELECT TIMESTAMP 'noon'              | INVALID_TYPED_LITERAL
          SELECT INTERVAL 1 MONTH 1 DAY        | UNSUPPORTED_FEATURE.CALENDAR_INTERVAL
          SELECT INTERVAL '25' DAY TO SECOND   | INVALID_INTERVAL_FORMAT
          SELECT INTERVAL 5 PARSECS            | CANNOT_PARSE_INTERVAL
          SELECT CAST(a AS thing)              | UNSUPPORTED_DATATYPE
          SELECT a FROM t ORDER BY 2           | POSITION_OUT_OF_RANGE
          SELECT a FROM nothing(1)             | UNRESOLVABLE_TABLE_VALUED_FUNCTION
          SELECT a FROM t AS s(x)              | UNSUPPORTED_FEATURE.COLUMN_ALIASES
          VALUES (1, 2), (3)                   | INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH
          SELECT 123456789012345678901234567890123456789 | DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION
          """)
  void namesTheConditionOfWellFormedNonsense(String text, String condition) {
    assertThat(error(text).condition()).isEqualTo(condition);
  }

  private static AnalysisException error(String text) {
    AnalysisException error =
        catchThrowableOfType(AnalysisException.class, () -> SqlParser.parsePlan(text));
    assertThat(error).as("error of " + text).isNotNull();
    return error;
  }
}
