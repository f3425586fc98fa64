package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.NamedColumns;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.sql.grammar.SqlGrammarParser.AndContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.BetweenContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.BinaryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.CallContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.CastContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.CastOperatorContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ColumnReferenceContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.DataTypeContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.DereferenceContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExpressionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExtractContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.FunctionCallContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.InListContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IntervalLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IsDistinctContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IsNullContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.IsTruthContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LikeContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LiteralValueContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NotContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NumberLiteralContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.OrContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ParenthesizedContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.PositionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.PredicateContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.PredicatedContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.PrimaryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.PrimaryValueContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.QualifiedStarContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.RlikeContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SearchedCaseContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SelectItemContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ShiftedContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SimpleCaseContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SortItemContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.StarContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SubscriptContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SubstringContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TrimContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.UnaryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ValueExpressionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.WhenClauseContext;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.TypeParser;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.misc.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parse tree of an expression into an {@link Expression}. Chains of one operator are
 * walked, not recursed.
 */
final class ExpressionBuilder {
  /** A longer chain of AND or OR is built as a balanced tree, so that its depth stays small. */
  private static final int CHAIN_MAX = 32;

  /** Where functions with arguments that may be left out have the one that leaves nulls out. */
  private static final Map<String, Integer> FLAG_POSITIONS = Map.of("lag", 3, "lead", 3);

  private final WindowClauses windows;

  ExpressionBuilder() {
    this(WindowClauses.NONE);
  }

  /** A builder of expressions that may name windows. */
  ExpressionBuilder(WindowClauses windows) {
    this.windows = windows;
  }

  /** A select item: an expression, named if the text names it. */
  Expression named(SelectItemContext context) {
    Expression child = expression(context.expression());
    if (!context.columns.isEmpty()) {
      return new NamedColumns(child, Names.all(context.columns));
    }
    return context.identifier().isEmpty()
        ? child
        : Alias.of(child, Names.of(context.identifier().getFirst()));
  }

  /** A sort key; nulls are smallest unless said otherwise. */
  SortOrder sortOrder(SortItemContext context, Expression child) {
    boolean ascending = context.direction == null || context.DESC() == null;
    boolean nullsFirst = context.nulls == null ? ascending : context.FIRST() != null;
    return new SortOrder(child, ascending, nullsFirst);
  }

  List<Expression> expressions(List<ExpressionContext> contexts) {
    return contexts.stream().map(this::expression).toList();
  }

  Expression expression(ExpressionContext context) {
    return switch (context) {
      case PredicatedContext predicated -> {
        Expression value = value(predicated.valueExpression());
        yield predicated.predicate() == null ? value : predicate(value, predicated.predicate());
      }
      case NotContext not -> call("not", expression(not.expression()));
      case AndContext ignored -> chain("and", context);
      case OrContext ignored -> chain("or", context);
      default -> throw unknown(context);
    };
  }

  private Expression chain(String operator, ExpressionContext top) {
    Deque<ExpressionContext> open = new ArrayDeque<>(List.of(top));
    List<Expression> operands = new ArrayList<>();
    while (!open.isEmpty()) {
      ExpressionContext next = open.pop();
      List<ExpressionContext> sides =
          switch (next) {
            case AndContext and when operator.equals("and") -> and.expression();
            case OrContext or when operator.equals("or") -> or.expression();
            default -> List.of();
          };
      if (sides.isEmpty()) {
        operands.add(expression(next));
      } else {
        open.push(sides.get(1));
        open.push(sides.get(0));
      }
    }
    return operands.size() > CHAIN_MAX
        ? balanced(operator, operands)
        : operands.stream().reduce((left, right) -> call(operator, left, right)).orElseThrow();
  }

  private static Expression balanced(String operator, List<Expression> operands) {
    int count = operands.size();
    if (count == 1) {
      return operands.getFirst();
    }
    int middle = (count + 1) / 2;
    return call(
        operator,
        balanced(operator, operands.subList(0, middle)),
        balanced(operator, operands.subList(middle, count)));
  }

