package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Dataset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** State functions and uses of them that are refused. */
@Timeout(120)
class GroupsWithStateRejectionsTest extends GroupsWithStateFixture {
  @Test
  void valuesCannotBeReadAfterTheBatch() {
    List<Iterator<Event>> stolen = Collections.synchronizedList(new ArrayList<>());
    Dataset<Out> first =
        byUser()
            .mapGroupsWithState(
                (user, values, state) -> {
                  stolen.forEach(Iterator::next);
                  stolen.add(values);
                  return new Out(user, 0, 0, "");
                },
                Sum.class,
                Out.class);
    StreamingQuery query = start(first, "update");
    events.addData(event("a", 1, 1));
    query.processAllAvailable();
    events.addData(event("a", 2, 2));
    assertThatThrownBy(query::processAllAvailable)
        .hasStackTraceContaining("values of a group must be read before the function returns");
  }

  @Test
  void functionThatThrowsKeepsNothing() {
    Dataset<Out> sums =
        byUser()
            .mapGroupsWithState(
                (user, values, state) -> {
                  Out out = add(user, values, state);
                  if (out.total() > 100) {
                    throw new IllegalStateException("too much");
                  }
                  return out;
                },
                Sum.class,
                Out.class);
    StreamingQuery query = start(sums, "update");
    events.addData(event("a", 1, 1), event("b", 1, 1));
    query.processAllAvailable();
    taken();
    events.addData(event("a", 1, 1), event("b", 1, 200));
    assertThatThrownBy(query::processAllAvailable)
        .hasMessageContaining("name=states")
        .hasMessageContaining("operator=mapGroupsWithState")
        .hasMessageContaining("key=b")
        .hasMessageContaining("too much");
    query.stop(); // its name is free again then
    assertThat(taken()).isEmpty();
    Dataset<Out> mended =
        byUser().mapGroupsWithState(GroupsWithStateFixture::add, Sum.class, Out.class);
    query = start(mended, "update");
    query.processAllAvailable();
    query.stop();
    assertThat(taken()).containsExactly("1:[a, 2, 2.0, true]", "1:[b, 2, 201.0, true]");
  }

  @Test
  void changedStateIsNamed() {
    record Other(long rows, long total, @Nullable String last) {}
    StreamingQuery query =
        start(
            byUser().mapGroupsWithState(GroupsWithStateFixture::add, Sum.class, Out.class),
            "update");
    events.addData(event("a", 1, 1));
    query.processAllAvailable();
    query.stop();
    Dataset<Out> changed =
        byUser()
            .mapGroupsWithState(
                (user, values, state) -> {
                  state.update(new Other(1, 2, null));
                  return new Out(user, 1, 1, "");
                },
                Other.class,
                Out.class);
    assertThatThrownBy(() -> start(changed, "update").processAllAvailable())
        .hasMessageContaining("total DOUBLE")
        .hasMessageContaining("total BIGINT")
        .extracting(e -> ((ArrowmillException) e).condition())
        .isEqualTo("STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE");
  }

  @Test
  void refusesWhatHasNoMeaning() {
    Dataset<Out> update =
        byUser().mapGroupsWithState(GroupsWithStateFixture::add, Sum.class, Out.class);
    assertThatThrownBy(() -> start(update, "append"))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    Dataset<String> noWatermark =
        byUser()
            .flatMapGroupsWithState(
                GroupTimeoutsTest::session,
                Long.class,
                String.class,
                OutputMode.Append(),
                GroupStateTimeout.EventTimeTimeout());
    assertThatThrownBy(() -> start(noWatermark, "append"))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.EVENT_TIME_TIMEOUT_WITHOUT_WATERMARK");
    assertThatThrownBy(() ->
            byUser()
                .flatMapGroupsWithState(
                    GroupTimeoutsTest::session,
                    Long.class,
                    String.class,
                    OutputMode.Complete(),
                    GroupStateTimeout.NoTimeout()))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    assertThatThrownBy(
            () -> start(update.toDF().groupBy("user").count().as(Counts.class), "update"))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("UNSUPPORTED_STREAMING_OPERATION.STATE_FUNCTION_WITH_AGGREGATION");
  }

  record Counts(@Nullable String user, long count) {}

  @Test
  void stateTellsWhatItMayNotBeAsked() {
    List<String> errors = Collections.synchronizedList(new ArrayList<>());
    Dataset<Long> asks =
        byUser()
            .<Long, Long>mapGroupsWithState(
                (user, values, state) -> {
                  assertThatThrownBy(state::get).isInstanceOf(NoSuchElementException.class);
                  assertThatThrownBy(() -> state.setTimeoutDuration(1))
                      .isInstanceOf(UnsupportedOperationException.class);
                  assertThatThrownBy(() -> state.setTimeoutTimestamp(1))
                      .isInstanceOf(UnsupportedOperationException.class);
                  assertThatThrownBy(state::getCurrentWatermarkMs)
                      .isInstanceOf(UnsupportedOperationException.class);
                  errors.add("asked");
                  return 1L;
                },
                Long.class,
                Long.class);
    StreamingQuery query = start(asks, "update");
    events.addData(event("a", 1, 1));
    query.processAllAvailable();
    query.stop();
    assertThat(errors).containsExactly("asked");
  }
}
