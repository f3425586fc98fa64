package io.arrowmill.oracle;

import io.arrowmill.DataFrame;
import io.arrowmill.streaming.ExpiredTimerInfo;
import io.arrowmill.streaming.ListState;
import io.arrowmill.streaming.MapState;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StatefulProcessor;
import io.arrowmill.streaming.TTLConfig;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.streaming.TimerValues;
import io.arrowmill.streaming.ValueState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link ProcessorRule} in the engine under test. */
final class ArrowmillProcessor extends StatefulProcessor<String, ArrowmillStates.Input, String>
    implements ProcessorRule.Variables {
  private final ProcessorRule rule;
  private @Nullable ValueState<Long> count;
  private @Nullable ListState<Long> list;
  private @Nullable MapState<String, Long> map;

  ArrowmillProcessor(ProcessorRule rule) {
    this.rule = rule;
  }

  static DataFrame apply(DataFrame frame, ProcessorRule rule) {
    return frame
        .as(ArrowmillStates.Input.class)
        .groupByKey(ArrowmillStates.Input::k1, String.class)
        .transformWithState(new ArrowmillProcessor(rule), timeMode(rule), OutputMode.Append())
        .toDF();
  }

  private static TimeMode timeMode(ProcessorRule rule) {
    if (rule.lives() != null) {
      return TimeMode.ProcessingTime();
    }
    return rule.timerSeconds() > 0 ? TimeMode.EventTime() : TimeMode.None();
  }

  private long time(TimerValues values) {
    if (rule.lives() != null) {
      return values.getCurrentProcessingTimeInMs();
    }
    return rule.timerSeconds() > 0 ? values.getCurrentWatermarkInMs() : 0;
  }

  private static TTLConfig ttl(long millis) {
    return millis == 0 ? TTLConfig.NONE() : new TTLConfig(Duration.ofMillis(millis));
  }

  @Override
  public void init(OutputMode outputMode, TimeMode timeMode) {
    ProcessorRule.Lives lives = rule.livesOrForever();
    count = getHandle().getValueState("count", Long.class, ttl(lives.countMillis()));
    list = getHandle().getListState("list", Long.class, ttl(lives.listMillis()));
    map = getHandle().getMapState("map", String.class, Long.class, ttl(lives.mapMillis()));
  }

  @Override
  public Iterator<String> handleInputRows(
      String key, Iterator<ArrowmillStates.Input> rows, TimerValues timerValues) {
    List<ProcessorRule.Seen> seen = new ArrayList<>();
    rows.forEachRemaining(row ->
        seen.add(
            new ProcessorRule.Seen(row.ts() == null ? null : row.ts().toEpochMilli(), row.v())));
    return List.of(rule.rows(key, seen, time(timerValues), this)).iterator();
  }

  @Override
  public Iterator<String> handleExpiredTimer(
      String key, TimerValues timerValues, ExpiredTimerInfo timer) {
    return List.of(rule.timer(key, timer.getExpiryTimeInMs(), time(timerValues), this)).iterator();
  }

  @Override
  public @Nullable Long count() {
    return Objects.requireNonNull(count).get();
  }

  @Override
  public void setCount(long value) {
    Objects.requireNonNull(count).update(value);
  }

  @Override
  public void clearCount() {
    Objects.requireNonNull(count).clear();
  }

  @Override
  public List<Long> list() {
    List<Long> all = new ArrayList<>();
    Objects.requireNonNull(list).get().forEachRemaining(all::add);
    return all;
  }

  @Override
  public void append(long value) {
    Objects.requireNonNull(list).appendValue(value);
  }

  @Override
  public void putList(List<Long> values) {
    Objects.requireNonNull(list).put(values);
  }

  @Override
  public void clearList() {
    Objects.requireNonNull(list).clear();
  }

  @Override
  public Map<String, Long> map() {
    Map<String, Long> all = new TreeMap<>();
    Objects.requireNonNull(map).iterator().forEachRemaining(e -> all.put(e.getKey(), e.getValue()));
    return all;
  }

  @Override
  public @Nullable Long entry(String key) {
    return Objects.requireNonNull(map).getValue(key);
  }

  @Override
  public void setEntry(String key, long value) {
    Objects.requireNonNull(map).updateValue(key, value);
  }

  @Override
  public void removeEntry(String key) {
    Objects.requireNonNull(map).removeKey(key);
  }

  @Override
  public List<Long> timers() {
    List<Long> all = new ArrayList<>();
    getHandle().listTimers().forEachRemaining(all::add);
    return all;
  }

  @Override
  public void setTimer(long millis) {
    getHandle().registerTimer(millis);
  }

  @Override
  public void deleteTimer(long millis) {
    getHandle().deleteTimer(millis);
  }
}
