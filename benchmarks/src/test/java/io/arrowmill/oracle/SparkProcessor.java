package io.arrowmill.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.ExpiredTimerInfo;
import org.apache.spark.sql.streaming.ListState;
import org.apache.spark.sql.streaming.MapState;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StatefulProcessor;
import org.apache.spark.sql.streaming.TTLConfig;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.streaming.TimerValues;
import org.apache.spark.sql.streaming.ValueState;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** A {@link ProcessorRule} in Spark. */
final class SparkProcessor extends StatefulProcessor<String, Row, String>
    implements ProcessorRule.Variables {
  private static final long serialVersionUID = 1;

  private final ProcessorRule rule;
  private transient @Nullable ValueState<Long> count;
  private transient @Nullable ListState<Long> list;
  private transient @Nullable MapState<String, Long> map;

  SparkProcessor(ProcessorRule rule) {
    this.rule = rule;
  }

  static Dataset<Row> apply(Dataset<Row> frame, ProcessorRule rule) {
    return frame
        .groupByKey((MapFunction<Row, String>) row -> row.<String>getAs("k1"), Encoders.STRING())
        .transformWithState(
            new SparkProcessor(rule), timeMode(rule), OutputMode.Append(), Encoders.STRING())
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
    count = getHandle().getValueState("count", Encoders.LONG(), ttl(lives.countMillis()));
    list = getHandle().getListState("list", Encoders.LONG(), ttl(lives.listMillis()));
    map =
        getHandle().getMapState("map", Encoders.STRING(), Encoders.LONG(), ttl(lives.mapMillis()));
  }

  private static scala.collection.Iterator<String> one(String text) {
    return CollectionConverters.asScala(List.of(text).iterator());
  }

  @Override
  public scala.collection.Iterator<String> handleInputRows(
      String key, scala.collection.Iterator<Row> rows, TimerValues timerValues) {
    List<ProcessorRule.Seen> seen = new ArrayList<>();
    CollectionConverters.asJava(rows)
        .forEachRemaining(row -> {
          Instant time = row.getAs("ts");
          seen.add(
              new ProcessorRule.Seen(time == null ? null : time.toEpochMilli(), row.getAs("v")));
        });
    return one(rule.rows(key, seen, time(timerValues), this));
  }

  @Override
  public scala.collection.Iterator<String> handleExpiredTimer(
      String key, TimerValues timerValues, ExpiredTimerInfo timer) {
    return one(rule.timer(key, timer.getExpiryTimeInMs(), time(timerValues), this));
  }

  @Override
  public @Nullable Long count() {
    return Objects.requireNonNull(count).exists() ? Objects.requireNonNull(count).get() : null;
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
    CollectionConverters.asJava(Objects.requireNonNull(list).get()).forEachRemaining(all::add);
    return all;
  }

  @Override
  public void append(long value) {
    Objects.requireNonNull(list).appendValue(value);
  }

  @Override
  public void putList(List<Long> values) {
    Objects.requireNonNull(list).put(values.toArray(Long[]::new));
  }

  @Override
  public void clearList() {
    Objects.requireNonNull(list).clear();
  }

  @Override
  public Map<String, Long> map() {
    Map<String, Long> all = new TreeMap<>();
    CollectionConverters.asJava(Objects.requireNonNull(map).iterator())
        .forEachRemaining(entry -> all.put(entry._1(), entry._2()));
    return all;
  }

  @Override
  public @Nullable Long entry(String key) {
    return Objects.requireNonNull(map).containsKey(key)
        ? Objects.requireNonNull(map).getValue(key)
        : null;
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
    CollectionConverters.asJava(getHandle().listTimers())
        .forEachRemaining(timer -> all.add((Long) timer));
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
