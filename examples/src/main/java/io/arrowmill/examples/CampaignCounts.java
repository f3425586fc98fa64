package io.arrowmill.examples;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.window;

import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Counts ad views per campaign and ten seconds of event time: the shape of the Yahoo streaming
 * benchmark.
 *
 * <p>Keeps the rows of {@code event_type = 0}, joins each with its campaign, and counts them in
 * windows; a window is written once the watermark has passed its end.
 */
@Command(
    name = "CampaignCounts",
    description = "Counts ad views per campaign and ten seconds of event time.",
    mixinStandardHelpOptions = true)
final class CampaignCounts implements Callable<Integer> {
  private static final int ADS = 1_000;
  private static final int CAMPAIGNS = 100;

  @Option(
      names = "--input",
      required = true,
      description = "directory of Parquet files with ad_id, event_type and event_time")
  private Path input = Path.of(".");

  @Option(names = "--checkpoint", required = true, description = "directory of log and state")
  private Path checkpoint = Path.of(".");

  @Option(names = "--output", required = true, description = "directory for Parquet files")
  private Path output = Path.of(".");

  @Option(
      names = "--files-per-batch",
      description = "input files a batch; default: ${DEFAULT-VALUE}")
  private int filesPerBatch = 1;

  @Override
  public Integer call() {
    try (Session session = Session.builder().appName("CampaignCounts").getOrCreate()) {
      DataFrame events =
          session
              .readStream()
              .schema("ad_id BIGINT, event_type INT, event_time TIMESTAMP")
              .option("maxFilesPerTrigger", filesPerBatch)
              .parquet(input.toString());
      DataFrame ads =
          session.range(ADS).select(col("id").as("ad"), col("id").mod(CAMPAIGNS).as("campaign_id"));
      DataFrame counts =
          events
              .where("event_type = 0")
              .withWatermark("event_time", "10 seconds")
              .join(ads, col("ad_id").equalTo(col("ad")), "inner")
              .groupBy(col("campaign_id"), window(col("event_time"), "10 seconds"))
              .count()
              .select(
                  col("campaign_id"),
                  col("window.start").as("window_start"),
                  col("window.end").as("window_end"),
                  col("count"));
      StreamingQuery query =
          counts
              .writeStream()
              .outputMode("append")
              .trigger(Trigger.AvailableNow())
              .format("parquet")
              .option("checkpointLocation", checkpoint.toString())
              .start(output.toString());
      query.awaitTermination();
      for (StreamingQueryProgress progress : query.recentProgress()) {
        System.err.println(progress.json());
      }
    }
    return 0;
  }
}
