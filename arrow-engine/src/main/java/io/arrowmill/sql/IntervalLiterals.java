package io.arrowmill.sql;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.plan.TimeSpans.Span;
import io.arrowmill.sql.grammar.SqlGrammarParser.IntervalContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IntervalPartContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.RangeIntervalContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TextIntervalContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.UnitsIntervalContext;
import io.arrowmill.types.DataType.AtomicType;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The three ways to write an interval: numbers with units, text, and a range of units such as DAY
 * TO SECOND.
 */
final class IntervalLiterals {
  private static final List<String> UNITS = List.of("day", "hour", "minute", "second");
  private static final Pattern YEAR_MONTH = Pattern.compile("([+-]?)(\\d+)-(\\d+)");

  private static final Pattern DAYS = Pattern.compile("(?i)days?|weeks?");
  private static final Pattern DAYS_TEXT =
      Pattern.compile("(?i)\\s*(interval\\s+)?([+-]?\\s*\\d+\\s+(days?|weeks?)\\s*)+");

  private IntervalLiterals() {}

  static Literal of(IntervalContext context) {
    Span span =
        switch (context) {
          case UnitsIntervalContext units ->
              TimeSpans.parseSpan(
                  units.intervalPart().stream()
                      .map(IntervalLiterals::part)
                      .collect(Collectors.joining(" ")));
          case TextIntervalContext text ->
              TimeSpans.parseSpan(Strings.unquote(text.STRING().getText()));
          case RangeIntervalContext range -> range(range);
          default -> throw ExpressionBuilder.unknown(context);
        };
    if (span.months() != 0 && span.micros() != 0) {
      throw SyntaxErrors.at(
          context,
          "UNSUPPORTED_FEATURE.CALENDAR_INTERVAL",
          "an interval must not mix years or months with shorter units; add two intervals instead");
    }
    return span.months() != 0 || isYearMonth(context)
        ? new Literal(Period.ofMonths(span.months()).normalized(), AtomicType.YEAR_MONTH_INTERVAL)
        : new Literal(Duration.of(span.micros(), ChronoUnit.MICROS), AtomicType.DAY_TIME_INTERVAL);
  }

  /** Whether an interval is written in days and weeks alone. */
  static boolean isDays(IntervalContext context) {
    return switch (context) {
      case UnitsIntervalContext units ->
          units.intervalPart().stream()
              .allMatch(part -> DAYS.matcher(part.intervalUnit().getText()).matches());
      case TextIntervalContext text ->
          DAYS_TEXT.matcher(Strings.unquote(text.STRING().getText())).matches();
      default -> false;
    };
  }

  private static boolean isYearMonth(IntervalContext context) {
    String unit =
        switch (context) {
          case UnitsIntervalContext units -> units.intervalPart(0).intervalUnit().getText();
          case RangeIntervalContext range -> range.from.getText();
          default -> "";
        };
    return unit.regionMatches(true, 0, "year", 0, 4) || unit.regionMatches(true, 0, "month", 0, 5);
  }

  private static String part(IntervalPartContext part) {
    String number =
        part.STRING() == null
            ? part.getChild(part.sign == null ? 0 : 1).getText()
            : Strings.unquote(part.STRING().getText()).strip();
    if (part.sign != null) {
      number = number.startsWith("-") ? number.substring(1) : "-" + number;
    }
    return number + " " + part.intervalUnit().getText();
  }

  private static Span range(RangeIntervalContext context) {
    String text = Strings.unquote(context.STRING().getText()).strip();
    String from = context.from.getText().toLowerCase(Locale.ROOT);
    String to = context.to.getText().toLowerCase(Locale.ROOT);
    boolean negative = context.sign != null;
    Span span;
    if (from.equals("year") && to.equals("month")) {
      span = yearMonth(context, text);
    } else {
      int first = UNITS.indexOf(from);
      int last = UNITS.indexOf(to);
      if (first < 0 || last <= first) {
        throw invalid(
            context, text, "units must be YEAR TO MONTH, or two of DAY, HOUR, MINUTE, SECOND");
      }
      span = dayTime(context, text, first, last);
    }
    return negative ? new Span(-span.months(), -span.micros()) : span;
  }

  private static Span yearMonth(RangeIntervalContext context, String text) {
    Matcher parts = YEAR_MONTH.matcher(text);
    if (!parts.matches() || parts.group(3).length() > 2 || Integer.parseInt(parts.group(3)) > 11) {
      throw invalid(context, text, "text must be like '1-2', with at most 11 months");
    }
    String sign = parts.group(1);
    return TimeSpans.parseSpan(
        sign + parts.group(2) + " years " + sign + parts.group(3) + " months");
  }

  private static Span dayTime(RangeIntervalContext context, String text, int first, int last) {
    StringBuilder pattern = new StringBuilder("([+-]?)(\\d+)");
    for (int unit = first + 1; unit <= last; unit++) {
      pattern.append(unit == 1 ? " +" : ":").append("(\\d{1,2}");
      pattern.append(unit == 3 ? "(?:\\.\\d{1,9})?)" : ")");
    }
    Matcher parts = Pattern.compile(pattern.toString()).matcher(text);
    if (!parts.matches()) {
      throw invalid(context, text, "text must be like '1 02:03:04' for DAY TO SECOND");
    }
    StringBuilder spelled = new StringBuilder();
    for (int unit = first; unit <= last; unit++) {
      String number = parts.group(2 + unit - first);
      int fraction = number.indexOf('.') + 7;
      spelled.append(parts.group(1));
      spelled.append(
          fraction > 6 && fraction < number.length() ? number.substring(0, fraction) : number);
      spelled.append(' ').append(UNITS.get(unit)).append(' ');
    }
    return TimeSpans.parseSpan(spelled.toString());
  }

  private static AnalysisException invalid(
      RangeIntervalContext context, String text, String reason) {
    return SyntaxErrors.at(
        context,
        "INVALID_INTERVAL_FORMAT",
        "interval '" + text + "' must fit its units; " + reason);
  }
}
