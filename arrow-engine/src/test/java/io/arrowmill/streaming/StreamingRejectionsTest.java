package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.countDistinct;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.struct;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.AnalysisException;
import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Spark refuses of a stream: refused here with a condition and a remedy, or run. Asked of
 * Spark 4.2 where its documentation and its code differ.
 */
class StreamingRejectionsTest {
  private static final String OK = "ok";
  private static final String MODE = "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION";
  private static final String OPERATION = "UNSUPPORTED_STREAMING_OPERATION.";
  private static final StructType SCHEMA =
      new StructType()
          .add("ts", DataTypes.TIMESTAMP)
          .add("k", DataTypes.STRING)
          .add("v", DataTypes.INTEGER);

  private final Session session = Session.builder().config("arrowmill.workers", 1).getOrCreate();
  private final DataFrame events = MemoryStream.of(session, SCHEMA).toDF();
  private final DataFrame others =
      MemoryStream.of(session, SCHEMA).toDF().select(col("ts").as("at"), col("k").as("key"));
  private final DataFrame table = session.range(3).select(expr("string(id) AS key"));

  @BeforeEach
  void name() {
    events.createOrReplaceTempView("events");
  }

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private static DataFrame marked(DataFrame frame) {
    return frame.withWatermark("ts", "10 seconds");
  }

  private DataFrame markedOthers() {
    return others.withWatermark("at", "10 seconds");
  }

  private static DataFrame minutes(DataFrame frame) {
    return frame.groupBy(window(col("ts"), "1 minute")).agg(count(lit(1)).as("n"));
  }

  private DataFrame joined(String type, String condition) {
    return marked(events).join(markedOthers(), expr(condition), type);
  }

  /** The plan, and its verdicts in the output modes Append, Update and Complete. */
  enum Plan {
    PROJECTION(t -> t.events.select("k"), OK, OK, MODE),
    AGGREGATION(t -> t.events.groupBy("k").agg(count(lit(1))), MODE, OK, OK),
    AGGREGATION_OF_ALL(t -> t.events.agg(count(lit(1))), MODE, OK, OK),
    WINDOWS_WITHOUT_WATERMARK(t -> minutes(t.events), MODE, OK, OK),
    WINDOWS(t -> minutes(marked(t.events)), OK, OK, OK),
    HAVING(t -> t.session.sql("SELECT k FROM events GROUP BY k HAVING count(*) > 1"), MODE, OK, OK),
    // Spark refuses it in every mode.
    DISTINCT_AGGREGATE(t -> t.events.groupBy("k").agg(countDistinct("v")), MODE, OK, OK),
    DISTINCT(t -> t.events.select("k").distinct(), OK, OK, MODE),
    UNION_DISTINCT(
        t -> t.session.sql("SELECT k FROM events UNION SELECT k FROM events"), OK, OK, OK),
    SORT(t -> t.events.sort("k"), OPERATION + "SORT", OPERATION + "SORT", OPERATION + "SORT"),
    SORT_OF_AGGREGATION(
        t -> t.events.groupBy("k").agg(count(lit(1))).sort("k"),
        OPERATION + "SORT",
        OPERATION + "SORT",
        OK),
    LIMIT(t -> t.events.limit(2), OK, OPERATION + "LIMIT", MODE),
    LIMIT_OF_AGGREGATION(t -> minutes(marked(t.events)).limit(2), OK, OPERATION + "LIMIT", OK),
    UNION_WITH_BATCH(
        t -> t.events.select("k").union(t.table),
        OPERATION + "UNION_OF_STREAM_AND_BATCH",
        OPERATION + "UNION_OF_STREAM_AND_BATCH",
        OPERATION + "UNION_OF_STREAM_AND_BATCH"),
    UNION(t -> t.events.select("k").union(t.others.select("key")), OK, OK, MODE),
    WITHIN_NO_WATERMARK(
        t -> t.events.dropDuplicatesWithinWatermark("k"),
        OPERATION + "DEDUPLICATE_WITHOUT_WATERMARK",
        OPERATION + "DEDUPLICATE_WITHOUT_WATERMARK",
        OPERATION + "DEDUPLICATE_WITHOUT_WATERMARK"),
    WITHIN_WATERMARK(t -> marked(t.events).dropDuplicatesWithinWatermark("k"), OK, OK, MODE),
    TWO_AGGREGATIONS(
        t ->
            minutes(marked(t.events))
                .groupBy(window(col("window"), "5 minutes"))
                .agg(count(lit(1))),
        OK,
        OPERATION + "STATE_OVER_AGGREGATION",
        OPERATION + "STATE_OVER_AGGREGATION"),
    SESSIONS(
        t ->
            marked(t.events)
                .groupBy(col("k"), session_window(col("ts"), "1 minute"))
                .agg(count(lit(1))),
        OK,
        MODE,
        OK),
    SESSIONS_OF_ALL(
        t -> marked(t.events).groupBy(session_window(col("ts"), "1 minute")).agg(count(lit(1))),
        OPERATION + "GLOBAL_SESSION_WINDOW",
        MODE,
        OPERATION + "GLOBAL_SESSION_WINDOW"),
    TWO_WATERMARKS(
        t -> marked(marked(t.events)),
        "_LEGACY_ERROR_TEMP_3076",
        "_LEGACY_ERROR_TEMP_3076",
        "_LEGACY_ERROR_TEMP_3076"),
    TWO_WATERMARKS_OF_TWO_COLUMNS(
        t -> marked(t.events).withColumn("u", col("ts")).withWatermark("u", "1 second"),
        "_LEGACY_ERROR_TEMP_3076",
        "_LEGACY_ERROR_TEMP_3076",
        "_LEGACY_ERROR_TEMP_3076"),
    // The stream that a join gives has two event times, and both have passed.
    WINDOWS_OF_A_JOIN(
        t -> minutes(t.joined("inner", "k = key")), OK, OK, OPERATION + "STREAM_JOIN_TYPE"),
    INNER_JOIN(t -> t.events.join(t.others, expr("k = key"), "inner"), OK, OK, JOIN_TYPE),
    SEMI_JOIN_UNBOUNDED(
        t -> t.joined("left_semi", "k = key"), NO_WATERMARK, NO_WATERMARK, JOIN_TYPE),
    SEMI_JOIN(t -> t.joined("left_semi", "k = key AND ts = at"), OK, OK, JOIN_TYPE),
    OUTER_JOIN_UNBOUNDED(
        t -> t.joined("left_outer", "k = key"), NO_WATERMARK, JOIN_TYPE, JOIN_TYPE),
    OUTER_JOIN(t -> t.joined("full_outer", "k = key AND ts = at"), OK, JOIN_TYPE, JOIN_TYPE),
    ANTI_JOIN(t -> t.joined("left_anti", "k = key AND ts = at"), JOIN_TYPE, JOIN_TYPE, JOIN_TYPE),
    JOIN_BY_RANGE(
        t -> t.joined("inner", "ts < at"),
        OPERATION + "STREAM_JOIN_WITHOUT_EQUALITY",
        OPERATION + "STREAM_JOIN_WITHOUT_EQUALITY",
        JOIN_TYPE),
    OUTER_JOIN_WITH_TABLE(
        t -> t.events.join(t.table, expr("k = key"), "right_outer"),
        OPERATION + "OUTER_JOIN",
        OPERATION + "OUTER_JOIN",
        OPERATION + "OUTER_JOIN"),
    BATCH(
        t -> t.table,
        "WRITE_STREAM_NOT_ALLOWED",
        "WRITE_STREAM_NOT_ALLOWED",
        "WRITE_STREAM_NOT_ALLOWED");

