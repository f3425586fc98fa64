package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.sql.grammar.SqlGrammarLexer;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * {@code DATE '2026-01-31'}, {@code TIMESTAMP '2026-01-31 10:00:00.5 Europe/Berlin'}. A timestamp
 * without a zone is a cast, as it depends on the zone of the session.
 */
final class TimeLiterals {
  private static final Pattern TEXT =
      Pattern.compile(
          "([+-]?\\d{4,6})(?:-(\\d{1,2})(?:-(\\d{1,2})(?:["
              + " T](\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,9}))?)?)?)?)?\\s*([A-Za-z+-].*)?");

  private static final DataType TIMESTAMP = AtomicType.TIMESTAMP;

  private TimeLiterals() {}

  static Expression of(ParserRuleContext context, int kind, String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw invalid(context, text);
    }
    try {
      LocalDate date = LocalDate.of(number(parts, 1, 1), number(parts, 2, 1), number(parts, 3, 1));
      LocalTime time =
          LocalTime.of(number(parts, 4, 0), number(parts, 5, 0), number(parts, 6, 0), nanos(parts));
      LocalDateTime local = LocalDateTime.of(date, time);
      String zone = parts.group(8);
      return switch (kind) {
        case SqlGrammarLexer.DATE -> {
          if (zone != null) {
            throw invalid(context, text);
          }
          yield new Literal(date, AtomicType.DATE);
        }
        case SqlGrammarLexer.TIMESTAMP_NTZ -> new Literal(local, AtomicType.TIMESTAMP_NTZ);
        default ->
            zone == null
                ? new Cast(new Literal(spelled(local), AtomicType.STRING), TIMESTAMP, false)
                : new Literal(local.atZone(zone(zone)).toInstant(), TIMESTAMP);
      };
    } catch (DateTimeException e) {
      throw invalid(context, text);
    }
  }

  /** Text without a zone, which the cast then takes for one of the session's zone. */
  private static String spelled(LocalDateTime local) {
    return local.toLocalDate() + " " + local.toLocalTime().format(DateTimeFormatter.ISO_TIME);
  }

  /** A zone by id; {@code +8:00} is taken for {@code +08:00}. */
  private static ZoneId zone(String text) {
    return ZoneId.of(text.replaceFirst("^([+-])(\\d)(:|$)", "$10$2$3"), ZoneId.SHORT_IDS);
  }

  private static int number(Matcher parts, int group, int absent) {
    String text = parts.group(group);
    return text == null ? absent : Integer.parseInt(text);
  }

  /** Microseconds are kept; further digits are cut off. */
  private static int nanos(Matcher parts) {
    String text = parts.group(7);
    return text == null ? 0 : Integer.parseInt((text + "00000000").substring(0, 6)) * 1_000;
  }

  private static io.arrowmill.AnalysisException invalid(ParserRuleContext context, String text) {
    return SyntaxErrors.at(
        context,
        "INVALID_TYPED_LITERAL",
        "text must be a date or time, such as DATE '2026-01-31' or TIMESTAMP '2026-01-31 10:00:00':"
            + " text='"
            + text
            + "'");
  }
}
