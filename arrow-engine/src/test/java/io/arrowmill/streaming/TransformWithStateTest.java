package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Dataset;
import io.arrowmill.KeyedDataset;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

/** Stateful processors by hand: variables, timers and times to live. */
@Timeout(120)
class TransformWithStateTest {
  record Event(String user, Instant time, long value) {}

  record Part(String name, long number) {}

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

  private static Event event(String user, long second, long value) {
    return new Event(user, Instant.ofEpochSecond(second), value);
  }

  private KeyedDataset<String, Event> byUser() {
    return events.toDS().withWatermark("time", "10 seconds").groupByKey(Event::user, String.class);
  }

  private StreamingQuery start(Dataset<?> dataset) {
    return dataset
        .writeStream()
        .outputMode("append")
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch(
            (batch, id) -> batch.collect().forEach(row -> given.add(String.valueOf(row.get(0)))))
        .start();
  }

  private List<String> taken() {
    List<String> taken = given.stream().sorted().toList();
    given.clear();
    return taken;
  }

  /** Keeps a count, the newest values and a sum by parity. */
  private static final class Variables extends StatefulProcessor<String, Event, String> {
    private @Nullable ValueState<Part> last;
    private @Nullable ListState<Long> all;
    private @Nullable MapState<String, Long> sums;

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      last = getHandle().getValueState("last", Part.class);
      all = getHandle().getListState("all", Long.class, TTLConfig.NONE);
      sums = getHandle().getMapState("sums", String.class, Long.class, TTLConfig.NONE());
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<Event> rows, TimerValues timerValues) {
      if (last == null || all == null || sums == null) {
        throw new IllegalStateException("init must come first");
      }
      Part before = last.get();
      while (rows.hasNext()) {
        long value = rows.next().value();
        if (value < 0) {
          last.clear();
          all.clear();
          sums.clear();
          return List.of(key + " cleared").iterator();
        }
        last.update(new Part("p" + value, value));
        all.appendValue(value);
        String parity = value % 2 == 0 ? "even" : "odd";
        Long sum = sums.getValue(parity);
        sums.updateValue(parity, value + (sum == null ? 0 : sum));
      }
      List<Long> values = new ArrayList<>();
      all.get().forEachRemaining(values::add);
      Map<String, Long> byParity = new TreeMap<>();
      sums.iterator().forEachRemaining(e -> byParity.put(e.getKey(), e.getValue()));
      return List.of(key + " " + before + " " + values + " " + byParity).iterator();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsVariablesOfEachKind(boolean restarts) {
    StreamingQuery query = start(transformed(new Variables()));
    events.addData(event("a", 1, 1), event("a", 1, 2), event("b", 1, 7));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a null [1, 2] {even=2, odd=1}", "b null [7] {odd=7}");
    if (restarts) {
      query.stop();
      query = start(transformed(new Variables()));
    }
    events.addData(event("a", 1, 4), event("b", 1, -1));
    query.processAllAvailable();
    assertThat(taken())
        .containsExactly("a Part[name=p2, number=2] [1, 2, 4] {even=6, odd=1}", "b cleared");
    assertThat(
            query
                .recentProgress()[query.recentProgress().length - 1]
                .stateOperators()
                .getFirst()
                .numRowsTotal())
        .isEqualTo(1);
    query.stop();
  }

  private Dataset<String> transformed(StatefulProcessor<String, Event, String> processor) {
    return byUser().transformWithState(processor, TimeMode.None(), OutputMode.Append());
  }

  /** Says when a user has been quiet for five seconds of event time. */
  private static final class Quiet extends StatefulProcessor<String, Event, String> {
    private @Nullable ValueState<Long> newest;

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      newest = getHandle().getValueState("newest", Long.class, TTLConfig.NONE);
    }

    private ValueState<Long> newest() {
      if (newest == null) {
        throw new IllegalStateException("init must come first");
      }
      return newest;
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<Event> rows, TimerValues timerValues) {
      Long known = newest().get();
      long latest = known == null ? 0 : known;
      while (rows.hasNext()) {
        latest = Math.max(latest, rows.next().time().toEpochMilli());
      }
      newest().update(latest);
      getHandle().listTimers().forEachRemaining(getHandle()::deleteTimer);
      getHandle().registerTimer(latest + 5_000);
      return Collections.emptyIterator();
    }

    @Override
    public Iterator<String> handleExpiredTimer(
        String key, TimerValues timerValues, ExpiredTimerInfo timer) {
      newest().clear();
      return List.of(
              key
                  + " quiet at "
                  + timer.getExpiryTimeInMs()
                  + " by "
                  + timerValues.getCurrentWatermarkInMs())
          .iterator();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void timersExpireByTheWatermark(boolean restarts) {
    Dataset<String> quiet =
        byUser().transformWithState(new Quiet(), TimeMode.EventTime(), OutputMode.Append());
    StreamingQuery query = start(quiet);
    events.addData(event("a", 100, 1), event("b", 110, 1));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    if (restarts) {
      query.stop();
      query = start(quiet);
    }
    events.addData(event("c", 115, 1));
    query.processAllAvailable();
    // The watermark is 105 s: a's timer expires at it, not after it.
    assertThat(taken()).containsExactly("a quiet at 105000 by 105000");
    events.addData(event("b", 112, 1), event("c", 126, 1));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    events.addData(event("c", 131, 1));
    query.processAllAvailable();
    query.stop();
    assertThat(taken()).containsExactly("b quiet at 117000 by 121000");
  }

  /** Remembers for a moment of processing time, and says so when a timer comes. */
  private static final class Forgetful extends StatefulProcessor<String, Event, String> {
    private @Nullable ValueState<Long> remembered;

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      remembered =
          getHandle().getValueState("remembered", Long.class, new TTLConfig(Duration.ofMillis(1)));
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<Event> rows, TimerValues timerValues) {
      if (remembered != null) {
        remembered.update(1L);
        assertThat(remembered.exists()).isTrue();
      }
      getHandle().registerTimer(timerValues.getCurrentProcessingTimeInMs() + 1);
      return Collections.emptyIterator();
    }

    @Override
    public Iterator<String> handleExpiredTimer(
        String key, TimerValues timerValues, ExpiredTimerInfo timer) {
      return List.of(key + " " + (remembered != null && remembered.exists())).iterator();
    }
  }

  @Test
  void valuesEndAndTimersExpireByProcessingTime() {
    StreamingQuery query =
        start(
            byUser()
                .transformWithState(
                    new Forgetful(), TimeMode.ProcessingTime(), OutputMode.Append()));
    events.addData(event("a", 1, 1), event("b", 1, 1));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (given.size() < 2 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    query.stop();
    assertThat(taken()).containsExactly("a false", "b false");
  }

  /** Begins with a number. */
  private static final class Started
      extends StatefulProcessorWithInitialState<String, Event, String, Long> {
    private @Nullable ValueState<Long> sum;

    private ValueState<Long> sum() {
      if (sum == null) {
        throw new IllegalStateException("init must come first");
      }
      return sum;
    }

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      sum = getHandle().getValueState("sum", Long.class);
    }

    @Override
    public void handleInitialState(String key, Long initialState, TimerValues timerValues) {
      sum().update(initialState);
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<Event> rows, TimerValues timerValues) {
      Long known = sum().get();
      long total = known == null ? 0 : known;
      while (rows.hasNext()) {
        total += rows.next().value();
      }
      sum().update(total);
      return List.of(key + total).iterator();
    }
  }

  @Test
  void beginsWithAnInitialState() {
    KeyedDataset<String, Long> initial =
        session
            .range(0, 2)
            .as(Long.class)
            .groupByKey(n -> n == 0 ? "a" : "z", String.class)
            .mapValues(n -> n + 100, Long.class);
    StreamingQuery query =
        start(
            byUser()
                .transformWithState(new Started(), TimeMode.None(), OutputMode.Append(), initial));
    events.addData(event("a", 1, 1), event("b", 1, 1));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a101", "b1");
    events.addData(event("z", 1, 1));
    query.processAllAvailable();
    query.stop();
    assertThat(taken()).containsExactly("z102");
  }

  /** Does one wrong thing, by the value of the first row. */
  private static final class Wrong extends StatefulProcessor<String, Event, String> {
    private @Nullable ListState<Long> list;

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      list = getHandle().getListState("list", Long.class);
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<Event> rows, TimerValues timerValues) {
      switch ((int) rows.next().value()) {
        case 0 -> getHandle().registerTimer(1);
        case 1 -> getHandle().getValueState("late", Long.class);
        default -> {
          if (list != null) {
            list.put(List.of());
          }
        }
      }
      return Collections.emptyIterator();
    }
  }

