package io.arrowmill.benchmarks.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.window;

import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Arrowmill's streaming queries. */
final class ArrowmillEngine implements BenchmarkEngine {
  private final Session session =
      Session.builder().appName("benchmark").config("arrowmill.workers", "2").getOrCreate();

  @Override
  public Answer answer(Workload workload, Input input, Path scratch) {
    List<String> digest = workload.digest();
    Answer[] answer = {Answer.none(digest.size())};
    boolean complete = workload.outputMode().equals("complete");
    run(
        writer(workload, input, scratch)
            .foreachBatch((batch, id) -> {
              Answer ofBatch = digest(batch, digest);
              answer[0] = complete ? ofBatch : answer[0].plus(ofBatch);
            }));
    return answer[0];
  }

  private static Answer digest(DataFrame batch, List<String> digest) {
    List<Column> sums = new ArrayList<>(digest.stream().map(sum -> expr(sum)).toList());
    Row row = batch.agg(sums.removeFirst(), sums.toArray(Column[]::new)).collect().getFirst();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < digest.size(); i++) {
      values.add(row.get(i) instanceof Number number ? number.doubleValue() : 0.0);
    }
    return new Answer(values);
  }

  @Override
  public long nanos(Workload workload, Input input, Path scratch) {
    DataStreamWriter writer = writer(workload, input, scratch).format("noop");
    long started = System.nanoTime();
    run(writer);
    return System.nanoTime() - started;
  }

  private static void run(DataStreamWriter writer) {
    StreamingQuery query = writer.start();
    query.awaitTermination();
  }

  private DataStreamWriter writer(Workload workload, Input input, Path scratch) {
    return query(workload, input)
        .writeStream()
        .outputMode(workload.outputMode())
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", scratch.toString());
  }

  private DataFrame stream(Path directory, int filesPerBatch) {
    return session
        .readStream()
        .schema(EventFiles.SCHEMA)
        .option("maxFilesPerTrigger", filesPerBatch)
        .parquet(directory.toString());
  }

  private DataFrame query(Workload workload, Input input) {
    DataFrame events = stream(input.directory(), input.filesPerBatch());
    return switch (workload) {
      case FILTER_PROJECT ->
          events
              .where(col("event_type").equalTo(0).and(col("price").geq(50)))
              .select(col("ad_id"), col("price").multiply(1.25).as("value"));
      case GROUP_1K -> grouped(events, "ad_id", "user_id");
      case GROUP_1M -> grouped(events, "user_id", "ad_id");
      case CAMPAIGN_COUNTS -> campaignCounts(events);
      case JOIN_INNER -> joined(events, stream(input.other(), input.filesPerBatch()), "inner");
      case JOIN_LEFT -> joined(events, stream(input.other(), input.filesPerBatch()), "left_outer");
      case DEDUP_10M ->
          events
              .select(col("user_id").multiply(10).plus(col("ad_id").mod(10)).as("k"))
              .dropDuplicates("k");
      case SLIDING_100K -> sliding(events);
      case SESSION_1M -> sessions(events);
      case STATE_FUNCTION_1M -> totals(events);
    };
  }

  /** Events of one stream with those of another, of the same user and up to a second later. */
  private static DataFrame joined(DataFrame events, DataFrame others, String type) {
    DataFrame left =
        events
            .withWatermark("event_time", "10 seconds")
            .select(col("user_id"), col("event_time"), col("ad_id"), col("price"));
    DataFrame right =
        others
            .select(
                col("user_id").as("other_user"),
                col("event_time").as("other_time"),
                col("price").as("other_price"))
            .withWatermark("other_time", "10 seconds");
    return left.join(
        right,
        expr(
            "user_id = other_user AND other_time >= event_time"
                + " AND other_time <= event_time + INTERVAL 1 SECOND"),
        type);
  }

  private static DataFrame sliding(DataFrame events) {
    return events
        .withWatermark("event_time", "10 seconds")
        .groupBy(
            col("user_id").mod(100_000).as("k"),
            window(col("event_time"), "10 minutes", "1 minute"))
        .agg(count(lit(1)).as("n"), sum(col("price")).as("total"))
        .select(col("k"), col("window.start").cast("bigint").as("start"), col("n"), col("total"));
  }

  private static DataFrame totals(DataFrame events) {
    return events
        .select(col("user_id").as("user"), col("price"))
        .as(Event.class)
        .groupByKey(Event::user, Long.class)
        .flatMapGroupsWithState(
            ArrowmillEngine::add,
            Totals.class,
            UserTotals.class,
            OutputMode.Update(),
            GroupStateTimeout.NoTimeout())
        .toDF();
  }

  /** The columns that the state function reads. */
  record Event(long user, double price) {}

  /** What it keeps of a user. */
  record Totals(long n, double total) {}

  /** What it gives. */
  record UserTotals(long k, long n, double total) {}

  private static Iterator<UserTotals> add(
      Long user, Iterator<Event> events, GroupState<Totals> state) {
    Totals before = state.getOption().orElse(new Totals(0, 0));
    long n = before.n();
    double total = before.total();
    while (events.hasNext()) {
      n++;
      total += events.next().price();
    }
    state.update(new Totals(n, total));
    return List.of(new UserTotals(user, n, total)).iterator();
  }

  private static DataFrame sessions(DataFrame events) {
    return events
        .withWatermark("event_time", "10 seconds")
        .groupBy(col("user_id").as("k"), session_window(col("event_time"), "5 seconds").as("s"))
        .agg(count(lit(1)).as("n"))
        .select(
            col("k"),
            col("n"),
            col("s.start").cast("bigint").as("start"),
            col("s.end").cast("bigint").as("until"));
  }

  private static DataFrame grouped(DataFrame events, String key, String top) {
    return events
        .groupBy(col(key).as("k"))
        .agg(count(lit(1)).as("n"), sum(col("price")).as("total"), max(col(top)).as("top"));
  }

  private DataFrame campaignCounts(DataFrame events) {
    DataFrame ads =
        session
            .range(Workload.ADS)
            .select(col("id").as("ad"), col("id").mod(Workload.CAMPAIGNS).as("campaign_id"));
    return events
        .where(col("event_type").equalTo(0))
        .withWatermark("event_time", "10 seconds")
        .join(ads, col("ad_id").equalTo(col("ad")), "inner")
        .groupBy(col("campaign_id"), window(col("event_time"), "10 seconds"))
        .agg(count(lit(1)).as("n"))
        .select(col("campaign_id"), col("window.start").cast("bigint").as("start"), col("n"));
  }

  @Override
  public void close() {
    session.close();
  }
}