  private Expression predicate(Expression value, PredicateContext context) {
    return switch (context) {
      case BetweenContext between ->
          negateIf(
              between.NOT() != null,
              call(
                  "and",
                  call(">=", value, value(between.lower)),
                  call("<=", value, value(between.upper))));
      case InListContext in -> {
        List<Expression> arguments = new ArrayList<>(List.of(value));
        arguments.addAll(expressions(in.expression()));
        yield negateIf(in.NOT() != null, call("in", arguments));
      }
      case LikeContext like -> {
        List<Expression> arguments = new ArrayList<>(List.of(value, value(like.pattern)));
        if (like.escape != null) {
          arguments.add(new Literal(Strings.unquote(like.escape.getText()), AtomicType.STRING));
        }
        yield negateIf(like.NOT() != null, call(like.LIKE() != null ? "like" : "ilike", arguments));
      }
      case RlikeContext rlike ->
          negateIf(rlike.NOT() != null, call("rlike", value, value(rlike.pattern)));
      case IsNullContext is -> call(is.NOT() == null ? "isnull" : "isnotnull", value);
      case IsTruthContext is -> {
        if (is.UNKNOWN() != null) {
          yield call(is.NOT() == null ? "isnull" : "isnotnull", value);
        }
        Literal truth = is.TRUE() != null ? Literal.TRUE : Literal.FALSE;
        yield negateIf(is.NOT() != null, call("<=>", value, truth));
      }
      case IsDistinctContext is -> negateIf(is.NOT() == null, call("<=>", value, value(is.right)));
      default -> throw unknown(context);
    };
  }

  /** Arithmetic and comparisons; a chain of them, which leans left, is gone down in a loop. */
  Expression value(ValueExpressionContext context) {
    Deque<ValueExpressionContext> spine = new ArrayDeque<>();
    ValueExpressionContext next = context;
    while (true) {
      if (next instanceof BinaryContext binary) {
        spine.push(binary);
        next = binary.valueExpression(0);
      } else if (next instanceof ShiftedContext shifted) {
        spine.push(shifted);
        next = shifted.valueExpression(0);
      } else {
        break;
      }
    }
    Expression result =
        switch (next) {
          case PrimaryValueContext primary -> primary(primary.primary());
          case UnaryContext unary -> unary(unary);
          default -> throw unknown(next);
        };
    while (!spine.isEmpty()) {
      result =
          switch (spine.pop()) {
            case BinaryContext binary -> binary(binary, result);
            case ShiftedContext shifted ->
                call(
                    switch (shifted.shift().getText()) {
                      case "<<" -> "shiftleft";
                      case ">>" -> "shiftright";
                      default -> "shiftrightunsigned";
                    },
                    result,
                    value(shifted.valueExpression(1)));
            default -> throw unknown(context);
          };
    }
    return result;
  }

  /** An interval that is written in days or weeks has functions of its own: a date stays one. */
  private Expression binary(BinaryContext context, Expression left) {
    String operator = operator(context.operator.getText());
    Expression right = value(context.valueExpression(1));
    if (operator.equals("+") && isDays(context.valueExpression(0))) {
      return call("plus_days", right, left);
    }
    if ((operator.equals("+") || operator.equals("-")) && isDays(context.valueExpression(1))) {
      return call(operator.equals("+") ? "plus_days" : "minus_days", left, right);
    }
    return call(operator, left, right);
  }

  private static boolean isDays(ValueExpressionContext context) {
    return context instanceof PrimaryValueContext value
        && value.primary() instanceof LiteralValueContext literal
        && literal.literal() instanceof IntervalLiteralContext interval
        && IntervalLiterals.isDays(interval.interval());
  }

  private static String operator(String text) {
    return switch (text) {
      case "==" -> "=";
      case "<>" -> "!=";
      case "||" -> "concat";
      default -> text.toLowerCase(Locale.ROOT);
    };
  }

  private Expression unary(UnaryContext context) {
    ValueExpressionContext operand = context.valueExpression();
    return switch (context.operator.getText()) {
      case "-" ->
          operand instanceof PrimaryValueContext value
                  && value.primary() instanceof LiteralValueContext literal
                  && literal.literal() instanceof NumberLiteralContext number
              ? LiteralBuilder.number(number.number(), true)
              : call("negative", value(operand));
      case "+" -> call("positive", value(operand));
      default -> call("~", value(operand));
    };
  }

  private Expression primary(PrimaryContext context) {
    return switch (context) {
      case LiteralValueContext literal -> LiteralBuilder.literal(literal.literal());
      case SearchedCaseContext searched ->
          caseWhen(null, searched.whenClause(), searched.otherwise);
      case SimpleCaseContext simple ->
          caseWhen(expression(simple.operand), simple.whenClause(), simple.otherwise);
      case CastContext cast ->
          new Cast(expression(cast.expression()), type(cast.dataType()), cast.TRY_CAST() != null);
      case CastOperatorContext cast ->
          new Cast(primary(cast.primary()), type(cast.dataType()), false);
      case CallContext function -> callOf(function.functionCall());
      case StarContext ignored -> new UnresolvedStar(List.of());
      case QualifiedStarContext star -> new UnresolvedStar(Names.parts(star.qualifiedName()));
      case ColumnReferenceContext column -> column(column);
      case DereferenceContext field -> dereference(field);
      case SubscriptContext subscript ->
          call("getitem", primary(subscript.primary()), value(subscript.valueExpression()));
      case ParenthesizedContext nested ->
          nested.expression().size() == 1
              ? expression(nested.expression(0))
              : call("struct", expressions(nested.expression()));
      default -> wordy(context);
    };
  }

