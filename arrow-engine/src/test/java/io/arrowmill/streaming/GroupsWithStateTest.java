package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State functions by hand: what they see, and what they keep. */
@Timeout(120)
class GroupsWithStateTest extends GroupsWithStateFixture {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsASumOfEachKey(boolean restarts) {
    Dataset<Out> sums =
        byUser().mapGroupsWithState(GroupsWithStateFixture::add, Sum.class, Out.class);
    StreamingQuery query = start(sums, "update");
    events.addData(event("a", 1, 1), event(null, 1, 7), event("a", 2, 2), event("b", 1, 5));
    query.processAllAvailable();
    assertThat(taken())
        .containsExactly("0:[a, 2, 3.0, true]", "0:[b, 1, 5.0, true]", "0:[null, 1, 7.0, true]");
    StateOperatorProgress progress = state(query);
    assertThat(progress.operatorName()).isEqualTo("flatMapGroupsWithState");
    assertThat(progress.numRowsTotal()).isEqualTo(3);
    assertThat(progress.numRowsUpdated()).isEqualTo(3);
    if (restarts) {
      query.stop();
      query = start(sums, "update");
    }
    events.addData(event("a", 1, 10));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("1:[a, 3, 13.0, true]");
    assertThat(state(query).numRowsUpdated()).isEqualTo(1);
    query.stop();
  }

  /** Random keys and values against a map, over more keys than a slice holds. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 5_000, 30_000})
  void countsRandomRows(int keys) {
    record Count(long rows) {}
    record Counted(long key, long rows) {}
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    MemoryStream<Long> numbers = MemoryStream.of(session, Long.class);
    Dataset<Counted> counts =
        numbers
            .toDS()
            .groupByKey(n -> n, Long.class)
            .<Count, Counted>flatMapGroupsWithState(
                (key, values, state) -> {
                  long rows = state.exists() ? state.get().rows() : 0;
                  while (values.hasNext()) {
                    assertThat(values.next()).isEqualTo(key);
                    rows++;
                  }
                  if (rows % 3 == 0) {
                    state.remove();
                  } else {
                    state.update(new Count(rows));
                  }
                  return List.of(new Counted(key, rows)).iterator();
                },
                Count.class,
                Counted.class,
                OutputMode.Update(),
                GroupStateTimeout.NoTimeout());
    Map<Long, Long> expected = new TreeMap<>();
    Map<Long, Long> found = new TreeMap<>();
    StreamingQuery query =
        counts
            .writeStream()
            .outputMode("update")
            .foreachBatch((batch, id) ->
                batch.collect().forEach(row -> found.put(row.getLong(0), row.getLong(1))))
            .start();
    for (int batch = 0; batch < 3; batch++) {
      List<Long> rows = random.longs(keys * 2L, 0, keys).boxed().toList();
      expected.values().removeIf(count -> count % 3 == 0);
      found.clear();
      Map<Long, Long> before = new TreeMap<>(expected);
      rows.forEach(key -> expected.merge(key, 1L, Long::sum));
      numbers.addData(rows);
      query.processAllAvailable();
      Map<Long, Long> changed = new TreeMap<>(expected);
      changed.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
      assertThat(found).as("seed %d batch %d", seed, batch).isEqualTo(changed);
      assertThat(state(query).numRowsTotal())
          .isEqualTo(expected.values().stream().filter(count -> count % 3 != 0).count());
    }
    query.stop();
  }

  @Test
  void keepsNestedStates() {
    record Part(String name, @Nullable Long number) {}
    record Nested(List<Part> parts, Map<String, List<Long>> byName, @Nullable Part last) {}
    record Key(@Nullable Part part, int n) {}
    Dataset<String> texts =
        events
            .toDS()
            .groupByKey(e -> new Key(new Part("p" + e.user(), null), 7), Key.class)
            .<Nested, String>mapGroupsWithState(
                (key, values, state) -> {
                  Nested before = state.getOption().orElse(new Nested(List.of(), Map.of(), null));
                  List<Part> parts = new ArrayList<>(before.parts());
                  Map<String, List<Long>> byName = new TreeMap<>(before.byName());
                  values.forEachRemaining(e -> {
                    parts.add(new Part("x", e.value()));
                    byName.put("k" + e.value(), List.of(e.value(), -1L));
                  });
                  state.update(new Nested(parts, byName, parts.getLast()));
                  return key + " " + before;
                },
                Nested.class,
                String.class);
    StreamingQuery query = start(texts, "update");
    events.addData(event("a", 1, 1));
    query.processAllAvailable();
    query.stop();
    taken();
    query = start(texts, "update");
    events.addData(event("a", 1, 2));
    query.processAllAvailable();
    query.stop();
    assertThat(taken())
        .containsExactly(
            "1:[Key[part=Part[name=pa, number=null], n=7] Nested[parts=[Part[name=x, number=1]],"
                + " byName={k1=[1, -1]}, last=Part[name=x, number=1]]]");
  }

  @Test
  void keysWithNothingToKeepLeaveNothing() {
    Dataset<Out> kept =
        byUser()
            .mapGroupsWithState(
                (user, values, state) -> {
                  boolean keeps = user != null && user.startsWith("k");
                  return keeps
                      ? add(user, values, state)
                      : new Out(user, 0, 0, state.exists() ? "known" : "unknown");
                },
                Sum.class,
                Out.class);
    StreamingQuery query = start(kept, "update");
    for (int batch = 1; batch <= 3; batch++) {
      events.addData(
          event("k1", 1, 1),
          event("x1", 1, 1),
          event(null, 1, 1),
          event("x2", 1, 1),
          event("k" + (batch + 1), 1, 1),
          event("x1", 1, 1));
      query.processAllAvailable();
      assertThat(state(query).numRowsTotal()).isEqualTo(batch + 1);
      assertThat(state(query).numRowsUpdated()).isEqualTo(2);
      assertThat(taken()).hasSize(5).filteredOn(row -> row.contains("unknown")).hasSize(3);
    }
    query.stop();
  }
}
