package io.arrowmill.analysis;

import static io.arrowmill.analysis.Plans.as;
import static io.arrowmill.analysis.Plans.batch;
import static io.arrowmill.analysis.Plans.cast;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.lit;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What analysis refuses, word for word. */
final class RejectionTest {
  private static final LogicalPlan TABLE =
      batch(
          "price DOUBLE, name STRING, n INT, dt DATE, ts TIMESTAMP, a ARRAY<INT>, m MAP<STRING,"
              + " INT>");

  private static LogicalPlan select(Expression column) {
    return new Project(List.of(column), TABLE);
  }

  static List<Arguments> plans() {
    return List.of(
        Arguments.of(
            select(col("pricee")),
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] column must exist: name=pricee,"
                + " closest=[price, name, a, dt, m]; use one of the closest names"),
        Arguments.of(
            select(fn("uper", col("name"))),
            "[UNRESOLVED_ROUTINE] function must exist: name=uper,"
                + " closest=[upper, chr, every, get, hour]; use one of the closest names"),
        Arguments.of(
            select(fn("listagg", col("name"))),
            "[UNSUPPORTED_FUNCTION] function must be one that Arrowmill runs: name=listagg;"
                + " it is a Spark function that is not supported yet"),
        Arguments.of(
            select(fn("upper", col("name"), 1)),
            "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] function must get the number of arguments it"
                + " takes: function=upper, expected=1, found=2"),
        Arguments.of(
            select(fn("+", col("a"), 1)),
            "[DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] operands must have a common type: operator=+,"
                + " left=a, leftType=ARRAY<INT>, right=1, rightType=INT; cast one of them"),
        Arguments.of(
            select(fn("year", col("n"))),
            "[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] argument must be of a type that the function"
                + " takes: function=year, argument=1, expression=n, required=DATE, found=INT; cast"
                + " it"),
        Arguments.of(
            select(cast(col("n"), "DATE")),
            "[DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION] value must be of a type that can be cast"
                + " to the target: expression=n, from=INT, to=DATE; use date_add to count days"
                + " from DATE'1970-01-01'"),
        Arguments.of(
            new Filter(col("price"), TABLE),
            "[DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN] condition must be BOOLEAN: operator=Filter,"
                + " expression=price, type=DOUBLE; compare it to a value"),
        Arguments.of(
            new Aggregate(List.of(col("name")), List.of(col("n"), fn("sum", col("price"))), TABLE),
            "[MISSING_AGGREGATION] column must be grouped by or inside an aggregate function:"
                + " column=n, groupings=[name]; add it to GROUP BY, or wrap it, as in"
                + " any_value(n)"),
        Arguments.of(
            select(fn("sum", fn("max", col("n")))),
            "[NESTED_AGGREGATE_FUNCTION] an aggregate function must not be inside another:"
                + " expression=sum(max(n)); aggregate in a subquery first"),
        Arguments.of(
            new Join(
                new SubqueryAlias("x", TABLE),
                new SubqueryAlias("y", TABLE),
                JoinType.INNER,
                fn("=", col("n"), 1),
                List.of()),
            "[AMBIGUOUS_REFERENCE] name must mean one column: name=n, candidates=[x.n, y.n];"
                + " qualify it with the table's name or alias, or rename a column"),
        Arguments.of(
            new EventTimeWatermark(col("n"), 0, TABLE),
            "[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] event time must be TIMESTAMP: column=n,"
                + " type=INT; cast it"),
        Arguments.of(
            new Union(List.of(TABLE, batch("a INT")), List.of(), false, false),
            "[NUM_COLUMNS_MISMATCH] inputs of a union must have equally many columns: first=7,"
                + " input=2, columns=1; select the same columns, or use unionByName"),
        Arguments.of(
            new Union(List.of(batch("a INT"), batch("a ARRAY<INT>")), List.of(), false, false),
            "[INCOMPATIBLE_COLUMN_TYPE] columns of a union must have common types: column=a,"
                + " position=1, first=INT, input=2, type=ARRAY<INT>; cast one of them"),
        Arguments.of(
            new WithColumns(List.of(as(lit(1), "x"), as(lit(2), "X")), TABLE),
            "[COLUMN_ALREADY_EXISTS] columns added together must have different names: name=x"),
        Arguments.of(
            select(fn("window", col("ts"), "ten minutes")),
            "[CANNOT_PARSE_INTERVAL] text must be a length of time: text='ten minutes'; it must be"
                + " numbers, each with its unit; found 'ten minutes'; write it like '10 minutes' or"
                + " '1 hour 30 seconds'"),
        Arguments.of(
            select(fn("=", col("m"), col("m"))),
            "[DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE] operands must be of a type that the operator"
                + " takes: operator==, required=a type that can be compared, left=m,"
                + " leftType=MAP<STRING, INT>, right=m, rightType=MAP<STRING, INT>; cast them"));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void saysWhatMustHoldWhatWasFoundAndWhatToDo(LogicalPlan plan, String message) {
    assertThatThrownBy(() -> Plans.analyze(plan))
        .isInstanceOf(AnalysisException.class)
        .hasMessage(message);
  }

  @Test
  void suggestsTables() {
    RelationLookup lookup =
        new RelationLookup() {
          @Override
          public @org.jspecify.annotations.Nullable LogicalPlan relation(
              String name, boolean streaming) {
            return null;
          }

          @Override
          public List<String> names() {
            return List.of("events", "users");
          }
        };
    Analyzer analyzer = new Analyzer(lookup, AnalysisConf.DEFAULT);
    assertThatThrownBy(() -> analyzer.analyze(new UnresolvedRelation("event", true)))
        .hasMessage(
            "[TABLE_OR_VIEW_NOT_FOUND] table or view must exist: name=event, closest=[events,"
                + " users]; create it, or use one of the closest names");
  }
}
