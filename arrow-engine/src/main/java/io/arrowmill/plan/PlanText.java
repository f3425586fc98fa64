package io.arrowmill.plan;

import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Logical plans as indented text: a line a node, inputs below and further in. */
final class PlanText {
  /** Of a longer list only the beginning is shown. */
  private static final int LISTED_MAX = 25;

  private PlanText() {}

  static String of(LogicalPlan plan) {
    StringBuilder out = new StringBuilder();
    append(plan, 0, out);
    return out.toString();
  }

  private static void append(LogicalPlan node, int depth, StringBuilder out) {
    if (depth > 0) {
      out.append("   ".repeat(depth - 1)).append("+- ");
    }
    String details = details(node);
    out.append(node.getClass().getSimpleName());
    out.append(details.isEmpty() ? "" : " ").append(details).append('\n');
    node.children().forEach(child -> append(child, depth + 1, out));
  }

  private static String details(LogicalPlan node) {
    return switch (node) {
      case Filter filter -> filter.condition().sql();
      case Aggregate aggregate ->
          "keys" + list(aggregate.groupings()) + " results" + list(aggregate.results());
      case Observe observe -> observe.name() + list(observe.metrics());
      case Limit limit -> String.valueOf(limit.count());
      case Deduplicate dedup ->
          (dedup.keys().isEmpty() ? "" : list(dedup.keys()))
              + (dedup.withinWatermark() ? " withinWatermark" : "");
      case DropColumns drop -> drop.names().toString();
      case EventTimeWatermark watermark ->
          watermark.column().sql()
              + " delay="
              + Duration.of(watermark.delayMicros(), ChronoUnit.MICROS);
      case Generate generate -> generate.generator().sql() + " -> " + list(generate.generated());
      case ExpandWindows expand ->
          "time="
              + expand.window().time().sql()
              + ", lengthMicros="
              + expand.window().lengthMicros()
              + ", slideMicros="
              + expand.window().slideMicros();
      case Join join ->
          join.type()
              + (join.condition() == null ? "" : " ON " + join.condition().sql())
              + (join.using().isEmpty() ? "" : " USING " + join.using());
      case SubqueryAlias alias -> alias.name();
      case UnresolvedRelation relation -> relation.name();
      case StreamRelation stream -> source(stream.source()) + list(stream.output());
      case BatchRelation batch -> source(batch.source()) + list(batch.output());
      case LocalRelation local -> list(local.output()) + " rows=" + local.rows().size();
      case RangeRelation range ->
          "start=" + range.start() + ", end=" + range.end() + ", step=" + range.step();
      default -> {
        List<Expression> expressions = PlanExpressions.of(node);
        yield expressions.isEmpty() ? "" : list(expressions);
      }
    };
  }

  private static String source(SourceSpec source) {
    String path = source.option("path");
    return source.format() + (path == null ? "" : " " + path);
  }

  private static String list(List<? extends Expression> expressions) {
    StringBuilder out = new StringBuilder("[");
    int shown = Math.min(LISTED_MAX, expressions.size());
    for (int i = 0; i < shown; i++) {
      out.append(i == 0 ? "" : ", ").append(expressions.get(i).sql());
    }
    int more = expressions.size() - shown;
    return out.append(more > 0 ? ", ... " + more + " more]" : "]").toString();
  }
}