    @SuppressWarnings("ImmutableEnumChecker") // makes a plan, changes nothing
    private final Function<StreamingRejectionsTest, DataFrame> plan;

    private final String append;
    private final String update;
    private final String complete;

    Plan(
        Function<StreamingRejectionsTest, DataFrame> plan,
        String append,
        String update,
        String complete) {
      this.plan = plan;
      this.append = append;
      this.update = update;
      this.complete = complete;
    }
  }

  private static final String JOIN_TYPE = OPERATION + "STREAM_JOIN_TYPE";
  private static final String NO_WATERMARK = OPERATION + "STREAM_JOIN_WITHOUT_WATERMARK";

  private String verdict(DataFrame frame, String mode) {
    try {
      frame.writeStream().outputMode(mode).format("noop").start().stop();
      return OK;
    } catch (AnalysisException e) {
      assertThat(e.getMessage()).as("says what to do").containsAnyOf(";", "must", "needs");
      return e.condition();
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsOrRefuses(Plan plan) {
    DataFrame frame = plan.plan.apply(this);
    assertThat(verdict(frame, "append")).as("append").isEqualTo(plan.append);
    assertThat(verdict(frame, "update")).as("update").isEqualTo(plan.update);
    assertThat(verdict(frame, "complete")).as("complete").isEqualTo(plan.complete);
  }

  private static String condition(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
    assertThat(thrown).isInstanceOf(AnalysisException.class);
    return ((AnalysisException) thrown).condition();
  }

  @Test
  void refusesToRunAStreamAtOnce() {
    String refused = "CALL_ON_STREAMING_DATASET_UNSUPPORTED";
    assertThat(condition(events::collect)).isEqualTo(refused);
    assertThat(condition(events::count)).isEqualTo(refused);
    assertThat(condition(events::show)).isEqualTo(refused);
    assertThat(condition(events::first)).isEqualTo(refused);
    assertThat(condition(events::isEmpty)).isEqualTo(refused);
    assertThat(condition(events::toArrow)).isEqualTo(refused);
    assertThat(condition(events::write)).isEqualTo(refused);
    assertThat(condition(() -> events.join(table, expr("k = key")).collect())).isEqualTo(refused);
    assertThat(condition(() -> events.writeStream().outputMode("sometimes")))
        .isEqualTo("STREAMING_OUTPUT_MODE.INVALID");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT k FROM events EXCEPT SELECT k FROM events",
        "SELECT k FROM events INTERSECT SELECT k FROM events",
        "SELECT k FROM events LIMIT 3 OFFSET 1",
        "SELECT * FROM events TABLESAMPLE (10 PERCENT)",
        "INSERT INTO t SELECT v FROM events",
      })
  void refusesWhatIsNoSqlOfArrowmill(String sql) {
    assertThat(condition(() -> session.sql(sql))).isEqualTo("PARSE_SYNTAX_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT k, row_number() OVER (PARTITION BY k ORDER BY ts) FROM events",
        "SELECT k, sum(v) OVER (PARTITION BY k) AS s FROM events",
      })
  void refusesFunctionsOverWindows(String sql) {
    DataFrame asked = session.sql(sql);
    assertThat(condition(() -> asked.writeStream().format("noop").start()))
        .isEqualTo("NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
  }

  @ParameterizedTest
  @CsvSource({
    "monotonically_increasing_id(), UNSUPPORTED_FUNCTION",
    "rand(), UNSUPPORTED_FUNCTION",
    "uuid(), UNSUPPORTED_FUNCTION",
  })
  void refusesFunctionsThatAStreamHasNot(String call, String condition) {
    assertThat(condition(() -> events.selectExpr(call))).isEqualTo(condition);
  }

  @ParameterizedTest
  @CsvSource({
    "k, EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
    "v, EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
    "s.ts, EVENT_TIME_MUST_BE_TOP_LEVEL_COLUMN",
    "missing, UNRESOLVED_COLUMN.WITH_SUGGESTION",
  })
  void refusesEventTimes(String column, String condition) {
    DataFrame nested = events.withColumn("s", struct(col("ts")));
    assertThat(condition(() -> nested.withWatermark(column, "1 second"))).isEqualTo(condition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1 second",
        "1 second -2 seconds",
        "",
        " ",
        "soon",
        "1",
        "second",
        "1 fortnight",
        "9223372036854775807 weeks",
        "interval",
      })
  void refusesDelays(String delay) {
    assertThat(condition(() -> events.withWatermark("ts", delay)))
        .isEqualTo("CANNOT_PARSE_INTERVAL");
  }

  @ParameterizedTest
  @CsvSource({
    "0 seconds, , PARAMETER_CONSTRAINT_VIOLATION",
    "-1 minute, , PARAMETER_CONSTRAINT_VIOLATION",
    "1 minute, 0 seconds, PARAMETER_CONSTRAINT_VIOLATION",
    "1 minute, -1 minute, PARAMETER_CONSTRAINT_VIOLATION",
    "1 minute, 2 minutes, PARAMETER_CONSTRAINT_VIOLATION",
    "1 month, , CANNOT_PARSE_INTERVAL",
    "1 year, , CANNOT_PARSE_INTERVAL",
    "1 minute, 1 month, CANNOT_PARSE_INTERVAL",
    "soon, , CANNOT_PARSE_INTERVAL",
    "'', , CANNOT_PARSE_INTERVAL",
  })
  void refusesWindows(String length, String slide, String condition) {
    UnaryOperator<DataFrame> windows =
        frame ->
            frame
                .groupBy(
                    slide == null ? window(col("ts"), length) : window(col("ts"), length, slide))
                .agg(count(lit(1)));
    assertThat(condition(() -> windows.apply(events))).endsWith(condition);
  }

  @ParameterizedTest
  @CsvSource({
    "0 seconds, DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
    "-1 second, DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
    "1 month, CANNOT_PARSE_INTERVAL",
    "soon, CANNOT_PARSE_INTERVAL",
  })
  void refusesGaps(String gap, String condition) {
    assertThat(
            condition(
                () -> events.groupBy(col("k"), session_window(col("ts"), gap)).agg(count(lit(1)))))
        .isEqualTo(condition);
  }

  @Test
  void refusesTwoWindowsAtAPlace() {
    assertThat(
            condition(() ->
                events
                    .groupBy(window(col("ts"), "1 minute"), window(col("ts"), "2 minutes"))
                    .agg(count(lit(1)))))
        .isEqualTo("_LEGACY_ERROR_TEMP_1039");
  }
}
