package io.arrowmill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.sql.Statement.CreateView;
import io.arrowmill.sql.Statement.Describe;
import io.arrowmill.sql.Statement.DropView;
import io.arrowmill.sql.Statement.Explain;
import io.arrowmill.sql.Statement.SetOption;
import io.arrowmill.sql.Statement.ShowTables;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries to plans, written outermost first: {@code Filter[...](Table t)}. */
final class SqlPlanTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SELECT a, b + 1 AS c FROM t        | Project[a, (b + 1) AS c](t)
          SELECT 1                           | Project[1](Rows[][[]])
          SELECT DISTINCT a FROM t           | Distinct(Project[a](t))
          SELECT * FROM t WHERE a > 1 LIMIT 5 | Limit 5(Project[*](Filter[(a > 1)](t)))
          SELECT x.* FROM db.t AS x          | Project[x.*](x: t: Table db.t)
          TABLE t                            | t
          SELECT a FROM (SELECT b FROM t) s  | Project[a](s: Project[b](t))
          SELECT a FROM STREAM(t)            | Project[a](t: Stream t)
          SELECT a FROM STREAM t             | Project[a](t: Stream t)
          SELECT a FROM range(3)             | Project[a](Range 0 3 1)
          SELECT a FROM range(2, 10, 4) r    | Project[a](r: Range 2 10 4)
          SELECT a FROM t, s                 | Project[a](Join CROSS(t, s))
          SELECT a FROM t JOIN s ON t.x = s.x | Project[a](Join INNER[(t.x = s.x)](t, s))
          SELECT a FROM t LEFT JOIN s USING (x, y) | Project[a](Join LEFT_OUTER[using x y](t, s))
          SELECT a FROM t RIGHT OUTER JOIN s ON b  | Project[a](Join RIGHT_OUTER[b](t, s))
          SELECT a FROM t FULL JOIN s ON b   | Project[a](Join FULL_OUTER[b](t, s))
          SELECT a FROM t LEFT SEMI JOIN s ON b | Project[a](Join LEFT_SEMI[b](t, s))
          SELECT a FROM t LEFT ANTI JOIN s ON b | Project[a](Join LEFT_ANTI[b](t, s))
          SELECT a FROM t CROSS JOIN s JOIN u ON b | Project[a](Join INNER[b](Join CROSS(t, s), u))
          SELECT k, sum(v) FROM t GROUP BY k | Aggregate[k][k, sum(v)](t)
          SELECT k + 1 AS j, sum(v) FROM t GROUP BY 1 | Aggregate[(k + 1)][(k + 1) AS j, sum(v)](t)
          SELECT count(*) AS n FROM t        | Aggregate[][count(1) AS n](t)
          SELECT window(ts, '10 minutes') w, count(*) FROM t GROUP BY window(ts, '10 minutes') | Aggregate[window(ts, 10 minutes)][window(ts, 10 minutes) AS w, count(1)](t)
          SELECT a FROM t ORDER BY a DESC    | Sort[a DESC NULLS LAST](Project[a](t))
          SELECT a FROM t ORDER BY 1 NULLS LAST | Sort[a ASC NULLS LAST](Project[a](t))
          SELECT a AS x FROM t ORDER BY 1    | Sort[x ASC NULLS FIRST](Project[a AS x](t))
          SELECT a FROM t UNION ALL SELECT a FROM s UNION ALL TABLE u | Union(Project[a](t), Project[a](s), u)
          SELECT a FROM t UNION TABLE s      | Distinct(Union(Project[a](t), s))
          SELECT a FROM t UNION ALL TABLE s ORDER BY a LIMIT 1 | Limit 1(Sort[a ASC NULLS FIRST](Union(Project[a](t), s)))
          (SELECT a FROM t)                  | Project[a](t)
          WITH c AS (SELECT a FROM t) SELECT a FROM c | Project[a](c: Project[a](t))
          WITH c AS (TABLE t), d AS (TABLE c) TABLE d | d: c: t
          WITH t AS (TABLE t) TABLE t        | t: t
          SELECT a FROM t WATERMARK ts DELAY OF INTERVAL 10 SECONDS x | Project[a](x: Watermark ts 10000000(t))
          SELECT c FROM t LATERAL VIEW explode(xs) v AS c | Project[c](Project[*, explode(xs) AS (c)](t))
          SELECT a FROM t -- done ;          | Project[a](t)
          SELECT a FROM t ;                  | Project[a](t)
          """)
  void buildsPlans(String text, String expected) {
    assertThat(shape(SqlParser.parsePlan(text))).isEqualTo(expected);
  }

  @Test
  void computesWhatHavingAndOrderByNeedAsHiddenColumns() {
    LogicalPlan plan =
        SqlParser.parsePlan(
            "SELECT k, sum(v) AS s FROM t GROUP BY k HAVING max(v) > 1 AND s > 2 ORDER BY min(v),"
                + " s");
    assertThat(shape(plan))
        .isEqualTo(
            "Drop[__having, __order0]("
                + "Sort[__order0 ASC NULLS FIRST, s ASC NULLS FIRST]("
                + "Filter[__having]("
                + "Aggregate[k][k, sum(v) AS s, ((max(v) > 1) AND (sum(v) > 2)) AS __having,"
                + " min(v) AS __order0](t))))");
  }

  @Test
  void readsValuesAsRows() {
    LogicalPlan plan = SqlParser.parsePlan("SELECT * FROM VALUES (1, 'a'), (2, NULL) AS v(x, y)");
    assertThat(shape(plan)).isEqualTo("Project[*](v: Rows[x INT, y STRING][[1, a], [2, null]])");
    assertThat(shape(SqlParser.parsePlan("VALUES 1, 2"))).isEqualTo("Rows[col1 INT][[1], [2]]");
    assertThat(shape(SqlParser.parsePlan("VALUES (1), (2L + 1)")))
        .isEqualTo("Union(Project[1 AS col1](Rows[][[]]), Project[(2 + 1) AS col1](Rows[][[]]))");
  }

  @Test
  void givesEachUseOfASubqueryColumnsOfItsOwn() {
    LogicalPlan plan =
        SqlParser.parsePlan("WITH c AS (SELECT a AS x FROM t) SELECT 1 FROM c JOIN c AS d ON true");
    Join join = (Join) plan.children().getFirst();
    assertThat(join.left()).isNotEqualTo(join.right());
  }

  @Test
  void readsStatements() {
    assertThat(SqlParser.parseStatement("show tables")).isEqualTo(new ShowTables());
    assertThat(SqlParser.parseStatement("DESCRIBE TABLE a.b")).isEqualTo(new Describe("a.b"));
    assertThat(SqlParser.parseStatement("drop view if exists v;"))
        .isEqualTo(new DropView("v", true));
    assertThat(SqlParser.parseStatement("CREATE OR REPLACE TEMP VIEW v AS TABLE t"))
        .isInstanceOfSatisfying(
            CreateView.class,
            create -> {
              assertThat(create.name()).isEqualTo("v");
              assertThat(create.replace()).isTrue();
              assertThat(shape(create.plan())).isEqualTo("t");
            });
    assertThat(SqlParser.parseStatement("EXPLAIN EXTENDED TABLE t"))
        .isInstanceOfSatisfying(Explain.class, explain -> assertThat(explain.extended()).isTrue());
  }

  @Test
  void readsSettings() {
    assertThat(SqlParser.parseStatement("SET a.b.c = some value; "))
        .isEqualTo(new SetOption("a.b.c", "some value"));
    assertThat(SqlParser.parseStatement("set a.b=1")).isEqualTo(new SetOption("a.b", "1"));
    assertThat(SqlParser.parseStatement("SET a.b")).isEqualTo(new SetOption("a.b", null));
    assertThat(SqlParser.parseStatement("SET")).isEqualTo(new SetOption(null, null));
  }

  /** A plan on one line; a table under its own name is just that name. */
  static String shape(LogicalPlan plan) {
    String head =
        switch (plan) {
          case Project project -> "Project" + list(project.columns());
          case Filter filter -> "Filter[" + filter.condition().sql() + "]";
          case Aggregate aggregate ->
              "Aggregate" + list(aggregate.groupings()) + list(aggregate.results());
          case Sort sort -> "Sort" + list(sort.orders());
          case Limit limit -> "Limit " + limit.count();
          case Distinct ignored -> "Distinct";
          case DropColumns drop -> "Drop" + drop.names();
          case Union ignored -> "Union";
          case EventTimeWatermark watermark ->
              "Watermark " + watermark.column().sql() + " " + watermark.delayMicros();
          case Join join ->
              "Join "
                  + join.type()
                  + (join.condition() == null ? "" : "[" + join.condition().sql() + "]")
                  + (join.using().isEmpty()
                      ? ""
                      : "[using " + String.join(" ", join.using()) + "]");
          case SubqueryAlias alias -> {
            String below = shape(alias.child());
            yield below.equals("Table " + alias.name())
                ? alias.name()
                : alias.name() + ": " + below;
          }
          case UnresolvedRelation table ->
              (table.streaming() ? "Stream " : "Table ") + table.name();
          case RangeRelation range ->
              "Range " + range.start() + " " + range.end() + " " + range.step();
          case LocalRelation rows ->
              "Rows["
                  + rows.schema().fields().stream()
                      .map(field -> field.name() + " " + field.type().sql())
                      .collect(Collectors.joining(", "))
                  + "]"
                  + rows.rows().stream().map(Row::values).toList();
          default -> throw new AssertionError("plan must be one that SQL makes: " + plan);
        };
    if (plan instanceof SubqueryAlias || plan.children().isEmpty()) {
      return head;
    }
    return head
        + plan.children().stream()
            .map(SqlPlanTest::shape)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String list(List<? extends Expression> expressions) {
    return expressions.stream().map(Expression::sql).collect(Collectors.joining(", ", "[", "]"));
  }
}
