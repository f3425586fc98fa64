package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit that is crossed is an error; closing the session checks that nothing is left. */
@Timeout(60)
class MemoryLimitTest {
  private static final String OPERATOR = "arrowmill.memory.operatorLimit";
  private static final String SESSION = "arrowmill.memory.limit";
  private static final String QUERY = "arrowmill.memory.queryLimit";

  private static Session session(String setting, long bytes) {
    return Session.builder().config(setting, bytes).config("arrowmill.workers", 2).getOrCreate();
  }

  private static DataFrame groups(Session session, long count) {
    return session.range(count).groupBy("id").agg(count(lit(1)).as("n"));
  }

  private static Throwable fails(String owner, String setting, long limit, ThrowingCallable query) {
    Throwable thrown = catchThrowable(query);
    assertThat(thrown)
        .isInstanceOf(ArrowmillException.class)
        .hasMessageStartingWith("[MEMORY_LIMIT_EXCEEDED] ")
        .hasMessageContaining("memory must stay within its limit: owner=" + owner)
        .hasMessageContaining("limit=" + limit + ", setting=" + setting + "; raise the setting");
    return thrown;
  }

  /** Of somebody above the operators: the error says which of them held most, and how much. */
  private static void failsForAnOperator(
      String owner, String setting, long limit, String operator, ThrowingCallable query) {
    String message = String.valueOf(fails(owner, setting, limit, query).getMessage());
    Matcher sizes =
        Pattern.compile(
                "allocated=(\\d+), largest=operator "
                    + Pattern.quote(operator)
                    + ".*, largestAllocated=(\\d+), limit=")
            .matcher(message);
    assertThat(sizes.find()).as(message).isTrue();
    assertThat(Long.parseLong(sizes.group(1))).as(message).isBetween(limit / 4, limit);
    assertThat(Long.parseLong(sizes.group(2)))
        .as(message)
        .isBetween(limit / 4, Long.parseLong(sizes.group(1)));
  }

  @Test
  void aggregationOverTheOperatorsLimitNamesItself() {
    try (Session session = session(OPERATOR, 2_000_000)) {
      fails(
          "operator HashAggregate keys[id",
          OPERATOR,
          2_000_000,
          () -> groups(session, 1_000_000).collect());
      assertThat(session.allocator().getAllocatedMemory()).isZero();
      assertThat(groups(session, 100).collect()).hasSize(100);
    }
  }

  @Test
  void sortAndBuildSideOverTheOperatorsLimitNameThemselves() {
    try (Session session = session(OPERATOR, 1_000_000)) {
      DataFrame many = session.range(1_000_000);
      fails("operator Sort [", OPERATOR, 1_000_000, () -> many.orderBy(col("id")).collect());
      fails(
          "operator Over [sum(id) OVER (PARTITION BY ",
          OPERATOR,
          1_000_000,
          () -> many.select(expr("sum(id) OVER (PARTITION BY id % 3)")).collect());
      fails(
          "operator HashJoin INNER",
          OPERATOR,
          1_000_000,
          () ->
              many.join(
                      many.select(col("id").as("other")), col("id").equalTo(col("other")), "inner")
                  .count());
      assertThat(session.allocator().getAllocatedMemory()).isZero();
      assertThat(many.count()).as("keeps no rows").isEqualTo(1_000_000);
    }
  }

  @Test
  void theFirstRowsOfManyAreSortedWithoutHoldingThem() {
    try (Session session = session(OPERATOR, 8_000_000)) {
      DataFrame many = session.range(4_000_000); // which take 32 MB
      assertThat(many.orderBy(col("id").desc()).limit(2).collect())
          .containsExactly(Row.of(3_999_999L), Row.of(3_999_998L));
    }
  }

  @Test
  void queryOverItsLimitNamesItself() {
    try (Session session = session(QUERY, 3_000_000)) {
      failsForAnOperator(
          "query without a stream",
          QUERY,
          3_000_000,
          "HashAggregate keys[id",
          () -> groups(session, 1_000_000).collect());
      failsForAnOperator(
          "query without a stream",
          QUERY,
          3_000_000,
          "Sort [",
          () -> session.range(1_000_000).orderBy(col("id")).collect());
      assertThat(session.allocator().getAllocatedMemory()).isZero();
    }
  }

