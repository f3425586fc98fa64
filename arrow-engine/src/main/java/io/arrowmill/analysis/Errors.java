package io.arrowmill.analysis;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Suggestions;
import java.util.Collection;
import java.util.List;

/** The rejections that several parts of analysis share. */
final class Errors {
  private static final int SUGGESTIONS_MAX = 5;

  private Errors() {}

  static AnalysisException of(String condition, String message) {
    return new AnalysisException(condition, message);
  }

  static AnalysisException unresolvedColumn(String name, Collection<String> known) {
    if (known.isEmpty()) {
      return of(
          "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
          "column must exist: name=" + name + ", and there are no columns to choose from");
    }
    return of(
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
        "column must exist: name="
            + name
            + ", closest="
            + closest(name, known)
            + "; use one of the closest names");
  }

  static AnalysisException mismatch(String kind, Expression expression, String rule) {
    return of("DATATYPE_MISMATCH." + kind, rule + ": expression=" + expression.sql());
  }

  static AnalysisException wrongInput(
      String function, int position, String required, Expression argument) {
    return of(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        "argument must be of a type that the function takes: function="
            + function
            + ", argument="
            + position
            + ", expression="
            + argument.sql()
            + ", required="
            + required
            + ", found="
            + argument.type().sql()
            + "; cast it");
  }

  static AnalysisException differentTypes(String function, List<Expression> arguments) {
    return of(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        "values must have a common type: function="
            + function
            + ", expressions="
            + texts(arguments)
            + ", types="
            + types(arguments)
            + "; cast them to one type");
  }

  static AnalysisException binaryDifferentTypes(
      String operator, Expression left, Expression right) {
    return of(
        "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
        "operands must have a common type: operator="
            + operator
            + ", left="
            + left.sql()
            + ", leftType="
            + left.type().sql()
            + ", right="
            + right.sql()
            + ", rightType="
            + right.type().sql()
            + "; cast one of them");
  }

  static AnalysisException binaryWrongType(
      String operator, String required, Expression left, Expression right) {
    return of(
        "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
        "operands must be of a type that the operator takes: operator="
            + operator
            + ", required="
            + required
            + ", left="
            + left.sql()
            + ", leftType="
            + left.type().sql()
            + ", right="
            + right.sql()
            + ", rightType="
            + right.type().sql()
            + "; cast them");
  }

  static AnalysisException conditionNotBoolean(String operator, Expression condition) {
    return of(
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
        "condition must be BOOLEAN: operator="
            + operator
            + ", expression="
            + condition.sql()
            + ", type="
            + condition.type().sql()
            + "; compare it to a value");
  }

  static AnalysisException wrongArgumentCount(String function, String expected, int actual) {
    return of(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        "function must get the number of arguments it takes: function="
            + function
            + ", expected="
            + expected
            + ", found="
            + actual);
  }

  static AnalysisException elementDiffers(String function, Expression array, Expression value) {
    return of(
        "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
        "value must be of the type of the array's elements: function="
            + function
            + ", array="
            + array.sql()
            + ", arrayType="
            + array.type().sql()
            + ", value="
            + value.sql()
            + ", valueType="
            + value.type().sql()
            + "; cast the value");
  }

  static AnalysisException sequenceTypes(List<Expression> arguments) {
    return of(
        "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
        "a sequence must go from a whole number, date or timestamp to one of the same type, by"
            + " whole numbers or intervals: expressions="
            + texts(arguments)
            + ", types="
            + types(arguments)
            + "; cast them");
  }

  static AnalysisException badCast(Cast cast) {
    return of(
        "DATATYPE_MISMATCH." + CastAdvice.of(cast).condition(),
        "value must be of a type that can be cast to the target: expression="
            + cast.child().sql()
            + ", from="
            + cast.child().type().sql()
            + ", to="
            + cast.type().sql()
            + "; "
            + CastAdvice.of(cast).remedy());
  }

  static List<String> texts(List<? extends Expression> expressions) {
    return expressions.stream().map(Expression::sql).toList();
  }

  static List<String> types(List<? extends Expression> expressions) {
    return expressions.stream().map(expression -> expression.type().sql()).toList();
  }

  /** The known names that a misspelt one may have meant. */
  static List<String> closest(String name, Collection<String> known) {
    return Suggestions.closest(name, known, SUGGESTIONS_MAX);
  }
}
