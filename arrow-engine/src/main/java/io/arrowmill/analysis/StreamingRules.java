package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.streaming.OutputMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a stream: rejects plans that have no meaning, or no bounded one, on
 * unbounded input.
 */
public final class StreamingRules {
  private StreamingRules() {}

  /**
   * Checks that an analyzed plan can run as a streaming query.
   *
   * @throws io.arrowmill.AnalysisException if it can't
   */
  public static void check(LogicalPlan plan, OutputMode mode) {
    if (!plan.isStreaming()) {
      throw Errors.of(
          "WRITE_STREAM_NOT_ALLOWED",
          "a streaming query must read at least one stream; read with readStream(), or write with"
              + " write()");
    }
    List<Aggregate> aggregates = new ArrayList<>();
    visit(plan, mode, aggregates);
    ObservedMetrics.checkNames(plan);
    StateFunctionRules.check(plan, mode);
    checkMode(mode, aggregates, StateFunctionRules.reduces(plan));
  }

  /**
   * Checks that a plan can be run at once: that it reads no stream.
   *
   * @param action what was called, such as {@code collect}
   * @throws io.arrowmill.AnalysisException if the plan is streaming
   */
  public static void checkBatchAction(LogicalPlan plan, String action) {
    if (plan.isStreaming()) {
      throw Errors.of(
          "CALL_ON_STREAMING_DATASET_UNSUPPORTED",
          "a plan that reads a stream must be run as a streaming query: call="
              + action
              + "; use writeStream().start()");
    }
  }

  private static void checkMode(OutputMode mode, List<Aggregate> aggregates, boolean reduces) {
    if (mode == OutputMode.COMPLETE && aggregates.isEmpty() && !reduces) {
      throw Errors.of(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "output mode Complete needs an aggregation: mode="
              + mode
              + ", aggregations=0; use Append or Update");
    }
    for (Aggregate aggregate : aggregates) {
      Attribute session = SessionWindows.key(aggregate);
      if (session != null) {
        checkSession(aggregate, session, mode);
        continue;
      }
      if (mode == OutputMode.APPEND && EventTime.evictionKey(aggregate) == null) {
        throw Errors.of(
            "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
            "output mode Append needs an aggregation by an event-time column or window with a"
                + " watermark: mode="
                + mode
                + ", groupings="
                + Errors.texts(aggregate.groupings())
                + "; call withWatermark and group by window(...), or use Update or Complete");
      }
    }
  }

  private static void checkSession(Aggregate aggregate, Attribute session, OutputMode mode) {
    if (mode == OutputMode.UPDATE) {
      throw Errors.of(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "sessions of a stream can't be given in output mode Update, as a session that grows takes"
              + " the place of others: mode="
              + mode
              + "; use Append with a watermark, or Complete");
    }
    if (mode == OutputMode.APPEND && !session.isEventTime()) {
      throw Errors.of(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "output mode Append needs sessions of an event-time column with a watermark: mode="
              + mode
              + ", session="
              + session.name()
              + "; call withWatermark on its time, or use Complete");
    }
    if (aggregate.groupings().size() == 1) {
      throw unsupported(
          "GLOBAL_SESSION_WINDOW",
          "sessions of a stream must be of a key: groupings="
              + Errors.texts(aggregate.groupings())
              + "; group by session_window and at least one more column");
    }
  }

  private static void visit(LogicalPlan plan, OutputMode mode, List<Aggregate> aggregates) {
    int before = aggregates.size();
    for (LogicalPlan child : plan.children()) {
      visit(child, mode, aggregates);
    }
    if (!plan.isStreaming()) {
      return;
    }
    boolean overAggregate = aggregates.size() > before;
    checkChain(plan, mode, overAggregate);
    switch (plan) {
      case Aggregate aggregate -> {
        checkCalls(aggregate);
        aggregates.add(aggregate);
      }
      case Sort sort -> {
        if (mode != OutputMode.COMPLETE || !overAggregate) {
          throw unsupported(
              "SORT",
              "a stream can be sorted only after an aggregation in output mode Complete: mode="
                  + mode
                  + ", orders="
                  + Errors.texts(sort.orders())
                  + "; sort what is read of the result");
        }
      }
      case OverWindow over ->
          throw Errors.of(
              "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING",
              "functions over a window need all rows of a partition, and a stream has never had"
                  + " them all: expressions="
                  + Errors.texts(over.calls())
                  + "; group by window(...) of an event time, or use foreachBatch and compute them"
                  + " of each batch");
      case Limit limit -> {
        if (mode == OutputMode.UPDATE) {
          throw unsupported(
              "LIMIT",
              "the rows of a stream can't be limited in output mode Update: mode="
                  + mode
                  + ", limit="
                  + limit.count()
                  + "; use Append, or Complete after an aggregation");
        }
      }
      case Deduplicate dedup -> deduplicate(dedup);
      case EventTimeWatermark watermark -> watermark(watermark);
      case Union union -> union(union);
      case Join join -> join(join, mode);
      default -> {}
    }
  }

