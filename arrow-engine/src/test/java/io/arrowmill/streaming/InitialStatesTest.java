package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.Dataset;
import io.arrowmill.KeyedDataset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** State functions whose keys begin with a state. */
@Timeout(120)
class InitialStatesTest extends GroupsWithStateFixture {
  @Test
  void beginsWithAnInitialState() {
    record Known(String user, long rows, double total, @Nullable String last) {}
    KeyedDataset<String, Sum> initial =
        session
            .createDataFrame(
                List.of(new Known("a", 10, 100, null), new Known("z", 1, 1, null)), Known.class)
            .as(Known.class)
            .groupByKey(Known::user, String.class)
            .mapValues(k -> new Sum(k.rows(), k.total(), k.last()), Sum.class);
    Dataset<Out> sums =
        byUser()
            .mapGroupsWithState(
                GroupsWithStateFixture::add,
                Sum.class,
                Out.class,
                GroupStateTimeout.NoTimeout(),
                initial);
    StreamingQuery query = start(sums, "update");
    events.addData(event("a", 1, 1), event("b", 1, 1));
    query.processAllAvailable();
    // Of z there is no row: as in Spark, the function is called for it all the same.
    assertThat(taken())
        .containsExactly("0:[a, 11, 101.0, true]", "0:[b, 1, 1.0, true]", "0:[z, 1, 1.0, true]");
    assertThat(state(query).numRowsTotal()).isEqualTo(3);
    query.stop();
    query = start(sums, "update");
    events.addData(event("z", 1, 1));
    query.processAllAvailable();
    query.stop();
    assertThat(taken()).containsExactly("1:[z, 2, 2.0, true]");
  }

  @Test
  void twoInitialStatesOfAKeyAreAnError() {
    KeyedDataset<String, Long> initial =
        session.range(0, 2).as(Long.class).groupByKey(n -> "a", String.class);
    StreamingQuery query =
        start(
            byUser()
                .<Long, Long>mapGroupsWithState(
                    (user, values, state) -> 1L,
                    Long.class,
                    Long.class,
                    GroupStateTimeout.NoTimeout(),
                    initial),
            "update");
    events.addData(event("b", 1, 1));
    assertThatThrownBy(query::processAllAvailable).hasMessageContaining("key=a, rows=2");
  }
}
