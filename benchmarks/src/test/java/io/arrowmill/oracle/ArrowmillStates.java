package io.arrowmill.oracle;

import io.arrowmill.DataFrame;
import io.arrowmill.Dataset;
import io.arrowmill.KeyedDataset;
import io.arrowmill.Session;
import io.arrowmill.oracle.StateRule.Given;
import io.arrowmill.oracle.StateRule.Kept;
import io.arrowmill.oracle.StateRule.Seen;
import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link StateRule} in the engine under test. */
final class ArrowmillStates {
  private ArrowmillStates() {}

  /** The input's columns that the rule reads. */
  record Input(@Nullable Instant ts, @Nullable String k1, @Nullable Integer v) {}

  static DataFrame apply(Session session, DataFrame frame, StateRule rule) {
    KeyedDataset<String, Input> groups = frame.as(Input.class).groupByKey(Input::k1, String.class);
    GroupStateTimeout timeout = timeout(rule);
    KeyedDataset<String, Kept> initial =
        session
            .range(0, rule.initialKeys().size())
            .as(Long.class)
            .groupByKey(n -> rule.initialKeys().get(n.intValue()), String.class)
            .mapValues(n -> StateRule.INITIAL, Kept.class);
    boolean hasInitial = !rule.initialKeys().isEmpty();
    Dataset<Given> given;
    if (rule.isMap()) {
      given =
          hasInitial
              ? groups.<Kept, Given>mapGroupsWithState(
                  (key, rows, state) -> call(rule, key, rows, state).getFirst(),
                  Kept.class,
                  Given.class,
                  timeout,
                  initial)
              : groups.<Kept, Given>mapGroupsWithState(
                  (key, rows, state) -> call(rule, key, rows, state).getFirst(),
                  Kept.class,
                  Given.class,
                  timeout);
    } else {
      OutputMode mode = OutputMode.parse(rule.mode());
      given =
          hasInitial
              ? groups.<Kept, Given>flatMapGroupsWithState(
                  (key, rows, state) -> call(rule, key, rows, state).iterator(),
                  Kept.class,
                  Given.class,
                  mode,
                  timeout,
                  initial)
              : groups.<Kept, Given>flatMapGroupsWithState(
                  (key, rows, state) -> call(rule, key, rows, state).iterator(),
                  Kept.class,
                  Given.class,
                  mode,
                  timeout);
    }
    return given.toDF();
  }

  private static GroupStateTimeout timeout(StateRule rule) {
    if (rule.timeoutSeconds() == 0) {
      return GroupStateTimeout.NoTimeout();
    }
    return rule.byProcessingTime()
        ? GroupStateTimeout.ProcessingTimeTimeout()
        : GroupStateTimeout.EventTimeTimeout();
  }

  private static List<Given> call(
      StateRule rule, @Nullable String key, Iterator<Input> rows, GroupState<Kept> state) {
    List<Seen> seen = new ArrayList<>();
    rows.forEachRemaining(
        row -> seen.add(new Seen(row.ts() == null ? null : row.ts().toEpochMilli(), row.v())));
    return rule.call(key, seen, new Group(state));
  }

  private record Group(GroupState<Kept> state) implements StateRule.Group {
    @Override
    public @Nullable Kept get() {
      return state.getOption().orElse(null);
    }

    @Override
    public void update(Kept kept) {
      state.update(kept);
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
