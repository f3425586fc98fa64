package io.arrowmill.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsoleSinkTest {
  private static final StructType SCHEMA = StructType.fromDDL("word STRING, count BIGINT");

  private final BufferAllocator allocator = new RootAllocator();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void printsABatchAsATable() throws IOException {
    print(Map.of(), Row.of("apache", 2L), Row.of(null, 1L));

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            -------------------------------------------
            Batch: 7
            -------------------------------------------
            +------+-----+
            |  word|count|
            +------+-----+
            |apache|    2|
            |  NULL|    1|
            +------+-----+

            """);
  }

  @Test
  void printsAnEmptyBatch() throws IOException {
    print(Map.of());

    assertThat(printed.toString(StandardCharsets.UTF_8)).endsWith("+----+-----+\n+----+-----+\n\n");
  }

  @Test
  void cutsLongTablesAndLongCells() throws IOException {
    Row row = Row.of("abcdefghijklmnopqrstuvwxyz", 1L);
    print(Map.of("numRows", "2"), row, row, row);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("|abcdefghijklmnopq...|    1|")
        .endsWith("+\nonly showing top 2 rows\n\n");
  }

  @Test
  void showsWholeCellsIfTold() throws IOException {
    print(Map.of("truncate", "false"), Row.of("abcdefghijklmnopqrstuvwxyz", 1L));

    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("|abcdefghijklmnopqrstuvwxyz|1 ");
  }

  @Test
  void printsNothingOfABatchThatFailed() throws IOException {
    StreamSink sink = open(Map.of());
    SinkBatch batch = sink.begin(0, SCHEMA, OutputMode.APPEND);
    batch.writer(0).close();
    batch.abort();

    assertThat(printed.size()).isZero();
  }

  @Test
  void noopTakesEverythingAndRefusesOptions() throws IOException {
    NoopProvider noop = new NoopProvider();
    try (StreamSink sink = noop.open(spec("noop", Map.of()), SCHEMA, List.of())) {
      write(sink, Row.of("a", 1L));
      sink.publish(7);
    }
    assertThatThrownBy(() -> noop.open(spec("noop", Map.of("a", "1")), SCHEMA, List.of()))
        .hasMessageContaining("[UNKNOWN_OPTION]");
    assertThatThrownBy(() -> noop.open(spec("noop", Map.of()), SCHEMA, List.of("word")))
        .hasMessageContaining("[UNSUPPORTED_PARTITION_BY]");
  }

  @Test
  void theBuiltInFormatsAreFound() {
    Connectors connectors = Connectors.load();

    assertThat(connectors.sourceFormats()).contains("rate", "rate-micro-batch", "socket");
    assertThat(connectors.sinkFormats()).contains("console", "noop");
    assertThat(connectors.sink("Console")).isInstanceOf(ConsoleProvider.class);
    assertThatThrownBy(() -> connectors.source("console"))
        .hasMessageContaining("format=console")
        .hasMessageEndingWith("it is a sink only");
  }

  private void print(Map<String, String> options, Row... rows) throws IOException {
    try (StreamSink sink = open(options)) {
      write(sink, rows);
    }
  }

  private StreamSink open(Map<String, String> options) {
    return new ConsoleProvider(() -> out).open(spec("console", options), SCHEMA, List.of());
  }

  private void write(StreamSink sink, Row... rows) throws IOException {
    SinkBatch batch = sink.begin(7, SCHEMA, OutputMode.APPEND);
    try (SinkWriter writer = batch.writer(0);
        RecordBatch values = BatchBuilder.batch(SCHEMA, List.of(rows), allocator)) {
      writer.write(values);
    }
    batch.prepare();
  }

  private static SourceSpec spec(String format, Map<String, String> options) {
    return new SourceSpec(format, null, options);
  }
}
