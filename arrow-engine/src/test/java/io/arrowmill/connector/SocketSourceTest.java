package io.arrowmill.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class SocketSourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BufferAllocator allocator = new RootAllocator();
  @TempDir private Path directory;
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void nothingLeaks() throws IOException {
    server.close();
    allocator.close();
  }

  @Test
  void givesEachLineOnceItIsComplete() throws IOException {
    AtomicInteger signals = new AtomicInteger();
    try (StreamSource source = open(Map.of());
        Socket client = server.accept()) {
      source.onArrival(signals::incrementAndGet);
      send(client, "hello\n\nwörld 😀\r\nunfinish");

      awaitOffset(source, null, "{\"offset\":3}");
      assertThat(rows(source, null, "{\"offset\":3}", "value"))
          .containsExactly(Row.of("hello"), Row.of(""), Row.of("wörld 😀"));
      send(client, "ed\n");
      awaitOffset(source, "{\"offset\":3}", "{\"offset\":4}");
      assertThat(rows(source, "{\"offset\":3}", "{\"offset\":4}", "value"))
          .containsExactly(Row.of("unfinished"));
      assertThat(signals).hasPositiveValue();
    }
  }

  @Test
  void replaysUntilCommittedAndNotAfter() throws IOException {
    try (StreamSource source = open(Map.of("numPartitions", "2"));
        Socket client = server.accept()) {
      send(client, "a\nb\nc\n");
      awaitOffset(source, null, "{\"offset\":3}");
      assertThat(source.plan(null, "{\"offset\":3}", List.of("value"))).hasSize(2);
      source.committed("{\"offset\":2}");

      assertThat(rows(source, "{\"offset\":2}", "{\"offset\":3}", "value"))
          .containsExactly(Row.of("c"));
      assertThatThrownBy(() -> source.plan(null, "{\"offset\":3}", List.of("value")))
          .hasMessageContaining("[OFFSET_OUT_OF_RANGE]")
          .hasMessageContaining("asked=(0, 3], held=(2, 3]");
    }
  }

  @Test
  void goesOnFromTheCheckpointWithNewLines() throws IOException {
    try (StreamSource source = open(Map.of());
        Socket client = server.accept()) {
      assertThat(source.latestOffset("{\"offset\":7}")).isEqualTo("{\"offset\":7}");
      send(client, "new\n");
      awaitOffset(source, "{\"offset\":7}", "{\"offset\":8}");
      assertThat(rows(source, "{\"offset\":7}", "{\"offset\":8}", "value"))
          .containsExactly(Row.of("new"));
    }
  }

  @Test
  void saysWhenALineCame() throws IOException {
    Instant before = Instant.now();
    try (StreamSource source = open(Map.of("includeTimestamp", "true"));
        Socket client = server.accept()) {
      send(client, "x\n");
      awaitOffset(source, null, "{\"offset\":1}");
      Row row = rows(source, null, "{\"offset\":1}", "timestamp", "value").getFirst();

      assertThat(source.schema().toDDL()).isEqualTo("value STRING,timestamp TIMESTAMP");
      assertThat(row.getString(1)).isEqualTo("x");
      assertThat(row.getTimestamp(0)).isBetween(before.minusMillis(1), Instant.now().plusMillis(1));
    }
  }

  @Test
  void failsWhenNobodyListens() throws IOException {
    server.close();
    try (StreamSource source = open(Map.of())) {
      assertThat(awaitFailure(source, null))
          .hasMessageContaining("[SOCKET_FAILED] the server of a socket source must accept")
          .hasMessageContaining("host=127.0.0.1, port=" + server.getLocalPort());
    }
  }

  @Test
  void failsWhenTheServerHasClosedButGivesWhatItSentFirst() throws IOException {
    try (StreamSource source = open(Map.of())) {
      try (Socket client = server.accept()) {
        send(client, "last\nwords");
      }
      awaitOffset(source, null, "{\"offset\":2}");
      assertThat(rows(source, null, "{\"offset\":2}", "value"))
          .containsExactly(Row.of("last"), Row.of("words"));
      assertThat(awaitFailure(source, "{\"offset\":2}").condition()).isEqualTo("SOCKET_CLOSED");
      source.prepareForAvailableNow();
      assertThat(source.latestOffset("{\"offset\":2}")).isEqualTo("{\"offset\":2}");
    }
  }

  @Test
  void stopsReadingWhileItHoldsTooMuch() throws Exception {
    String line = "x".repeat(1 << 20);
    int heldMax = (int) (LineBuffer.CHARS_MAX / (1 << 20)) + 1;
    int sent = 3 * heldMax;
    try (StreamSource source = open(Map.of());
        Socket client = server.accept()) {
      Thread sender = Thread.ofPlatform().start(() -> sendLines(client, line, sent));
      long committed = 0;
      while (committed < sent) {
        String start = committed == 0 ? null : "{\"offset\":" + committed + "}";
        String end = source.latestOffset(start);
        if (end == null || end.equals(start)) {
          Thread.onSpinWait();
          continue;
        }
        long count = Long.parseLong(end.replaceAll("\\D", ""));
        assertThat(count - committed).isLessThanOrEqualTo(heldMax);
        source.committed(end);
        committed = count;
      }
      sender.join();
    }
  }

  @Test
  void closingEndsTheReadingThread() throws IOException {
    StreamSource source = open(Map.of());
    String name = "arrowmill-socket-127.0.0.1:" + server.getLocalPort();
    assertThat(threadNames()).contains(name);

    source.close();
    source.close();

    assertThat(threadNames()).doesNotContain(name);
  }

  @Test
  void refusesWrongOptions() {
    SocketProvider provider = new SocketProvider();
    assertThatThrownBy(
            () -> provider.schema(new SourceSpec("socket", null, Map.of("host", "h")), true))
        .hasMessageContaining("[OPTION_REQUIRED]")
        .hasMessageContaining("option=port");
    assertThatThrownBy(() ->
            provider.schema(
                new SourceSpec("socket", null, Map.of("host", "h", "port", "65536")), true))
        .hasMessageContaining("value=65536, expected=a whole number from 1 to 65535");
  }

  private StreamSource open(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("host", "127.0.0.1");
    options.put("port", Integer.toString(server.getLocalPort()));
    return new SocketProvider()
        .openStream(
            new SourceSpec("socket", null, options), new SourceContext(directory, allocator));
  }

  private static void send(Socket client, String text) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void sendLines(Socket client, String line, int count) {
    try {
      for (int i = 0; i < count; i++) {
        send(client, line + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitOffset(StreamSource source, @Nullable String start, String expected)
      throws IOException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!expected.equals(source.latestOffset(start)) && Instant.now().isBefore(deadline)) {
      Thread.onSpinWait();
    }
    assertThat(source.latestOffset(start)).isEqualTo(expected);
  }

  private static ArrowmillException awaitFailure(StreamSource source, @Nullable String start)
      throws IOException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      try {
        assertThat(source.latestOffset(start)).isEqualTo(start);
      } catch (ArrowmillException e) {
        return e;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no failure within " + PATIENCE);
  }

  private List<Row> rows(StreamSource source, @Nullable String start, String end, String... columns)
      throws IOException {
    return ConnectorRows.read(source.plan(start, end, List.of(columns)), allocator);
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