  /** Calls with words between their arguments. */
  private Expression wordy(PrimaryContext context) {
    return switch (context) {
      case ExtractContext extract ->
          call(
              "date_part",
              new Literal(Names.of(extract.field).toLowerCase(Locale.ROOT), AtomicType.STRING),
              value(extract.valueExpression()));
      case PositionContext position ->
          call("position", value(position.part), value(position.whole));
      case SubstringContext substring -> {
        List<Expression> arguments = new ArrayList<>();
        arguments.add(value(substring.valueExpression(0)));
        arguments.add(value(substring.start));
        if (substring.count != null) {
          arguments.add(value(substring.count));
        }
        yield call("substring", arguments);
      }
      case TrimContext trim -> {
        Expression source = value(trim.source);
        boolean leading = trim.LEADING() != null;
        boolean trailing = trim.TRAILING() != null;
        if (trim.characters == null) {
          yield call(leading ? "ltrim" : trailing ? "rtrim" : "trim", source);
        }
        Expression characters = value(trim.characters);
        yield leading || trailing
            ? call(leading ? "ltrim" : "rtrim", characters, source)
            : call("btrim", source, characters);
      }
      default -> throw unknown(context);
    };
  }

  private Expression caseWhen(
      @Nullable Expression operand,
      List<WhenClauseContext> clauses,
      @Nullable ExpressionContext otherwise) {
    List<CaseWhen.Branch> branches = new ArrayList<>();
    for (WhenClauseContext clause : clauses) {
      Expression condition = expression(clause.condition);
      branches.add(
          new CaseWhen.Branch(
              operand == null ? condition : call("=", operand, condition),
              expression(clause.result)));
    }
    return new CaseWhen(branches, otherwise == null ? null : expression(otherwise));
  }

  /** A function call, over a window or not. */
  private Expression callOf(FunctionCallContext context) {
    UnresolvedFunction function = function(context);
    return context.windowSpec() == null
        ? function
        : new Over(function, windows.definition(context.windowSpec(), this));
  }

  /** A function call; {@code count(*)} counts a constant. */
  UnresolvedFunction function(FunctionCallContext context) {
    String name = Names.text(context.functionName()).toLowerCase(Locale.ROOT);
    List<Expression> arguments = expressions(context.arguments);
    boolean distinct = context.DISTINCT() != null;
    if (name.equals("count")
        && !distinct
        && arguments.equals(List.of(new UnresolvedStar(List.of())))) {
      arguments = List.of(new Literal(1, AtomicType.INTEGER));
    }
    if (context.nulls != null) {
      arguments = new ArrayList<>(arguments);
      while (arguments.size() < FLAG_POSITIONS.getOrDefault(name, 0)) {
        arguments.add(arguments.size() == 1 ? new Literal(1, AtomicType.INTEGER) : Literal.NULL);
      }
      arguments.add(context.IGNORE() != null ? Literal.TRUE : Literal.FALSE);
    }
    Expression filter = context.filter == null ? null : expression(context.filter);
    return new UnresolvedFunction(name, arguments, distinct, filter);
  }

  private static Expression column(ColumnReferenceContext context) {
    return new UnresolvedAttribute(List.of(Names.of(context.identifier())));
  }

  private Expression dereference(DereferenceContext context) {
    String field = Names.of(context.fieldName());
    Expression base = primary(context.primary());
    boolean plain = !(context.primary() instanceof ParenthesizedContext);
    if (plain && base instanceof UnresolvedAttribute attribute) {
      List<String> parts = new ArrayList<>(attribute.parts());
      parts.add(field);
      return new UnresolvedAttribute(parts);
    }
    return call("getitem", base, new Literal(field, AtomicType.STRING));
  }

  private static DataType type(DataTypeContext context) {
    Interval span =
        Interval.of(context.getStart().getStartIndex(), context.getStop().getStopIndex());
    return new TypeParser(context.getStart().getInputStream().getText(span)).parseType();
  }

  private static Expression negateIf(boolean negated, Expression expression) {
    return negated ? call("not", expression) : expression;
  }

  private static Expression call(String name, Expression... arguments) {
    return UnresolvedFunction.of(name, arguments);
  }

  private static Expression call(String name, List<Expression> arguments) {
    return new UnresolvedFunction(name, arguments, false, null);
  }

  static IllegalStateException unknown(ParserRuleContext context) {
    return new IllegalStateException("parse tree node must be known: " + context.getClass());
  }
}