  @Test
  void sessionOverItsLimitNamesTheLargestOperator(@TempDir Path checkpoint) {
    try (Session session = session(SESSION, 4_000_000)) {
      failsForAnOperator(
          "session",
          SESSION,
          4_000_000,
          "HashAggregate keys[id",
          () -> groups(session, 1_000_000).collect());
      StreamingQuery query = start(session, checkpoint);
      failsForAnOperator(
          "session", SESSION, 4_000_000, "HashAggregate keys[value]", query::processAllAvailable);
      assertThat(session.allocator().getAllocatedMemory()).isZero();
    }
  }

  @Test
  void streamOverTheOperatorsLimitFailsAndGoesOnWithMore(@TempDir Path checkpoint) {
    try (Session session = session(OPERATOR, 2_000_000)) {
      StreamingQuery query = start(session, checkpoint);
      fails("operator HashAggregate keys[value]", OPERATOR, 2_000_000, query::processAllAvailable);
      assertThat(query.isActive()).isFalse();
      assertThat(session.allocator().getAllocatedMemory()).isZero();
      session.conf().set(OPERATOR, "100000000");
      StreamingQuery again = start(session, checkpoint);
      again.processAllAvailable();
      assertThat(again.exception()).isNull();
      again.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sessionsOverTheOperatorsLimitNameThemselvesAndGoOnWithMore(
      boolean closes, @TempDir Path checkpoint) {
    try (Session session = session(OPERATOR, 2_000_000)) {
      DataFrame sessions = sessions(session, closes ? "0 seconds" : "1 hour");
      StreamingQuery query = start(sessions, "append", checkpoint);
      fails("operator SessionAggregate", OPERATOR, 2_000_000, query::processAllAvailable);
      assertThat(query.isActive()).isFalse();
      assertThat(session.allocator().getAllocatedMemory()).isZero();
      session.conf().set(OPERATOR, "200000000");
      StreamingQuery again = start(sessions, "append", checkpoint);
      again.processAllAvailable();
      assertThat(again.exception()).isNull();
      again.stop();
      assertThat(session.allocator().getAllocatedMemory()).isZero();
    }
  }

  @Test
  void sessionsOfATableOverTheOperatorsLimitNameThemselves() {
    try (Session session = session(OPERATOR, 2_000_000)) {
      DataFrame sessions =
          session
              .range(300_000)
              .withColumn("timestamp", expr("timestamp_seconds(id)"))
              .groupBy(session_window(col("timestamp"), "5 seconds"), col("id"))
              .agg(count(lit(1)).as("n"));
      fails("operator SessionAggregate", OPERATOR, 2_000_000, sessions::collect);
      assertThat(session.allocator().getAllocatedMemory()).isZero();
    }
  }

  private static DataFrame sessions(Session session, String delay) {
    return session
        .readStream()
        .format("rate-micro-batch")
        .option("rowsPerBatch", 200_000)
        .option("startTimestamp", 1_700_000_000_000L)
        .load()
        .withWatermark("timestamp", delay)
        .groupBy(session_window(col("timestamp"), "5 seconds"), col("value"))
        .agg(count(lit(1)).as("n"));
  }

  private static StreamingQuery start(DataFrame frame, String mode, Path checkpoint) {
    return frame
        .writeStream()
        .outputMode(mode)
        .trigger(Trigger.Once())
        .option("checkpointLocation", checkpoint.toString())
        .format("noop")
        .start();
  }

  private static StreamingQuery start(Session session, Path checkpoint) {
    DataFrame counts =
        session
            .readStream()
            .format("rate-micro-batch")
            .option("rowsPerBatch", 200_000)
            .option("startTimestamp", 1_700_000_000_000L)
            .load()
            .groupBy(col("value").as("k"))
            .agg(count(lit(1)).as("n"));
    return start(counts, "update", checkpoint);
  }
}
