package io.arrowmill.analysis;

import static io.arrowmill.analysis.Plans.analyze;
import static io.arrowmill.analysis.Plans.batch;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.star;
import static io.arrowmill.analysis.Plans.stream;
import static io.arrowmill.streaming.OutputMode.APPEND;
import static io.arrowmill.streaming.OutputMode.COMPLETE;
import static io.arrowmill.streaming.OutputMode.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which plans may run as streams, after Spark's table of unsupported operations. */
final class StreamingRulesTest {
  private static final String OK = "ok";
  private static final LogicalPlan EVENTS = stream("k STRING, v INT, ts TIMESTAMP");

  private static String verdict(LogicalPlan plan, OutputMode mode) {
    try {
      StreamingRules.check(analyze(plan), mode);
      return OK;
    } catch (AnalysisException e) {
      return e.condition();
    }
  }

  private static LogicalPlan count(Expression key, LogicalPlan input) {
    return new Aggregate(List.of(key), List.of(key, fn("count", star())), input);
  }

  private static LogicalPlan marked() {
    return new EventTimeWatermark(col("ts"), 1_000_000, EVENTS);
  }

  @Test
  void outputModesOfAggregations() {
    String refused = "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION";
    Expression window = fn("window", col("ts"), "1 minute");
    Map<LogicalPlan, List<String>> appendUpdateComplete =
        Map.of(
            EVENTS,
            List.of(OK, OK, refused),
            count(col("k"), EVENTS),
            List.of(refused, OK, OK),
            count(col("k"), marked()),
            List.of(refused, OK, OK),
            count(col("ts"), marked()),
            List.of(OK, OK, OK),
            count(window, EVENTS),
            List.of(refused, OK, OK),
            count(window, marked()),
            List.of(OK, OK, OK));
    appendUpdateComplete.forEach((plan, verdicts) ->
        assertThat(List.of(verdict(plan, APPEND), verdict(plan, UPDATE), verdict(plan, COMPLETE)))
            .as(plan.toString())
            .isEqualTo(verdicts));
  }

  @Test
  void sortsAndLimitsOnlyCompleteAggregations() {
    LogicalPlan counts = count(col("k"), EVENTS);
    SortOrder order = new SortOrder(col("k"), true, true);
    assertThat(verdict(new Limit(3, new Sort(List.of(order), counts)), COMPLETE)).isEqualTo(OK);
    assertThat(verdict(new Sort(List.of(order), counts), UPDATE))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.SORT");
    assertThat(verdict(new Sort(List.of(order), EVENTS), APPEND))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.SORT");
    assertThat(verdict(new Limit(3, EVENTS), UPDATE))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.LIMIT");
    assertThat(verdict(new Limit(3, EVENTS), APPEND)).isEqualTo(OK);
  }

  @ParameterizedTest
  @EnumSource(JoinType.class)
  void joinsOfAStreamAndABatch(JoinType type) {
    LogicalPlan table = batch("id STRING, name STRING");
    boolean streamLeft =
        switch (type) {
          case INNER, CROSS, LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> true;
          case RIGHT_OUTER, FULL_OUTER -> false;
        };
    boolean streamRight =
        switch (type) {
          case INNER, CROSS, RIGHT_OUTER -> true;
          case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI, FULL_OUTER -> false;
        };
    Expression on = fn("=", col("k"), col("id"));
    String refused = "UNSUPPORTED_STREAMING_OPERATION.OUTER_JOIN";
    assertThat(verdict(new Join(EVENTS, table, type, on, List.of()), APPEND))
        .isEqualTo(streamLeft ? OK : refused);
    assertThat(verdict(new Join(table, EVENTS, type, on, List.of()), APPEND))
        .isEqualTo(streamRight ? OK : refused);
  }

  @Test
  void dropsDuplicatesInAppendAndUpdateMode() {
    LogicalPlan distinct = new Deduplicate(List.of(col("k")), false, EVENTS);
    LogicalPlan within = new Deduplicate(List.of(col("k")), true, marked());
    assertThat(verdict(distinct, APPEND)).isEqualTo(OK);
    assertThat(verdict(distinct, UPDATE)).isEqualTo(OK);
    assertThat(verdict(within, APPEND)).isEqualTo(OK);
    assertThat(verdict(distinct, COMPLETE))
        .isEqualTo("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    assertThat(verdict(count(col("k"), distinct), COMPLETE)).isEqualTo(OK);
    LogicalPlan counts = count(col("k"), EVENTS);
    assertThat(verdict(new Deduplicate(List.of(col("k")), false, counts), UPDATE)).isEqualTo(OK);
  }

  @Test
  void givesSessionsOfAKeyOnceTheyHaveEnded() {
    Expression sessions = fn("session_window", col("ts"), "5 seconds");
    Expression all = new UnresolvedFunction("count", List.of(col("v")), false, null);
    LogicalPlan unmarked = new Aggregate(List.of(col("k"), sessions), List.of(all), EVENTS);
    LogicalPlan ended = new Aggregate(List.of(col("k"), sessions), List.of(all), marked());
    String refused = "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION";
    assertThat(verdict(unmarked, APPEND)).isEqualTo(refused);
    assertThat(verdict(unmarked, COMPLETE)).isEqualTo(OK);
    assertThat(verdict(ended, APPEND)).isEqualTo(OK);
    assertThat(verdict(ended, UPDATE)).isEqualTo(refused);
    assertThat(verdict(new Aggregate(List.of(sessions), List.of(all), marked()), APPEND))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.GLOBAL_SESSION_WINDOW");
  }

  @Test
  void refusesWhatNeedsStateThatThereIsNot() {
    LogicalPlan counts = count(col("k"), EVENTS);
    assertThat(verdict(count(col("k"), counts), UPDATE))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.STATE_OVER_AGGREGATION");
    assertThat(
            verdict(
                new Union(
                    List.of(EVENTS, batch("a STRING, b INT, c TIMESTAMP")),
                    List.of(),
                    false,
                    false),
                APPEND))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.UNION_OF_STREAM_AND_BATCH");
    assertThat(verdict(new Deduplicate(List.of(col("k")), true, EVENTS), APPEND))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.DEDUPLICATE_WITHOUT_WATERMARK");
    UnresolvedFunction distinct = new UnresolvedFunction("count", List.of(col("v")), true, null);
    assertThat(verdict(new Aggregate(List.of(col("k")), List.of(distinct), EVENTS), UPDATE))
        .isEqualTo(OK);
    Expression sessions = fn("session_window", col("ts"), "5 seconds");
    assertThat(
            verdict(
                new Aggregate(List.of(col("k"), sessions), List.of(distinct), EVENTS), COMPLETE))
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.DISTINCT_AGGREGATE");
    assertThat(verdict(batch("a INT"), APPEND)).isEqualTo("WRITE_STREAM_NOT_ALLOWED");
  }

  @Test
  void refusesBatchActionsOnStreams() {
    StreamingRules.checkBatchAction(batch("a INT"), "collect");
    assertThatThrownBy(() -> StreamingRules.checkBatchAction(EVENTS, "collect"))
        .hasMessage(
            "[CALL_ON_STREAMING_DATASET_UNSUPPORTED] a plan that reads a stream must be run as a"
                + " streaming query: call=collect; use writeStream().start()");
  }
}
