package io.arrowmill.benchmarks.streaming;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.session_window;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.window;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import scala.Tuple2;
import scala.Tuple3;

/** Spark's streaming queries. */
final class SparkEngine implements BenchmarkEngine {
  private final SparkSession session =
      SparkSession.builder()
          .appName("benchmark")
          .master("local[2]")
          .config("spark.ui.enabled", false)
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.session.timeZone", "UTC")
          // Two cores: more partitions only cost it more state stores and tasks.
          .config("spark.sql.shuffle.partitions", 2)
          .getOrCreate();

  @Override
  public Answer answer(Workload workload, Input input, Path scratch) throws Exception {
    List<String> digest = workload.digest();
    Answer[] answer = {Answer.none(digest.size())};
    boolean complete = workload.outputMode().equals("complete");
    run(
        writer(workload, input, scratch)
            .foreachBatch(
                (VoidFunction2<Dataset<Row>, Long>)
                    (batch, id) -> {
                      Answer ofBatch = digest(batch, digest);
                      answer[0] = complete ? ofBatch : answer[0].plus(ofBatch);
                    }));
    return answer[0];
  }

  private static Answer digest(Dataset<Row> batch, List<String> digest) {
    List<Column> sums = new ArrayList<>(digest.stream().map(sum -> expr(sum)).toList());
    Row row = batch.agg(sums.removeFirst(), sums.toArray(Column[]::new)).first();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < digest.size(); i++) {
      values.add(row.isNullAt(i) ? 0.0 : ((Number) row.get(i)).doubleValue());
    }
    return new Answer(values);
  }

  @Override
  public long nanos(Workload workload, Input input, Path scratch) throws Exception {
    DataStreamWriter<Row> writer = writer(workload, input, scratch).format("noop");
    long started = System.nanoTime();
    run(writer);
    return System.nanoTime() - started;
  }

  private static void run(DataStreamWriter<Row> writer) throws Exception {
    StreamingQuery query = writer.start();
    query.awaitTermination();
  }

  private DataStreamWriter<Row> writer(Workload workload, Input input, Path scratch) {
    return query(workload, input)
        .writeStream()
        .outputMode(workload.outputMode())
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", scratch.toString());
  }

  private Dataset<Row> stream(Path directory, int filesPerBatch) {
    return session
        .readStream()
        .schema(EventFiles.SCHEMA)
        .option("maxFilesPerTrigger", filesPerBatch)
        .parquet(directory.toString());
  }

  private Dataset<Row> query(Workload workload, Input input) {
    Dataset<Row> events = stream(input.directory(), input.filesPerBatch());
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
  private static Dataset<Row> joined(Dataset<Row> events, Dataset<Row> others, String type) {
    Dataset<Row> left =
        events
            .withWatermark("event_time", "10 seconds")
            .select(col("user_id"), col("event_time"), col("ad_id"), col("price"));
    Dataset<Row> right =
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

  private static Dataset<Row> sliding(Dataset<Row> events) {
    return events
        .withWatermark("event_time", "10 seconds")
        .groupBy(
            col("user_id").mod(100_000).as("k"),
            window(col("event_time"), "10 minutes", "1 minute"))
        .agg(count(lit(1)).as("n"), sum(col("price")).as("total"))
        .select(col("k"), col("window.start").cast("bigint").as("start"), col("n"), col("total"));
  }

  private static Dataset<Row> totals(Dataset<Row> events) {
    return events
        .select(col("user_id"), col("price"))
        .as(Encoders.tuple(Encoders.LONG(), Encoders.DOUBLE()))
        .groupByKey((MapFunction<Tuple2<Long, Double>, Long>) Tuple2::_1, Encoders.LONG())
        .flatMapGroupsWithState(
            (FlatMapGroupsWithStateFunction<
                    Long, Tuple2<Long, Double>, Tuple2<Long, Double>, Tuple3<Long, Long, Double>>)
                SparkEngine::add,
            OutputMode.Update(),
            Encoders.tuple(Encoders.LONG(), Encoders.DOUBLE()),
            Encoders.tuple(Encoders.LONG(), Encoders.LONG(), Encoders.DOUBLE()),
            GroupStateTimeout.NoTimeout())
        .toDF("k", "n", "total");
  }

  private static Iterator<Tuple3<Long, Long, Double>> add(
      Long user, Iterator<Tuple2<Long, Double>> events, GroupState<Tuple2<Long, Double>> state) {
    long n = state.exists() ? state.get()._1() : 0;
    double total = state.exists() ? state.get()._2() : 0;
    while (events.hasNext()) {
      n++;
      total += events.next()._2();
    }
    state.update(new Tuple2<>(n, total));
    return List.of(new Tuple3<>(user, n, total)).iterator();
  }

  private static Dataset<Row> sessions(Dataset<Row> events) {
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

  private static Dataset<Row> grouped(Dataset<Row> events, String key, String top) {
    return events
        .groupBy(col(key).as("k"))
        .agg(count(lit(1)).as("n"), sum(col("price")).as("total"), max(col(top)).as("top"));
  }

  private Dataset<Row> campaignCounts(Dataset<Row> events) {
    Dataset<Row> ads =
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
    session.stop();
  }
}
