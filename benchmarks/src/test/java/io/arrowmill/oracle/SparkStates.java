package io.arrowmill.oracle;

import io.arrowmill.oracle.StateRule.Given;
import io.arrowmill.oracle.StateRule.Kept;
import io.arrowmill.oracle.StateRule.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsWithStateFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.KeyValueGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A {@link StateRule} in Spark. */
final class SparkStates {
  private static final Encoder<Row> KEPT =
      Encoders.row(StructType.fromDDL("rows BIGINT, sum BIGINT, newest BIGINT"));

  private SparkStates() {}

  static Dataset<Row> apply(SparkSession session, Dataset<Row> frame, StateRule rule) {
    KeyValueGroupedDataset<String, Row> groups =
        frame.groupByKey(
            (MapFunction<Row, String>) row -> row.<String>getAs("k1"), Encoders.STRING());
    GroupStateTimeout timeout = timeout(rule);
    KeyValueGroupedDataset<String, Row> initial =
        session
            .createDataset(rule.initialKeys(), Encoders.STRING())
            .groupByKey((MapFunction<String, String>) key -> key, Encoders.STRING())
            .mapValues((MapFunction<String, Row>) key -> row(StateRule.INITIAL), KEPT);
    boolean hasInitial = !rule.initialKeys().isEmpty();
    Encoder<Row> output =
        Encoders.row(StructType.fromDDL("key STRING, rows BIGINT, sum BIGINT, note STRING"));
    if (rule.isMap()) {
      MapGroupsWithStateFunction<String, Row, Row, Row> function =
          (key, rows, state) -> call(rule, key, rows, state).getFirst();
      return hasInitial
          ? groups.mapGroupsWithState(function, KEPT, output, timeout, initial)
          : groups.mapGroupsWithState(function, KEPT, output, timeout);
    }
    FlatMapGroupsWithStateFunction<String, Row, Row, Row> function =
        (key, rows, state) -> call(rule, key, rows, state).iterator();
    OutputMode mode = rule.mode().equals("append") ? OutputMode.Append() : OutputMode.Update();
    return hasInitial
        ? groups.flatMapGroupsWithState(function, mode, KEPT, output, timeout, initial)
        : groups.flatMapGroupsWithState(function, mode, KEPT, output, timeout);
  }

  private static GroupStateTimeout timeout(StateRule rule) {
    if (rule.timeoutSeconds() == 0) {
      return GroupStateTimeout.NoTimeout();
    }
    return rule.byProcessingTime()
        ? GroupStateTimeout.ProcessingTimeTimeout()
        : GroupStateTimeout.EventTimeTimeout();
  }

  private static List<Row> call(
      StateRule rule, @Nullable String key, Iterator<Row> rows, GroupState<Row> state) {
    List<Seen> seen = new ArrayList<>();
    rows.forEachRemaining(row -> {
      Instant time = row.getAs("ts");
      seen.add(new Seen(time == null ? null : time.toEpochMilli(), row.getAs("v")));
    });
    List<Row> given = new ArrayList<>();
    for (Given each : rule.call(key, seen, new Group(state))) {
      given.add(RowFactory.create(each.key(), each.rows(), each.sum(), each.note()));
    }
    return given;
  }

  private static Row row(Kept kept) {
    return RowFactory.create(kept.rows(), kept.sum(), kept.newestMillis());
  }

  private record Group(GroupState<Row> state) implements StateRule.Group {
    @Override
    public @Nullable Kept get() {
      Row kept = state.exists() ? state.get() : null;
      return kept == null ? null : new Kept(kept.getLong(0), kept.getLong(1), kept.getLong(2));
    }

    @Override
    public void update(Kept kept) {
      state.update(row(kept));
    }

    @Override
    public void remove() {
      state.remove();
    }

    @Override
    public boolean hasTimedOut() {
      return state.hasTimedOut();
    }

    @Override
    public void timeOutAt(long millis) {
      state.setTimeoutTimestamp(millis);
    }

    @Override
    public void timeOutAfter(long millis) {
      if (millis % 2_000 == 0) {
        state.setTimeoutDuration(millis / 1_000 + " seconds");
      } else {
        state.setTimeoutDuration(millis);
      }
    }

    @Override
    public long now() {
      return state.getCurrentProcessingTimeMs();
    }

    @Override
    public long watermark() {
      return state.getCurrentWatermarkMs();
    }
  }
}
