package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a query says when it starts with state that nothing bounds, and when something does. */
@Timeout(60)
class GrowthWarningTest {
  private static final StructType SCHEMA =
      new StructType().add("ts", DataTypes.TIMESTAMP).add("k", DataTypes.LONG);

  @TempDir Path checkpoint;

  /** A query, and the operator and remedy that it is warned of, if any. */
  enum Query {
    GROUPS("update", "stateStoreSave", "call withWatermark", df -> counted(df, col("k"))),
    ALL_GROUPS(
        "complete",
        "stateStoreSave",
        "use output mode Append or Update",
        df -> counted(df.withWatermark("ts", "1 second"), window(col("ts"), "1 second"))),
    WINDOWS(
        "append",
        null,
        null,
        df -> counted(df.withWatermark("ts", "1 second"), window(col("ts"), "1 second"))),
    ONE_GROUP("update", null, null, df -> df.groupBy().agg(count(lit(1)).as("n"))),
    ALL_SESSIONS(
        "complete",
        "sessionWindowStateStoreSaveExec",
        "use output mode Append",
        df ->
            df.withWatermark("ts", "1 second")
                .groupBy(session_window(col("ts"), "1 second"), col("k"))
                .agg(count(lit(1)).as("n"))),
    DUPLICATES("append", "dedupe", "dropDuplicatesWithinWatermark", df -> df.dropDuplicates("k")),
    TIMED_DUPLICATES(
        "append",
        null,
        null,
        df -> df.withWatermark("ts", "1 second").dropDuplicatesWithinWatermark("k")),
    JOIN(
        "append",
        "symmetricHashJoin",
        "join by a range of their event times",
        df -> df.join(other(df), expr("k = k2"), "inner")),
    TIMED_JOIN(
        "append",
        null,
        null,
        df ->
            df.withWatermark("ts", "1 second")
                .join(
                    other(df.withWatermark("ts", "1 second")),
                    expr("k = k2 AND ts2 BETWEEN ts AND ts + INTERVAL 1 SECOND"),
                    "inner"));

    private final String mode;
    private final @Nullable String operator;
    private final @Nullable String remedy;

    @SuppressWarnings("ImmutableEnumChecker") // makes a plan, changes nothing
    private final UnaryOperator<DataFrame> of;

    Query(
        String mode,
        @Nullable String operator,
        @Nullable String remedy,
        UnaryOperator<DataFrame> of) {
      this.mode = mode;
      this.operator = operator;
      this.remedy = remedy;
      this.of = of;
    }

    private static DataFrame counted(DataFrame rows, io.arrowmill.Column key) {
      return rows.groupBy(key).agg(count(lit(1)).as("n"));
    }

    private static DataFrame other(DataFrame rows) {
      return rows.select(col("ts").as("ts2"), col("k").as("k2"));
    }
  }

  @ParameterizedTest
  @EnumSource(Query.class)
  void namesTheOperatorAndHowToBoundIt(Query query) {
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
      query
          .of
          .apply(events.toDF())
          .writeStream()
          .queryName("grows")
          .format("noop")
          .outputMode(query.mode)
          .option("checkpointLocation", checkpoint.toString())
          .start()
          .stop();
    } finally {
      System.setErr(err);
    }
    String said = logged.toString(StandardCharsets.UTF_8);
    if (query.operator == null) {
      assertThat(said).doesNotContain("grow without bound");
    } else {
      assertThat(said)
          .contains("state can grow without bound: query=grows, operator=" + query.operator)
          .contains(query.remedy);
    }
  }
}
