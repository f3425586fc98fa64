package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Dataset;
import io.arrowmill.KeyValue;
import io.arrowmill.KeyedDataset;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State functions by hand: what they see, what they keep, and when they are called. */
@Timeout(120)
class GroupsWithStateTest {
  record Event(@Nullable String user, Instant time, long value) {}

  record Sum(long rows, double total, @Nullable String last) {}

  record Out(@Nullable String user, long rows, double total, String note) {}

  @TempDir Path checkpoint = Path.of(".");

  private Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private MemoryStream<Event> events = MemoryStream.of(session, Event.class);
  private final List<String> given = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    session.close();
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    events = MemoryStream.of(session, Event.class);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private static Event event(@Nullable String user, long second, long value) {
    return new Event(user, Instant.ofEpochSecond(second), value);
  }

  private KeyedDataset<String, Event> byUser() {
    return events.toDS().groupByKey(Event::user, String.class);
  }

  private KeyedDataset<String, Event> byUserWithWatermark() {
    return events.toDS().withWatermark("time", "10 seconds").groupByKey(Event::user, String.class);
  }

  private StreamingQuery start(Dataset<?> dataset, String mode) {
    return dataset
        .writeStream()
        .queryName("states")
        .outputMode(mode)
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch(
            (batch, id) -> batch.collect().forEach(row -> given.add(id + ":" + row.values())))
        .start();
  }

  private static StateOperatorProgress state(StreamingQuery query) {
    return Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst();
  }

  /** What came out since the last call, in no order. */
  private List<String> taken() {
    List<String> taken = given.stream().sorted().toList();
    given.clear();
    return taken;
  }

  private static Out add(@Nullable String user, Iterator<Event> values, GroupState<Sum> state) {
    Sum sum = state.getOption().orElse(new Sum(0, 0, null));
    while (values.hasNext()) {
      Event event = values.next();
      sum = new Sum(sum.rows() + 1, sum.total() + event.value(), "v" + event.value());
    }
    state.update(sum);
    return new Out(user, sum.rows(), sum.total(), state.exists() + "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsASumOfEachKey(boolean restarts) {
    Dataset<Out> sums = byUser().mapGroupsWithState(GroupsWithStateTest::add, Sum.class, Out.class);
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

  private static Iterator<String> session(
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
                GroupsWithStateTest::session,
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
        byUser().mapGroupsWithState(GroupsWithStateTest::add, Sum.class, Out.class);
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
            byUser().mapGroupsWithState(GroupsWithStateTest::add, Sum.class, Out.class), "update");
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
                GroupsWithStateTest::add,
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

  @Test
  void runsOnBoundedTables() {
    List<Event> rows = List.of(event("a", 1, 1), event("b", 1, 2), event("a", 1, 3));
    KeyedDataset<String, Event> groups =
        session
            .createDataFrame(rows, Event.class)
            .as(Event.class)
            .groupByKey(Event::user, String.class);
    assertThat(groups.mapGroupsWithState(GroupsWithStateTest::add, Sum.class, Out.class).collect())
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

  @Test
  void refusesWhatHasNoMeaning() {
    Dataset<Out> update =
        byUser().mapGroupsWithState(GroupsWithStateTest::add, Sum.class, Out.class);
    assertThatThrownBy(() -> start(update, "append"))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
    Dataset<String> noWatermark =
        byUser()
            .flatMapGroupsWithState(
                GroupsWithStateTest::session,
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
                    GroupsWithStateTest::session,
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
