package io.arrowmill.operator;

import static io.arrowmill.analysis.Plans.analyze;
import static io.arrowmill.analysis.Plans.as;
import static io.arrowmill.analysis.Plans.batch;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scan is told of the conditions above it, and only of those that each row must pass first. */
final class ScanFiltersTest {
  private static final String EVENTS = "k STRING, v INT, w INT";
  private static final Expression BELOW = fn("<", col("v"), 3);
  private static final Expression LIKE = fn("like", col("k"), "a%");
  private static final Expression TWO_COLUMNS = fn(">", col("v"), col("w"));

  private static List<String> filters(LogicalPlan plan) {
    PhysicalPlan at = new PhysicalPlanner(OutputMode.APPEND).plan(analyze(plan));
    while (!(at instanceof ScanPlan)) {
      at = at.inputs().get(0);
    }
    return ((ScanPlan) at).filters().stream().map(Expression::sql).toList();
  }

  @Test
  void namesEachPartThatReadsOneColumn() {
    Expression both = fn("and", BELOW, LIKE);
    assertThat(filters(new Filter(both, batch(EVENTS)))).containsExactly("(v < 3)", "k LIKE a%");
    assertThat(filters(new Filter(both, stream(EVENTS)))).containsExactly("(v < 3)", "k LIKE a%");
  }

  @Test
  void namesThemBelowAProjectionToo() {
    LogicalPlan plan =
        new Project(List.of(as(fn("+", col("w"), 1), "x")), new Filter(BELOW, batch(EVENTS)));
    assertThat(filters(plan)).containsExactly("(v < 3)");
  }

  @Test
  void namesNothingBehindAPartOfTwoColumns() {
    Expression condition = fn("and", fn("and", BELOW, TWO_COLUMNS), LIKE);
    assertThat(filters(new Filter(condition, batch(EVENTS)))).containsExactly("(v < 3)");
    assertThat(filters(new Filter(fn("and", TWO_COLUMNS, BELOW), batch(EVENTS)))).isEmpty();
  }

  @Test
  void namesNoPartOfADisjunctionOfTwoColumns() {
    assertThat(filters(new Filter(fn("or", BELOW, LIKE), batch(EVENTS)))).isEmpty();
    assertThat(filters(batch(EVENTS))).isEmpty();
  }
}
