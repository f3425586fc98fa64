package io.arrowmill.analysis;

import static io.arrowmill.analysis.Plans.analyze;
import static io.arrowmill.analysis.Plans.as;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.lit;
import static io.arrowmill.analysis.Plans.output;
import static io.arrowmill.analysis.Plans.star;
import static io.arrowmill.analysis.Plans.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.analysis.EventTime.WindowKey;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The form of analyzed plans. */
final class AnalyzerTest {
  private final BatchRelation table =
      Plans.batch("k STRING, v INT, ts TIMESTAMP, tags ARRAY<STRING>");

  private static SortOrder asc(io.arrowmill.plan.Expression key) {
    return new SortOrder(key, true, true);
  }

  @Test
  void addsReplacesAndDropsColumns() {
    LogicalPlan with =
        new WithColumns(List.of(as(fn("+", col("v"), 1), "V"), as(lit(1.5), "w")), table);
    assertThat(output(analyze(new DropColumns(List.of("TS", "none", "tags"), with))))
        .containsExactly("k string", "V int", "w double");
  }

  @Test
  void expandsStarsByAlias() {
    LogicalPlan join =
        new Join(
            new SubqueryAlias("a", table),
            new SubqueryAlias("b", table),
            JoinType.INNER,
            fn("=", col("a.k"), col("b.k")),
            List.of());
    LogicalPlan plan = analyze(new Project(List.of(new UnresolvedStar(List.of("b"))), join));
    assertThat(output(plan))
        .containsExactly("k string", "v int", "ts timestamp", "tags array<string>");
    Join resolved = (Join) ((Project) plan).child();
    assertThat(plan.output()).isEqualTo(resolved.right().output());
    assertThat(resolved.left().output()).doesNotContainAnyElementsOf(plan.output());
  }

