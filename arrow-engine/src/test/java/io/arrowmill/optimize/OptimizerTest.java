package io.arrowmill.optimize;

import static io.arrowmill.analysis.Plans.analyze;
import static io.arrowmill.analysis.Plans.as;
import static io.arrowmill.analysis.Plans.batch;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.lit;
import static io.arrowmill.analysis.Plans.star;
import static io.arrowmill.analysis.Plans.stream;
import static io.arrowmill.analysis.Plans.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans before and after; the rows stay the same, so do the columns of the whole. */
final class OptimizerTest {
  private static final String EVENTS = "k STRING, v INT, w INT, ts TIMESTAMP";

  /** Adds INTs, and fails for anything else as an evaluator may. */
  private static Literal add(Expression constant) {
    if (constant instanceof Call call
        && call.name().equals("+")
        && call.arguments().get(0) instanceof Literal left
        && call.arguments().get(1) instanceof Literal right
        && left.value() instanceof Integer a
        && right.value() instanceof Integer b) {
      return new Literal(Math.addExact(a, b), constant.type());
    }
    throw new IllegalArgumentException(constant.sql());
  }

  private static String optimized(LogicalPlan plan) {
    LogicalPlan analyzed = analyze(plan);
    LogicalPlan optimized = new Optimizer(OptimizerTest::add).optimize(analyzed);
    assertThat(optimized.output().stream().map(column -> column.id() + column.name()))
        .isEqualTo(analyzed.output().stream().map(column -> column.id() + column.name()).toList());
    return tree(optimized);
  }

