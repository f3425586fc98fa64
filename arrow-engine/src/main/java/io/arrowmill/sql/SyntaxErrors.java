package io.arrowmill.sql;

import io.arrowmill.AnalysisException;
import io.arrowmill.sql.grammar.SqlGrammarLexer;
import java.util.List;
import java.util.TreeSet;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/**
 * Throws at the first syntax error, with the place and, where they are few, the things that would
 * fit there.
 */
final class SyntaxErrors extends BaseErrorListener {
  private static final int EXPECTED_MAX = 8;

  private final String text;

  SyntaxErrors(String text) {
    this.text = text;
  }

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      @Nullable Object offending,
      int line,
      int position,
      String message,
      @Nullable RecognitionException cause) {
    Token token = (Token) offending;
    String expected = "";
    if (recognizer instanceof Parser parser && !(cause instanceof NoViableAltException)) {
      expected = expected(parser.getExpectedTokens(), parser.getVocabulary());
    }
    throw error(text, line, position, token, expected);
  }

  /** An error of the builders: text that fits the grammar and is wrong all the same. */
  static AnalysisException at(ParserRuleContext context, String condition, String message) {
    Token start = context.getStart();
    String text = start.getInputStream().toString();
    return new AnalysisException(
        condition,
        message
            + ": line="
            + start.getLine()
            + ", position="
            + start.getCharPositionInLine()
            + excerpt(
                text, start.getLine(), start.getCharPositionInLine(), width(start.getText())));
  }

  private static AnalysisException error(
      String text, int line, int position, @Nullable Token token, String expected) {
    String shown = token == null || token.getType() == Token.EOF ? null : token.getText();
    String found = shown == null ? "end of text" : "'" + shown + "'";
    String remedy =
        switch (shown == null ? "" : shown) {
          case "'", "\"", "`" -> "; close the quote";
          default -> "";
        };
    return new AnalysisException(
        "PARSE_SYNTAX_ERROR",
        "text must be SQL: line="
            + line
            + ", position="
            + position
            + ", found="
            + found
            + expected
            + remedy
            + excerpt(text, line, position, shown == null ? 1 : width(shown)));
  }

  private static int width(String shown) {
    int newline = shown.indexOf('\n');
    return Math.max(1, newline < 0 ? shown.length() : newline);
  }

  /**
   * The line and, below it, carets under the token; what stands before the token is kept, tabs too.
   */
  private static String excerpt(String text, int line, int position, int width) {
    List<String> lines = text.lines().toList();
    String shown = line <= lines.size() ? lines.get(line - 1) : "";
    StringBuilder out = new StringBuilder("\n").append(shown).append('\n');
    int column = 0;
    int codePoints = 0;
    while (column < shown.length() && codePoints < position) {
      out.append(shown.charAt(column) == '\t' ? '\t' : ' ');
      column += Character.charCount(shown.codePointAt(column));
      codePoints++;
    }
    return out.append("^".repeat(width)).toString();
  }

  private static String expected(IntervalSet tokens, Vocabulary vocabulary) {
    TreeSet<String> names = new TreeSet<>();
    boolean name = tokens.contains(SqlGrammarLexer.IDENTIFIER);
    for (int type : tokens.toList()) {
      if (type == Token.EOF) {
        names.add("end of text");
      } else if (!name || !isWord(vocabulary, type)) {
        names.add(vocabulary.getDisplayName(type));
      }
    }
    if (name) {
      names.add("a name");
    }
    return names.isEmpty() || names.size() > EXPECTED_MAX
        ? ""
        : ", expected=" + String.join(" or ", names);
  }

  /** Where a name fits so do most keywords: not worth a list. */
  private static boolean isWord(Vocabulary vocabulary, int type) {
    String literal = vocabulary.getLiteralName(type);
    return type == SqlGrammarLexer.IDENTIFIER
        || type == SqlGrammarLexer.BACKQUOTED
        || (literal != null && Character.isLetter(literal.charAt(1)));
  }
}
