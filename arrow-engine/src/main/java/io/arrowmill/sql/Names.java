package io.arrowmill.sql;

import io.arrowmill.sql.grammar.SqlGrammarParser.FieldNameContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.FunctionNameContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IdentifierContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.QualifiedNameContext;
import java.util.ArrayList;
import java.util.List;

/** Names as the text writes them, without their backquotes. */
final class Names {
  private Names() {}

  static String of(IdentifierContext context) {
    String text = context.getText();
    return context.BACKQUOTED() == null
        ? text
        : text.substring(1, text.length() - 1).replace("``", "`");
  }

  static List<String> all(List<IdentifierContext> contexts) {
    return contexts.stream().map(Names::of).toList();
  }

  static String of(FieldNameContext context) {
    return context.identifier() == null ? context.getText() : of(context.identifier());
  }

  static String text(FunctionNameContext context) {
    return context.identifier() == null ? context.getText() : of(context.identifier());
  }

  static List<String> parts(QualifiedNameContext context) {
    List<String> parts = new ArrayList<>();
    parts.add(of(context.identifier()));
    context.fieldName().forEach(field -> parts.add(of(field)));
    return parts;
  }

  /** The parts with dots between, which is how a catalog knows a table. */
  static String joined(QualifiedNameContext context) {
    return String.join(".", parts(context));
  }
}
