package io.arrowmill.connectors.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.Trigger;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the program or the other end of a connection does wrong. */
@Timeout(90)
class BadFunctionTest {
  @TempDir Path directory;

  @Test
  void functionThatThrowsGetsItsBatchAgain() throws IOException {
    List<String> seen = new ArrayList<>();
    try (QueryFixture fixture = new QueryFixture(directory)) {
      fixture.write("a.txt", "one\ntwo\n");
      for (int attempt = 0; attempt < 3; attempt++) {
        boolean fails = attempt < 2;
        StreamingQuery query =
            fixture
                .session
                .readStream()
                .text(fixture.input.toString())
                .writeStream()
                .queryName("fixture")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", fixture.checkpoint.toString())
                .foreachBatch((rows, batchId) -> {
                  seen.add(batchId + " " + rows.count());
                  if (fails) {
                    throw new IllegalStateException("thrown on purpose");
                  }
                })
                .start();
        StreamingQueryException failure =
            catchThrowableOfType(StreamingQueryException.class, query::awaitTermination);
        if (fails) {
          assertThat(failure)
              .hasMessageStartingWith("[FOREACH_BATCH_USER_FUNCTION_ERROR] ")
              .hasMessageContaining("batchId=0")
              .hasMessageContaining("thrown on purpose")
              .hasRootCauseInstanceOf(IllegalStateException.class);
        } else {
          assertThat(failure).isNull();
        }
        assertThat(query.exception()).isSameAs(failure);
        fixture.write("later" + attempt + ".txt", "not of the batch that was planned\n");
      }
    }
    assertThat(seen).containsExactly("0 2", "0 2", "0 2", "1 2");
  }

  @Test
  void serverThatClosesItsConnection() throws Exception {
    List<String> lines = new ArrayList<>();
    try (QueryFixture fixture = new QueryFixture(directory);
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StreamingQuery query =
          fixture
              .session
              .readStream()
              .format("socket")
              .option("host", server.getInetAddress().getHostAddress())
              .option("port", server.getLocalPort())
              .load()
              .writeStream()
              .queryName("fixture")
              .foreachBatch(
                  (rows, batchId) -> rows.collect().forEach(row -> lines.add(row.getString(0))))
              .start();
      try (Socket connection = server.accept();
          Writer out =
              new java.io.OutputStreamWriter(
                  connection.getOutputStream(), StandardCharsets.UTF_8)) {
        out.write("one\ntwo\n");
      }
      StreamingQueryException failure =
          catchThrowableOfType(StreamingQueryException.class, query::awaitTermination);
      assertThat(failure)
          .hasMessageStartingWith("[SOCKET_CLOSED] ")
          .hasMessageContaining("port=" + server.getLocalPort());
      assertThat(query.exception()).isSameAs(failure);
    }
    assertThat(lines).containsExactlyInAnyOrder("one", "two");
  }
}