  /** A session grows and joins others: which of its values came first changes with it. */
  private static void checkCalls(Aggregate aggregate) {
    for (Expression result : aggregate.results()) {
      if (SessionWindows.key(aggregate) != null
          && PlanExpressions.contains(
              result, node -> node instanceof AggregateCall call && call.distinct())) {
        throw unsupported(
            "DISTINCT_AGGREGATE",
            "an aggregate over sessions must not be DISTINCT: expression="
                + result.sql()
                + "; group by window(...) instead");
      }
    }
  }

  private static void watermark(EventTimeWatermark watermark) {
    EventTimeWatermark below = watermarkIn(watermark.child());
    if (below != null) {
      throw Errors.of(
          "_LEGACY_ERROR_TEMP_3076",
          "a stream must have one watermark: first="
              + below.column().sql()
              + ", second="
              + watermark.column().sql()
              + "; call withWatermark once, on the column that later windows and joins use");
    }
  }

  private static @Nullable EventTimeWatermark watermarkIn(LogicalPlan plan) {
    if (plan instanceof EventTimeWatermark watermark && plan.isStreaming()) {
      return watermark;
    }
    for (LogicalPlan child : plan.children()) {
      EventTimeWatermark found = watermarkIn(child);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static void deduplicate(Deduplicate dedup) {
    if (dedup.withinWatermark() && EventTime.column(dedup.child()) == null) {
      throw unsupported(
          "DEDUPLICATE_WITHOUT_WATERMARK",
          "dropDuplicatesWithinWatermark needs a watermark: keys="
              + Errors.texts(dedup.keys())
              + "; call withWatermark first");
    }
  }

  /**
   * Rejects state over groups that are given more than once: a group's new row may be older than
   * the watermark by which the operator above drops rows.
   */
  private static void checkChain(LogicalPlan plan, OutputMode mode, boolean overAggregate) {
    boolean keepsState =
        switch (plan) {
          case Aggregate ignored -> true;
          case Deduplicate dedup ->
              dedup.withinWatermark()
                  || keys(dedup).stream()
                      .anyMatch(key -> PlanExpressions.contains(key, StreamingRules::isEventTime));
          case Join join -> join.left().isStreaming() && join.right().isStreaming();
          default -> false;
        };
    if (keepsState && overAggregate && mode != OutputMode.APPEND) {
      throw unsupported(
          "STATE_OVER_AGGREGATION",
          "what follows an aggregation over a stream must not keep state, but in output mode"
              + " Append: mode="
              + mode
              + ", operator="
              + plan.getClass().getSimpleName()
              + "; use Append with a watermark, or write the first result and read it as a stream");
    }
  }

  private static List<? extends Expression> keys(Deduplicate dedup) {
    return dedup.keys().isEmpty() ? dedup.child().output() : dedup.keys();
  }

  private static boolean isEventTime(Expression node) {
    return node instanceof Attribute column && column.isEventTime();
  }

  private static void union(Union union) {
    if (!union.children().stream().allMatch(LogicalPlan::isStreaming)) {
      throw unsupported(
          "UNION_OF_STREAM_AND_BATCH",
          "inputs of a union must be all streams or all batches: inputs="
              + union.children().size()
              + "; read them all with readStream()");
    }
  }

  private static void join(Join join, OutputMode mode) {
    boolean left = join.left().isStreaming();
    boolean right = join.right().isStreaming();
    if (left && right) {
      StreamJoinRules.check(join, mode);
      return;
    }
    JoinType type = join.type();
    boolean allowed =
        switch (type) {
          case INNER, CROSS -> true;
          case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> left;
          case RIGHT_OUTER -> right;
          case FULL_OUTER -> false;
        };
    if (!allowed) {
      throw unsupported(
          "OUTER_JOIN",
          "the side whose unmatched rows are kept must be the stream, and full joins need two"
              + " batches: type="
              + type
              + ", leftIsStream="
              + left
              + ", rightIsStream="
              + right
              + "; swap the sides, or use an inner join");
    }
  }

  private static RuntimeException unsupported(String kind, String message) {
    return Errors.of("UNSUPPORTED_STREAMING_OPERATION." + kind, message);
  }
}
