package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Literals;
import io.arrowmill.sql.grammar.SqlGrammarLexer;
import io.arrowmill.sql.grammar.SqlGrammarParser.BinaryLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.FalseLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IntervalLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NullLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NumberContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NumberLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.StringLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TimeLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TrueLiteralContext;
import io.arrowmill.types.DataType.AtomicType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Turns the parse tree of a constant into a {@link Literal}. */
final class LiteralBuilder {
  private LiteralBuilder() {}

  static Expression literal(LiteralContext context) {
    return switch (context) {
      case NullLiteralContext ignored -> Literal.NULL;
      case TrueLiteralContext ignored -> Literal.TRUE;
      case FalseLiteralContext ignored -> Literal.FALSE;
      case NumberLiteralContext number -> number(number.number(), false);
      case StringLiteralContext string ->
          new Literal(
              string.STRING().stream()
                  .map(part -> Strings.unquote(part.getText()))
                  .collect(Collectors.joining()),
              AtomicType.STRING);
      case BinaryLiteralContext binary -> binary(binary);
      case TimeLiteralContext time ->
          TimeLiterals.of(
              time, time.kind.getType(), Strings.unquote(time.STRING().getText()).strip());
      case IntervalLiteralContext interval -> IntervalLiterals.of(interval.interval());
      default -> throw ExpressionBuilder.unknown(context);
    };
  }

  private static Literal binary(BinaryLiteralContext context) {
    String text = context.getText();
    String digits = text.substring(2, text.length() - 1);
    String even = digits.length() % 2 == 0 ? digits : "0" + digits;
    return new Literal(HexFormat.of().parseHex(even), AtomicType.BINARY);
  }

  /**
   * A number; {@code negative} says that a minus stands before it, which lets the smallest of each
   * type be written.
   */
  static Literal number(NumberContext context, boolean negative) {
    Token token = context.getStart();
    String text = (negative ? "-" : "") + token.getText();
    return switch (token.getType()) {
      case SqlGrammarLexer.INTEGER_VALUE -> integer(new BigInteger(text));
      case SqlGrammarLexer.BIGINT_VALUE ->
          new Literal(ranged(context, text, 1, 64).longValueExact(), AtomicType.LONG);
      case SqlGrammarLexer.SMALLINT_VALUE ->
          new Literal(ranged(context, text, 1, 16).shortValueExact(), AtomicType.SHORT);
      case SqlGrammarLexer.TINYINT_VALUE ->
          new Literal(ranged(context, text, 1, 8).byteValueExact(), AtomicType.BYTE);
      case SqlGrammarLexer.DECIMAL_VALUE -> Literals.decimal(new BigDecimal(text));
      case SqlGrammarLexer.BIGDECIMAL_VALUE ->
          Literals.decimal(new BigDecimal(text.substring(0, text.length() - 2)));
      case SqlGrammarLexer.EXPONENT_VALUE -> doubleValue(context, text);
      case SqlGrammarLexer.DOUBLE_VALUE ->
          doubleValue(context, text.substring(0, text.length() - 1));
      default -> {
        float value = Float.parseFloat(text);
        if (Float.isInfinite(value)) {
          throw outOfRange(context, text, "FLOAT");
        }
        yield new Literal(value, AtomicType.FLOAT);
      }
    };
  }

  private static Literal integer(BigInteger value) {
    if (value.bitLength() < 32) {
      return new Literal(value.intValueExact(), AtomicType.INTEGER);
    }
    if (value.bitLength() < 64) {
      return new Literal(value.longValueExact(), AtomicType.LONG);
    }
    return Literals.decimal(new BigDecimal(value));
  }

  private static Literal doubleValue(ParserRuleContext context, String text) {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw outOfRange(context, text, "DOUBLE");
    }
    return new Literal(value, AtomicType.DOUBLE);
  }

  private static BigInteger ranged(ParserRuleContext context, String text, int suffix, int bits) {
    BigInteger value = new BigInteger(text.substring(0, text.length() - suffix));
    if (value.bitLength() >= bits) {
      throw outOfRange(context, text, "a whole number of " + bits + " bits");
    }
    return value;
  }

  private static io.arrowmill.AnalysisException outOfRange(
      ParserRuleContext context, String text, String range) {
    return SyntaxErrors.at(
        context, "INVALID_NUMERIC_LITERAL_RANGE", "number " + text + " must fit into " + range);
  }
}
