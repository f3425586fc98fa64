package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.Dataset;
import io.arrowmill.KeyValue;
import io.arrowmill.KeyedDataset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Functions of groups on bounded tables, and those that only reduce. */
@Timeout(120)
class ReduceGroupsTest extends GroupsWithStateFixture {
  @Test
  void runsOnBoundedTables() {
    List<Event> rows = List.of(event("a", 1, 1), event("b", 1, 2), event("a", 1, 3));
    KeyedDataset<String, Event> groups =
        session
            .createDataFrame(rows, Event.class)
            .as(Event.class)
            .groupByKey(Event::user, String.class);
    assertThat(
            groups.mapGroupsWithState(GroupsWithStateFixture::add, Sum.class, Out.class).collect())
        .containsExactlyInAnyOrder(new Out("a", 2, 4, "true"), new Out("b", 1, 2, "true"));
    assertThat(groups.mapValues(Event::value, Long.class).reduceGroups(Long::sum).collect())
        .containsExactlyInAnyOrder(new KeyValue<>("a", 4L), new KeyValue<>("b", 2L));
    assertThat(
            groups
                .mapGroups((user, values) -> user + values.next().value(), String.class)
                .collect())
        .containsExactlyInAnyOrder("a1", "b2");
  }

  @Test
  void reducesStreams() {
    Dataset<KeyValue<String, Long>> sums =
        byUser().mapValues(Event::value, Long.class).reduceGroups(Long::sum);
    assertThatThrownBy(() -> start(sums, "append"))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    StreamingQuery query = start(sums, "complete");
    events.addData(event("a", 1, 1), event("b", 1, 2), event("a", 1, 3));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("0:[a, 4]", "0:[b, 2]");
    events.addData(event("a", 1, 1));
    query.processAllAvailable();
    query.stop();
    assertThat(taken()).containsExactly("1:[a, 5]", "1:[b, 2]");
  }
}
