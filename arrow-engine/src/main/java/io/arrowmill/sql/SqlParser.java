package io.arrowmill.sql;

import io.arrowmill.AnalysisException;
import io.arrowmill.analysis.DeepPlans;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.Required;
import io.arrowmill.sql.Statement.SetOption;
import io.arrowmill.sql.grammar.SqlGrammarLexer;
import io.arrowmill.sql.grammar.SqlGrammarParser;
import io.arrowmill.types.DataType;
import io.arrowmill.types.TypeParser;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/**
 * Reads SQL text into unresolved expressions and plans. Stateless, for any thread.
 *
 * <p>Text that is not SQL is an {@link AnalysisException} with condition {@code
 * PARSE_SYNTAX_ERROR}: line (from 1), position in it (from 0), the token that does not fit, and the
 * line with a caret under that token. Text nested too deeply for a thread's stack is one with
 * condition {@code FAILED_TO_PARSE_TOO_COMPLEX}.
 */
public final class SqlParser {
  private static final Pattern SET =
      Pattern.compile(
          "\\s*SET(?:\\s+([^\\s=;]+)\\s*(?:=(.*?))?)?[\\s;]*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Deeper text is parsed on a thread with a larger stack. */
  private static final int NESTING_ON_THIS_STACK = 100;

  private static final int NESTING_MAX = 10_000;

  private SqlParser() {}

  /** Parses one expression, with or without a name: {@code price * 2 AS double_price}. */
  public static Expression parseExpression(String text) {
    return parse(
        text,
        SqlGrammarParser::singleExpression,
        context -> new ExpressionBuilder().named(context.selectItem()));
  }

  /** Parses expressions with commas between, each with or without a name. */
  public static List<Expression> parseNamedExpressions(String text) {
    return parse(
        text,
        SqlGrammarParser::singleNamedExpressions,
        context -> {
          ExpressionBuilder builder = new ExpressionBuilder();
          return context.selectItem().stream().map(builder::named).toList();
        });
  }

  /** Parses a query. */
  public static LogicalPlan parsePlan(String text) {
    if (parseStatement(text) instanceof Statement.Query query) {
      return query.plan();
    }
    throw new AnalysisException(
        "PARSE_SYNTAX_ERROR", "text must be a query: text='" + text + "'; begin it with SELECT");
  }

  /** Parses any statement. */
  public static Statement parseStatement(String text) {
    Matcher set = SET.matcher(Required.given(text, "text of a query"));
    if (set.matches()) {
      String value = set.group(2);
      return new SetOption(set.group(1), value == null ? null : value.strip());
    }
    return parse(
        text,
        SqlGrammarParser::singleStatement,
        context -> new PlanBuilder().statement(context.statement()));
  }

  /** Parses a data type, such as {@code array<decimal(10,2)>}. */
  public static DataType parseDataType(String text) {
    return new TypeParser(text).parseType();
  }

  private static <C extends ParserRuleContext, T> T parse(
      String text, Function<SqlGrammarParser, C> rule, Function<C, T> build) {
    int depth = nesting(Required.given(text, "text of an expression or query"));
    if (depth > NESTING_MAX) {
      throw tooComplex(text);
    }
    return depth <= NESTING_ON_THIS_STACK
        ? build(text, rule, build)
        : DeepPlans.onLargeStack("sql-parser", () -> build(text, rule, build));
  }

  private static <C extends ParserRuleContext, T> T build(
      String text, Function<SqlGrammarParser, C> rule, Function<C, T> build) {
    try {
      return build.apply(tree(text, rule));
    } catch (StackOverflowError e) {
      throw tooComplex(text);
    }
  }

  /**
   * The most parentheses and brackets open at one place; those in quotes count too, which does no
   * harm.
   */
  private static int nesting(String text) {
    int open = 0;
    int most = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '[') {
        most = Math.max(most, ++open);
      } else if (c == ')' || c == ']') {
        open--;
      }
    }
    return most;
  }

  private static AnalysisException tooComplex(String text) {
    return new AnalysisException(
        "FAILED_TO_PARSE_TOO_COMPLEX",
        "text must be nested less deeply: length="
            + text.length()
            + ", nestingMax="
            + NESTING_MAX
            + "; split the expression or query into parts");
  }

  /** Tries the fast prediction first; what that refuses is parsed again with the exact one. */
  private static <C extends ParserRuleContext> C tree(
      String text, Function<SqlGrammarParser, C> rule) {
    SqlGrammarLexer lexer = new SqlGrammarLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    SqlGrammarParser parser = new SqlGrammarParser(tokens);
    parser.removeErrorListeners();
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    parser.setErrorHandler(new BailErrorStrategy());
    try {
      return rule.apply(parser);
    } catch (ParseCancellationException e) {
      tokens.seek(0);
      SqlGrammarParser exact = new SqlGrammarParser(tokens);
      exact.removeErrorListeners();
      exact.addErrorListener(new SyntaxErrors(text));
      exact.getInterpreter().setPredictionMode(PredictionMode.LL);
      return rule.apply(exact);
    }
  }
}
