package io.arrowmill.examples;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.explode;
import static io.arrowmill.Functions.split;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.Trigger;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts the words of all text files of a directory; run again, it reads only what is new. */
@Command(
    name = "WordCount",
    description = "Counts the words of all text files of a directory.",
    mixinStandardHelpOptions = true)
final class WordCount implements Callable<Integer> {
  @Option(names = "--input", required = true, description = "directory of text files")
  private Path input = Path.of(".");

  @Option(
      names = "--checkpoint",
      description =
          "directory that remembers the counts between runs; without it they are forgotten")
  private @Nullable Path checkpoint;

  @Option(names = "--json", description = "print one JSON object a word instead of a table")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (Session session = Session.builder().appName("WordCount").getOrCreate()) {
      DataFrame lines = session.readStream().text(input.toString());
      DataFrame words =
          lines.select(explode(split(col("value"), "\\s+")).as("word")).where("word != ''");
      DataStreamWriter writer =
          words
              .groupBy("word")
              .count()
              .writeStream()
              .outputMode("complete")
              .trigger(Trigger.AvailableNow())
              .foreachBatch((counts, batchId) -> print(counts));
      if (checkpoint != null) {
        writer.option("checkpointLocation", checkpoint.toString());
      }
      StreamingQuery query = writer.start();
      query.awaitTermination();
      for (StreamingQueryProgress progress : query.recentProgress()) {
        System.err.println(progress.json());
      }
    }
    return 0;
  }

  private void print(DataFrame counts) throws IOException {
    if (!json) {
      counts.orderBy(col("count").desc(), col("word")).show(20, false);
      return;
    }
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
    JsonFactory factory = new JsonFactory();
    for (Row row : counts.collect()) {
      try (JsonGenerator generator = factory.createGenerator(out)) {
        generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        generator.writeStartObject();
        generator.writeStringField("word", row.getString(0));
        generator.writeNumberField("count", row.getLong(1));
        generator.writeEndObject();
      }
      out.println();
    }
    out.flush();
  }
}