  @Test
  void readsOnlyColumnsThatAreUsed() {
    LogicalPlan plan =
        new Project(
            List.of(col("k")),
            new Filter(fn(">", col("v"), 1), new SubqueryAlias("e", batch(EVENTS))));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [k]
              Filter (v > 1)
                BatchRelation [k, v]
            """);
  }

  @Test
  void keepsOneColumnToCountRows() {
    assertThat(optimized(new Aggregate(List.of(), List.of(fn("count", star())), batch(EVENTS))))
        .isEqualTo(
            """
            Aggregate [] [count(1) AS count(1)]
              BatchRelation [v]
            """);
  }

  @Test
  void keepsTheEventTimeOfAWatermark() {
    LogicalPlan plan =
        new Project(
            List.of(col("k")), new EventTimeWatermark(col("ts"), 1_000_000, stream(EVENTS)));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [k]
              EventTimeWatermark
                StreamRelation [k, ts]
            """);
  }

  @Test
  void pushesOnlyConditionsWithoutTheEventTimeBelowItsWatermark() {
    LogicalPlan marked =
        new EventTimeWatermark(col("ts"), 1_000_000, stream("v INT, ts TIMESTAMP"));
    LogicalPlan plan =
        new Filter(fn("and", fn("isnotnull", col("ts")), fn(">", col("v"), 1)), marked);
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Filter (ts IS NOT NULL)
              EventTimeWatermark
                Filter (v > 1)
                  StreamRelation [v, ts]
            """);
  }

  @Test
  void dropsWatermarksOfBatches() {
    assertThat(optimized(new EventTimeWatermark(col("ts"), 1, batch("ts TIMESTAMP"))))
        .isEqualTo("BatchRelation [ts]\n");
  }

  @Test
  void combinesAndPushesFiltersThroughProjections() {
    LogicalPlan inner =
        new Project(List.of(col("k"), as(fn("+", col("v"), 1), "x")), batch(EVENTS));
    LogicalPlan plan = new Filter(fn("=", col("k"), "a"), new Filter(fn(">", col("x"), 5), inner));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [k, (v + 1) AS x]
              Filter (((v + 1) > 5) AND (k = a))
                BatchRelation [k, v]
            """);
  }

  @Test
  void doesNotComputeExpensiveColumnsTwice() {
    LogicalPlan inner =
        new Project(List.of(as(fn("regexp_replace", col("k"), "a", "b"), "x")), batch("k STRING"));
    assertThat(optimized(new Filter(fn("=", col("x"), "b"), inner)))
        .isEqualTo(
            """
            Filter (x = b)
              Project [regexp_replace(k, a, b) AS x]
                BatchRelation [k]
            """);
    assertThat(optimized(new Project(List.of(col("x"), as(fn("length", col("x")), "n")), inner)))
        .isEqualTo(
            """
            Project [x, length(x) AS n]
              Project [regexp_replace(k, a, b) AS x]
                BatchRelation [k]
            """);
  }

  @Test
  void collapsesProjections() {
    LogicalPlan inner =
        new Project(List.of(as(fn("+", col("v"), 1), "x"), col("w")), batch(EVENTS));
    LogicalPlan plan = new Project(List.of(as(fn("*", col("x"), 2), "y"), col("w")), inner);
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [((v + 1) * 2) AS y, w]
              BatchRelation [v, w]
            """);
  }

  @Test
  void foldsConstantsAndLeavesWhatFails() {
    LogicalPlan plan =
        new Filter(
            fn("and", lit(true), fn(">", col("v"), fn("+", 1, 2))),
            new Filter(fn("=", fn("+", Integer.MAX_VALUE, 1), col("v")), batch("v INT")));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Filter (((2147483647 + 1) = v) AND (v > 3))
              BatchRelation [v]
            """);
  }

  @Test
  void pushesFiltersToTheSidesOfJoins() {
    LogicalPlan join =
        new Join(
            new SubqueryAlias("l", batch("k STRING, v INT")),
            new SubqueryAlias("r", batch("k STRING, x INT, unused INT")),
            JoinType.CROSS,
            null,
            List.of());
    LogicalPlan plan =
        new Project(
            List.of(col("v")),
            new Filter(
                fn(
                    "and",
                    fn("=", col("l.k"), col("r.k")),
                    fn("and", fn(">", col("v"), 1), fn("<", col("x"), 2))),
                join));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [v]
              Join
                Filter (v > 1)
                  BatchRelation [k, v]
                Project [k]
                  Filter (x < 2)
                    BatchRelation [k, x]
            """);
  }

  @Test
  void keepsUnmatchedRowsOfOuterJoins() {
    LogicalPlan join =
        new Join(
            batch("a INT"),
            batch("b INT"),
            JoinType.LEFT_OUTER,
            fn(
                "and",
                fn("=", col("a"), col("b")),
                fn("and", fn(">", col("a"), 1), fn(">", col("b"), 2))),
            List.of());
    assertThat(optimized(new Filter(fn("isnull", col("b")), join)))
        .isEqualTo(
            """
            Filter (b IS NULL)
              Join
                BatchRelation [a]
                Filter (b > 2)
                  BatchRelation [b]
            """);
  }

  @Test
  void pushesFiltersAndColumnsIntoUnions() {
    LogicalPlan union =
        new Union(List.of(batch("a INT, b INT"), batch("x INT, y INT")), List.of(), false, false);
    assertThat(optimized(new Project(List.of(col("b")), new Filter(fn(">", col("a"), 1), union))))
        .isEqualTo(
            """
            Union
              Project [b]
                Filter (a > 1)
                  BatchRelation [a, b]
              Project [y]
                Filter (x > 1)
                  BatchRelation [x, y]
            """);
  }

  @Test
  void groupsByWindowsOverTheColumnsNeeded() {
    LogicalPlan plan =
        new Aggregate(
            List.of(fn("window", col("ts"), "10 seconds")),
            List.of(fn("window", col("ts"), "10 seconds"), fn("sum", col("v"))),
            new EventTimeWatermark(col("ts"), 0, stream(EVENTS)));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Project [named_struct(start, window_start, end, (window_start + PT10S)) AS window, sum(v)]
              Aggregate [window_start] [window_start, sum(v) AS sum(v)]
                Project [v, window.start AS window_start]
                  Filter (ts IS NOT NULL)
                    EventTimeWatermark
                      StreamRelation [v, ts]
            """);
  }

  private static LogicalPlan marked(String ddl) {
    return new EventTimeWatermark(col("ts"), 1_000_000, stream(ddl));
  }

  private static LogicalPlan join(JoinType type, Expression condition) {
    return new Project(
        List.of(lit(1)),
        new Join(
            new SubqueryAlias("l", marked("k STRING, v INT, ts TIMESTAMP")),
            new SubqueryAlias("r", marked("k STRING, x INT, ts TIMESTAMP")),
            type,
            condition,
            List.of()));
  }

  private static final Expression EQUAL =
      fn(
          "and",
          fn("=", col("l.k"), col("r.k")),
          fn("and", fn("=", col("v"), col("x")), fn("<", col("x"), 3)));

  @Test
  void filtersStreamsByWhatFollowsFromAJoin() {
    assertThat(optimized(join(JoinType.INNER, EQUAL)))
        .isEqualTo(
            """
            Project [1 AS 1]
              Join
                Project [k, v]
                  EventTimeWatermark
                    Filter ((v < 3) AND (k IS NOT NULL))
                      StreamRelation [k, v, ts]
                Project [k, x]
                  EventTimeWatermark
                    Filter ((x < 3) AND (k IS NOT NULL))
                      StreamRelation [k, x, ts]
            """);
  }

  @Test
  void filtersOnlyTheSideOfAnOuterJoinWhoseUnmatchedRowsAreLost() {
    assertThat(optimized(join(JoinType.LEFT_OUTER, EQUAL)))
        .isEqualTo(
            """
            Project [1 AS 1]
              Join
                Project [k, v]
                  EventTimeWatermark
                    StreamRelation [k, v, ts]
                Project [k, x]
                  EventTimeWatermark
                    Filter ((x < 3) AND (k IS NOT NULL))
                      StreamRelation [k, x, ts]
            """);
    assertThat(optimized(join(JoinType.FULL_OUTER, EQUAL))).doesNotContain("Filter");
  }

  @Test
  void infersThatAColumnIsNotNullBelowAWatermark() {
    LogicalPlan plan =
        new Filter(
            fn("=", fn("hour", col("ts")), fn("+", col("v"), 1)), marked("v INT, ts TIMESTAMP"));
    assertThat(optimized(plan))
        .isEqualTo(
            """
            Filter (hour(ts) = (v + 1))
              EventTimeWatermark
                Filter (v IS NOT NULL)
                  StreamRelation [v, ts]
            """);
  }

  @Test
  void infersNothingFromKeysThatAreFloatingPointNumbers() {
    LogicalPlan join =
        new Join(
            new SubqueryAlias("l", marked("d DOUBLE, ts TIMESTAMP")),
            new SubqueryAlias("r", marked("d DOUBLE, ts TIMESTAMP")),
            JoinType.INNER,
            fn("=", col("l.d"), col("r.d")),
            List.of());
    assertThat(optimized(join)).doesNotContain("Filter");
  }

  @Test
  void infersNothingOnTables() {
    LogicalPlan join =
        new Join(
            new SubqueryAlias("l", batch("k STRING, v INT")),
            new SubqueryAlias("r", batch("k STRING, x INT")),
            JoinType.INNER,
            fn("=", col("l.k"), col("r.k")),
            List.of());
    assertThat(optimized(join)).doesNotContain("Filter");
  }

  @Test
  void makesOuterJoinsInnerWhereAFilterDropsRowsWithoutPartner() {
    Join join =
        new Join(
            batch("a INT, v INT"),
            batch("b INT, x INT"),
            JoinType.FULL_OUTER,
            fn("=", col("a"), col("b")),
            List.of());
    assertThat(typeUnder(fn(">", col("x"), 1), join)).isEqualTo(JoinType.RIGHT_OUTER);
    assertThat(typeUnder(fn("isnotnull", col("v")), join)).isEqualTo(JoinType.LEFT_OUTER);
    assertThat(typeUnder(fn("and", fn(">", col("x"), 1), fn("=", col("v"), 2)), join))
        .isEqualTo(JoinType.INNER);
    assertThat(typeUnder(fn("isnull", col("x")), join)).isEqualTo(JoinType.FULL_OUTER);
    assertThat(typeUnder(fn("=", col("v"), col("x")), join)).isEqualTo(JoinType.FULL_OUTER);
  }

  private static JoinType typeUnder(Expression condition, Join join) {
    LogicalPlan plan = analyze(new Filter(condition, join));
    LogicalPlan[] found = new LogicalPlan[1];
    new NarrowOuterJoins(OptimizerTest::ofNulls)
        .apply(plan)
        .transformUp(node -> {
          found[0] = node instanceof Join ? node : found[0];
          return node;
        });
    return ((Join) found[0]).type();
  }

  /** Comparisons of nulls are null, tests for null are decided. */
  private static Literal ofNulls(Expression condition) {
    Call call = (Call) condition;
    return switch (call.name()) {
      case "isnull" -> Literal.TRUE;
      case "isnotnull" -> Literal.FALSE;
      default -> new Literal(null, call.type());
    };
  }
}