  @Test
  void groupsByComputedKeysBelowAndComputesAbove() {
    LogicalPlan plan =
        analyze(
            new Aggregate(
                List.of(fn("upper", col("k"))),
                List.of(
                    fn("upper", col("k")),
                    as(fn("+", fn("sum", fn("*", col("v"), 2)), fn("count", star())), "total")),
                table));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Project [upper(k), (sum((v * 2)) + count(1)) AS total]
              Aggregate [upper(k)] [upper(k), sum((v * 2)) AS sum((v * 2)), count(1) AS count(1)]
                Project [k, v, ts, tags, upper(k) AS upper(k), (v * 2) AS (v * 2)]
                  BatchRelation [k, v, ts, tags]
            """);
    assertThat(output(plan)).containsExactly("upper(k) string", "total bigint");
  }

  @Test
  void leavesPlainAggregatesPlain() {
    LogicalPlan plan =
        analyze(
            new Aggregate(
                List.of(col("k")),
                List.of(col("k"), as(fn("count", lit(1)), "count"), fn("avg", col("v"))),
                table));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Aggregate [k] [k, count(1) AS count, avg(v) AS avg(v)]
              BatchRelation [k, v, ts, tags]
            """);
    assertThat(output(plan)).containsExactly("k string", "count bigint", "avg(v) double");
    assertThat(analyze(plan)).isSameAs(plan);
  }

  @Test
  void groupsByPositionAndByAliasOfAResult() {
    LogicalPlan plan =
        analyze(
            new Aggregate(
                List.of(lit(1), col("half")),
                List.of(col("k"), as(fn("/", col("v"), 2), "half"), fn("max", col("v"))),
                table));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Aggregate [k, half] [k, half, max(v) AS max(v)]
              Project [k, v, ts, tags, (CAST(v AS DOUBLE) / 2.0) AS half]
                BatchRelation [k, v, ts, tags]
            """);
  }

  @Test
  void filtersAndSortsByAggregatesThatAreNotSelected() {
    LogicalPlan grouped = new Aggregate(List.of(col("k")), List.of(col("k")), table);
    LogicalPlan having = new Filter(fn(">", fn("count", star()), 1), grouped);
    assertThat(tree(analyze(having)))
        .isEqualTo(
            """
            Project [k]
              Filter (count(1) > 1)
                Project [k, count(1)]
                  Aggregate [k] [k, count(1) AS count(1)]
                    BatchRelation [k, v, ts, tags]
            """);
    assertThat(output(analyze(new Sort(List.of(asc(fn("max", col("v")))), grouped))))
        .containsExactly("k string");
  }

  @Test
  void sortsByColumnsThatTheProjectionDropped() {
    LogicalPlan plan =
        analyze(new Sort(List.of(asc(col("v"))), new Project(List.of(col("k")), table)));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Project [k]
              Sort [v ASC NULLS FIRST]
                Project [k, v]
                  BatchRelation [k, v, ts, tags]
            """);
  }

  @Test
  void turnsGeneratorsIntoGenerate() {
    LogicalPlan plan =
        analyze(new Project(List.of(col("k"), as(fn("explode", col("tags")), "tag")), table));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Project [k, tag]
              Generate
                BatchRelation [k, v, ts, tags]
            """);
    assertThat(output(analyze(new Project(List.of(fn("posexplode", col("tags"))), table))))
        .containsExactly("pos int", "col string");
  }

  @Test
  void groupsByTheStartOfATumblingWindow() {
    LogicalPlan events =
        new EventTimeWatermark(col("ts"), 5_000_000, Plans.stream("k STRING, ts TIMESTAMP"));
    LogicalPlan plan =
        analyze(
            new Aggregate(
                List.of(fn("window", col("ts"), "10 seconds"), col("k")),
                List.of(
                    fn("window", col("ts"), "10 seconds"), col("k"), as(fn("count", star()), "n")),
                events));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Project [named_struct(start, window_start, end, (window_start + PT10S)) AS window, k, n]
              Aggregate [window_start, k] [window_start, k, count(1) AS n]
                Project [k, ts, window.start AS window_start]
                  Filter (ts IS NOT NULL)
                    EventTimeWatermark
                      StreamRelation [k, ts]
            """);
    assertThat(plan.output().getFirst().eventTimeDelayMicros()).isEqualTo(5_000_000);
    Aggregate aggregate = (Aggregate) ((Project) plan).child();
    Attribute start = (Attribute) aggregate.groupings().getFirst();
    assertThat(EventTime.evictionKey(aggregate)).isEqualTo(new WindowKey(start, 10_000_000));
  }

  @Test
  void groupsByTheStartOfAWindowThatWasSelectedBefore() {
    LogicalPlan events =
        new EventTimeWatermark(col("ts"), 5_000_000, Plans.stream("k STRING, ts TIMESTAMP"));
    LogicalPlan windows =
        new WithColumns(List.of(as(fn("window", col("ts"), "10 seconds"), "w")), events);
    LogicalPlan plan =
        analyze(new Aggregate(List.of(col("w")), List.of(col("w"), fn("count", star())), windows));
    assertThat(output(plan))
        .containsExactly("w struct<start: timestamp, end: timestamp>", "count(1) bigint");
    Aggregate aggregate = (Aggregate) ((Project) plan).child();
    Attribute start = (Attribute) aggregate.groupings().getFirst();
    assertThat(EventTime.evictionKey(aggregate)).isEqualTo(new WindowKey(start, 10_000_000));
    assertThat(analyze(plan)).isSameAs(plan);
  }

  @Test
  void expandsSlidingWindows() {
    LogicalPlan plan =
        analyze(
            new Aggregate(
                List.of(fn("window", col("ts"), "10 minutes", "5 minutes")),
                List.of(
                    as(
                        fn("getitem", fn("window", col("ts"), "10 minutes", "5 minutes"), "end"),
                        "until"),
                    fn("max", col("v"))),
                table));
    assertThat(tree(plan))
        .isEqualTo(
            """
            Project [(window_start + PT10M) AS until, max(v)]
              Aggregate [window_start] [window_start, max(v) AS max(v)]
                ExpandWindows
                  BatchRelation [k, v, ts, tags]
            """);
  }

  @Test
  void joinsUsingColumnsOnce() {
    BatchRelation other = Plans.batch("K STRING, w INT");
    for (JoinType type : List.of(JoinType.INNER, JoinType.LEFT_OUTER, JoinType.FULL_OUTER)) {
      assertThat(output(analyze(new Join(table, other, type, null, List.of("k")))))
          .containsExactly("k string", "v int", "ts timestamp", "tags array<string>", "w int");
    }
    assertThat(output(analyze(new Join(other, table, JoinType.LEFT_SEMI, null, List.of("k")))))
        .containsExactly("K string", "w int");
  }

  @Test
  void widensUnionsByPositionAndByName() {
    BatchRelation first = Plans.batch("a INT, b DECIMAL(5,2)");
    BatchRelation second = Plans.batch("x BIGINT, y INT");
    assertThat(output(analyze(new Union(List.of(first, second), List.of(), false, false))))
        .containsExactly("a bigint", "b decimal(12,2)");
    BatchRelation third = Plans.batch("c STRING, A BIGINT");
    assertThat(output(analyze(new Union(List.of(first, third), List.of(), true, true))))
        .containsExactly("a bigint", "b decimal(5,2)", "c string");
  }

  @Test
  void findsRelationsByName() {
    RelationLookup lookup = (name, streaming) -> name.equals("events") ? table : null;
    LogicalPlan plan =
        new Project(List.of(col("events.k")), new UnresolvedRelation("events", false));
    assertThat(output(new Analyzer(lookup, AnalysisConf.DEFAULT).analyze(plan)))
        .containsExactly("k string");
  }
}
