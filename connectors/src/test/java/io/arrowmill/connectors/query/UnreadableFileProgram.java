package io.arrowmill.connectors.query;

import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryException;
import java.io.IOException;
import java.nio.file.Path;

/** Runs a query over the input directory and prints how it ended. */
final class UnreadableFileProgram {
  private UnreadableFileProgram() {}

  /** Arguments: the format, and the directory that holds {@code input}. */
  public static void main(String[] args) throws IOException {
    try (QueryFixture fixture = new QueryFixture(Path.of(args[1]))) {
      StreamingQuery query =
          fixture
              .writer(
                  fixture
                      .session
                      .readStream()
                      .schema(args[0].equals("text") ? "value STRING" : "id BIGINT")
                      .format(args[0])
                      .load(fixture.input.toString()))
              .start(fixture.output.toString());
      try {
        query.awaitTermination();
        System.out.println("done");
      } catch (StreamingQueryException e) {
        System.out.println("condition=" + e.condition());
        System.out.println(
            "exception="
                + (e.equals(query.exception()) ? "same" : "other")
                + " active="
                + fixture.session.streams().active().length);
        System.out.println(e.getMessage());
      }
    }
  }
}
