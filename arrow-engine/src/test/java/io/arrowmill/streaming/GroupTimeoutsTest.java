package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Dataset;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When state functions are called for keys without new rows. */
@Timeout(120)
class GroupTimeoutsTest extends GroupsWithStateFixture {
  static Iterator<String> session(
      @Nullable String user, Iterator<Event> values, GroupState<Long> state) {
    if (state.hasTimedOut()) {
      String ended = user + " ended with " + state.get() + " at " + state.getCurrentWatermarkMs();
      state.remove();
      return List.of(ended).iterator();
    }
    long rows = state.exists() ? state.get() : 0;
    long last = 0;
    while (values.hasNext()) {
      rows++;
      last = Math.max(last, values.next().time().toEpochMilli());
    }
    state.update(rows);
    state.setTimeoutTimestamp(last, "5 seconds");
    return Collections.emptyIterator();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void timesOutByTheWatermark(boolean restarts) {
    Dataset<String> ended =
        byUserWithWatermark()
            .flatMapGroupsWithState(
                GroupTimeoutsTest::session,
                Long.class,
                String.class,
                OutputMode.Append(),
                GroupStateTimeout.EventTimeTimeout());
    StreamingQuery query = start(ended, "append");
    events.addData(event("a", 100, 1), event("b", 104, 1), event("a", 101, 1));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    if (restarts) {
      query.stop();
      query = start(ended, "append");
    }
    events.addData(event("c", 118, 1), event("d", 93, 1));
    query.processAllAvailable();
    // The watermark is 94 s when d comes, and 108 s after the batch: a's time was over at 106 s.
    assertThat(taken()).containsExactly("3:[a ended with 2 at 108000]");
    StateOperatorProgress progress = state(query);
    assertThat(progress.numRowsTotal()).isEqualTo(2);
    assertThat(progress.numRowsRemoved()).isEqualTo(1);
    assertThat(
            List.of(query.recentProgress()).stream()
                .mapToLong(p -> p.stateOperators().getFirst().numRowsDroppedByWatermark())
                .sum())
        .isEqualTo(1);
    query.stop();
  }

  @Test
  void timesOutByProcessingTime() throws Exception {
    Dataset<String> ended =
        byUser()
            .<Long, String>flatMapGroupsWithState(
                (user, values, state) -> {
                  if (state.hasTimedOut()) {
                    state.remove();
                    return List.of(user + " timed out").iterator();
                  }
                  state.update(1L);
                  state.setTimeoutDuration(1);
                  return Collections.emptyIterator();
                },
                OutputMode.Append(),
                Long.class,
                String.class,
                GroupStateTimeout.ProcessingTimeTimeout());
    StreamingQuery query = start(ended, "append");
    events.addData(event("a", 100, 1), event("b", 104, 1));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (given.size() < 2 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    query.stop();
    assertThat(taken().stream().map(text -> text.substring(text.indexOf('['))))
        .containsExactly("[a timed out]", "[b timed out]");
  }
}
