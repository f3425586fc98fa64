package io.arrowmill.benchmarks.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.window;

import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
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
    DataFrame events =
        session
            .readStream()
            .schema(EventFiles.SCHEMA)
            .option("maxFilesPerTrigger", input.filesPerBatch())
            .parquet(input.directory().toString());
    return query(workload, events)
        .writeStream()
        .outputMode(workload.outputMode())
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", scratch.toString());
  }

  private DataFrame query(Workload workload, DataFrame events) {
    return switch (workload) {
      case FILTER_PROJECT ->
          events
              .where(col("event_type").equalTo(0).and(col("price").geq(50)))
              .select(col("ad_id"), col("price").multiply(1.25).as("value"));
      case GROUP_1K -> grouped(events, "ad_id", "user_id");
      case GROUP_1M -> grouped(events, "user_id", "ad_id");
      case CAMPAIGN_COUNTS -> campaignCounts(events);
    };
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
