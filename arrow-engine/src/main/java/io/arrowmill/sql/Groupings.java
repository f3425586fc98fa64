package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.GroupingParts;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExpressionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupByContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupingAnalyticContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupingElementContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupingSetContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupingSetsItemContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * What {@code GROUP BY} says: the keys, and the sets of them if there are several. Elements side by
 * side are combined, each set of one with each of the others.
 */
final class Groupings {
  private static final int CUBE_KEYS_MAX = 12;

  private final ExpressionBuilder expressions;
  private final Function<Expression, Expression> meaning;
  private final List<Expression> keys = new ArrayList<>();
  private boolean analytic;

  private Groupings(ExpressionBuilder expressions, Function<Expression, Expression> meaning) {
    this.expressions = expressions;
    this.meaning = meaning;
  }

  /**
   * Keys and sets.
   *
   * @param sets of each set the positions of its keys
   * @param analytic whether the query asks for sets at all
   */
  record Keys(List<Expression> keys, List<List<Integer>> sets, boolean analytic) {}

  /**
   * Reads the clause.
   *
   * @param meaning what an expression stands for: the number or the name of a selected column
   */
  static Keys of(
      GroupByContext context,
      ExpressionBuilder expressions,
      Function<Expression, Expression> meaning) {
    return new Groupings(expressions, meaning).keys(context);
  }

  private Keys keys(GroupByContext context) {
    List<List<List<Integer>>> elements = new ArrayList<>();
    for (GroupingElementContext element : context.groupingElement()) {
      elements.add(sets(element));
    }
    List<List<Integer>> sets = combined(elements);
    if (context.with != null || !context.sets.isEmpty()) {
      if (analytic) {
        throw SyntaxErrors.at(
            context,
            "PARSE_SYNTAX_ERROR",
            "GROUP BY must say its sets once: WITH ROLLUP, WITH CUBE or GROUPING SETS behind plain"
                + " keys");
      }
      List<List<Integer>> each = elements.stream().map(List::getFirst).toList();
      analytic = true;
      sets =
          context.with == null
              ? context.sets.stream().map(this::set).toList()
              : several(each, context.CUBE() != null, context);
    }
    return new Keys(List.copyOf(keys), sets, analytic);
  }

  private List<List<Integer>> sets(GroupingElementContext element) {
    return element.expression() == null
        ? sets(element.groupingAnalytic())
        : List.of(positions(List.of(element.expression())));
  }

  private List<List<Integer>> sets(GroupingAnalyticContext element) {
    analytic = true;
    if (element.GROUPING() != null) {
      List<List<Integer>> all = new ArrayList<>();
      for (GroupingSetsItemContext item : element.groupingSetsItem()) {
        if (item.groupingSet() == null) {
          all.addAll(sets(item.groupingAnalytic()));
        } else {
          all.add(set(item.groupingSet()));
        }
      }
      return all;
    }
    List<List<Integer>> each = element.groupingSet().stream().map(this::set).toList();
    return several(each, element.CUBE() != null, element);
  }

  /** Of a rollup every beginning of the list, of a cube every part of it. */
  private static List<List<Integer>> several(
      List<List<Integer>> each, boolean cube, ParserRuleContext place) {
    int count = each.size();
    if (cube && count > CUBE_KEYS_MAX) {
      throw SyntaxErrors.at(
          place,
          "GROUPING_SIZE_LIMIT_EXCEEDED",
          "a cube must be of few keys: keys=" + count + ", max=" + CUBE_KEYS_MAX);
    }
    return (cube ? GroupingParts.parts(count) : GroupingParts.beginnings(count))
        .stream().map(part -> joined(part.stream().map(each::get).toList())).toList();
  }

  private static List<Integer> joined(List<List<Integer>> sets) {
    return sets.stream().flatMap(List::stream).distinct().toList();
  }

  private static List<List<Integer>> combined(List<List<List<Integer>>> elements) {
    List<List<Integer>> sets = List.of(List.of());
    for (List<List<Integer>> element : elements) {
      List<List<Integer>> more = new ArrayList<>();
      for (List<Integer> set : sets) {
        for (List<Integer> other : element) {
          more.add(joined(List.of(set, other)));
        }
      }
      sets = more;
    }
    return sets;
  }

  private List<Integer> set(GroupingSetContext context) {
    return positions(context.expression());
  }

  private List<Integer> positions(List<ExpressionContext> contexts) {
    List<Integer> positions = new ArrayList<>();
    for (Expression expression : expressions.expressions(contexts)) {
      Expression key = meaning.apply(expression);
      int known = keys.indexOf(key);
      positions.add(known < 0 ? keys.size() : known);
      if (known < 0) {
        keys.add(key);
      }
    }
    return positions;
  }
}