  @Test
  void refusesWhatHasNoMeaning() {
    List<String> conditions =
        List.of(
            "STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE",
            "STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_HANDLE_STATE",
            "ILLEGAL_STATE_STORE_VALUE.EMPTY_LIST_VALUE");
    for (int i = 0; i < conditions.size(); i++) {
      StreamingQuery query =
          byUser()
              .transformWithState(new Wrong(), TimeMode.None(), OutputMode.Append())
              .writeStream()
              .format("noop")
              .start();
      events.addData(event("k", 1, i));
      String expected = conditions.get(i);
      assertThatThrownBy(query::processAllAvailable)
          .hasMessageContaining("operator=transformWithState, key=k")
          .satisfies(e -> assertThat(conditionOf(e)).isEqualTo(expected));
      query.stop();
      events = MemoryStream.of(session, Event.class);
    }
    assertThatThrownBy(() ->
            byUser().transformWithState(new Forgetful(), TimeMode.None(), OutputMode.Append()))
        .extracting(e -> ((ArrowmillException) e).condition())
        .isEqualTo("STATEFUL_PROCESSOR_INCORRECT_TIME_MODE_TO_ASSIGN_TTL");
    assertThatThrownBy(() ->
            byUser().transformWithState(new Variables(), TimeMode.None(), OutputMode.Complete()))
        .isInstanceOf(AnalysisException.class);
  }

  private static String conditionOf(Throwable error) {
    String condition = "";
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArrowmillException known) {
        condition = known.condition();
      }
    }
    return condition;
  }

  @Test
  void runsOnBoundedTables() {
    List<Event> rows = List.of(event("a", 1, 1), event("b", 1, 2), event("a", 1, 3));
    assertThat(
            session
                .createDataFrame(rows, Event.class)
                .as(Event.class)
                .groupByKey(Event::user, String.class)
                .transformWithState(new Variables(), TimeMode.None(), OutputMode.Append())
                .collect())
        .containsExactlyInAnyOrder("a null [1, 3] {odd=4}", "b null [2] {even=2}");
  }
}
