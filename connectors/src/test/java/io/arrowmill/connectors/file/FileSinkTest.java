package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkTest {
  private static final StructType SCHEMA = StructType.fromDDL("id BIGINT, name STRING, day STRING");

  private static final UUID QUERY = UUID.fromString("0b8f1c5e-6c55-4a83-9a58-4d1d0f1e2a3b");
  private static final String STAGING = "_staging-" + QUERY;

  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  private StreamSink sink(String format, List<String> partitionBy, String... options)
      throws IOException {
    return new FileSinkProvider().open(spec(format, null, out(), options), SCHEMA, partitionBy);
  }

  /** The only file of a batch of the query. */
  private static String part(long batch, String format) {
    return String.format(Locale.ROOT, "part-%010d-0-%s.%s", batch, QUERY, format);
  }

  private Path out() {
    return directory.resolve("out");
  }

  private void stage(StreamSink sink, long batch, Row... rows) throws IOException {
    SinkBatch output = sink.begin(batch, SCHEMA, OutputMode.APPEND);
    write(output, rows);
    output.prepare();
  }

  private void write(SinkBatch output, Row... rows) throws IOException {
    try (SinkWriter writer = output.writer(0);
        RecordBatch batch = BatchBuilder.batch(SCHEMA, List.of(rows), files.allocator())) {
      writer.write(batch);
    }
  }

  /** All files, hidden ones too, relative to the output directory. */
  private List<String> visible() throws IOException {
    try (Stream<Path> paths = Files.walk(out())) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> out().relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private List<String> ids(String format) throws IOException {
    SourceSpec spec = spec(format, "id BIGINT", out());
    return files.rows(spec).stream().sorted().toList();
  }

  @Test
  void nothingIsVisibleBeforeItIsPublished() throws IOException {
    try (StreamSink sink = sink("parquet", List.of())) {
      sink.recover(QUERY, -1);
      stage(sink, 0, Row.of(1L, "a", "mo"), Row.of(2L, "b", "tu"));
      assertThat(ids("parquet")).isEmpty();
      sink.publish(0);
      assertThat(visible()).containsExactly(part(0, "parquet"));
      sink.publish(0);
      assertThat(ids("parquet")).containsExactly("1", "2");
    }
    assertThat(visible()).containsExactly(part(0, "parquet"));
  }

  @Test
  void aCrashAfterTheCommitIsMendedAndOneBeforeItUndone() throws IOException {
    StreamSink crashed = sink("parquet", List.of());
    crashed.recover(QUERY, -1);
    stage(crashed, 0, Row.of(1L, "a", "mo"));
    stage(crashed, 1, Row.of(2L, "b", "mo"));
    SinkBatch unprepared = crashed.begin(2, SCHEMA, OutputMode.APPEND);
    write(unprepared, Row.of(3L, "c", "mo"));
    try (StreamSink sink = sink("parquet", List.of())) {
      sink.recover(QUERY, 0);
      assertThat(visible()).containsExactly(part(0, "parquet"));
      stage(sink, 1, Row.of(4L, "d", "mo"));
      sink.publish(1);
      assertThat(ids("parquet")).containsExactly("1", "4");
    }
  }

  @Test
  void aBatchThatWasHalfPublishedIsFinished() throws IOException {
    try (StreamSink sink = sink("parquet", List.of("day"))) {
      sink.recover(QUERY, -1);
      stage(sink, 0, Row.of(1L, "a", "mo"), Row.of(2L, "b", "tu"));
      // As if the machine had stopped between the two moves.
      Files.createDirectories(out().resolve("day=mo"));
      Files.move(
          out().resolve(STAGING + "/0/day=mo/" + part(0, "parquet")),
          out().resolve("day=mo/" + part(0, "parquet")));
    }
    try (StreamSink sink = sink("parquet", List.of("day"))) {
      sink.recover(QUERY, 0);
      assertThat(visible())
          .containsExactly("day=mo/" + part(0, "parquet"), "day=tu/" + part(0, "parquet"));
      assertThat(ids("parquet")).containsExactly("1", "2");
    }
  }

  @Test
  void aQueryWhoseCheckpointWasPutBackOverwritesItsOwnBatches() throws IOException {
    try (StreamSink sink = sink("parquet", List.of("day"))) {
      sink.recover(QUERY, -1);
      stage(sink, 0, Row.of(1L, "a", "mo"), Row.of(2L, "b", "tu"));
      sink.publish(0);
      stage(sink, 1, Row.of(3L, "c", "we"));
      sink.publish(1);
    }
    try (StreamSink sink = sink("parquet", List.of("day"))) {
      sink.recover(QUERY, -1);
      stage(sink, 0, Row.of(9L, "z", "tu"));
      sink.publish(0);
      assertThat(visible())
          .containsExactly("day=tu/" + part(0, "parquet"), "day=we/" + part(1, "parquet"));
      assertThat(ids("parquet")).containsExactly("3", "9");
    }
  }

  @Test
  void anAbortedBatchLeavesNothing() throws IOException {
    try (StreamSink sink = sink("csv", List.of())) {
      sink.recover(QUERY, -1);
      SinkBatch output = sink.begin(0, SCHEMA, OutputMode.APPEND);
      SinkWriter unfinished = output.writer(0);
      try (RecordBatch batch =
          BatchBuilder.batch(SCHEMA, List.of(Row.of(1L, "a", "mo")), files.allocator())) {
        unfinished.write(batch);
      }
      output.abort();
      assertThat(visible()).isEmpty();
      sink.publish(0);
      assertThat(visible()).isEmpty();
    }
  }

  @Test
  void aWriterThatCanNotWriteNamesTheFile() throws IOException {
    try (StreamSink sink = sink("parquet", List.of())) {
      sink.recover(QUERY, -1);
      SinkBatch output = sink.begin(0, SCHEMA, OutputMode.APPEND);
      // A directory stands where the file should go.
      Files.createDirectories(out().resolve(STAGING + "/0/" + part(0, "parquet")));
      assertThatThrownBy(() -> write(output, Row.of(1L, "a", "mo")))
          .hasMessageContaining(part(0, "parquet"));
      output.abort();
      assertThat(visible()).isEmpty();
    }
  }

  @Test
  void aDamagedManifestIsRefused() throws IOException {
    try (StreamSink sink = sink("parquet", List.of())) {
      sink.recover(QUERY, -1);
      stage(sink, 0, Row.of(1L, "a", "mo"));
      Path manifest = out().resolve(STAGING + "/0/_manifest");
      Files.writeString(manifest, Files.readString(manifest).replace("part", "trap"));
      assertThatThrownBy(() -> sink.publish(0))
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("FILE_SINK_MANIFEST_CORRUPT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv", "json"})
  void duckdbReadsPartitions(String format) throws IOException {
    String[] options = format.equals("csv") ? new String[] {"header", "true"} : new String[0];
    try (StreamSink sink = sink(format, List.of("day"), options)) {
      sink.recover(QUERY, -1);
      stage(
          sink,
          7,
          Row.of(1L, "a", "x/y z"),
          Row.of(2L, "b", null),
          Row.of(3L, "c", ""),
          Row.of(4L, "d", "x/y z"));
      sink.publish(7);
    }
    assertThat(visible())
        .containsExactly(
            "day=__HIVE_DEFAULT_PARTITION__/" + part(7, format), "day=x%2Fy z/" + part(7, format));
    String read = format.equals("parquet") ? "read_parquet" : "read_" + format + "_auto";
    assertThat(
            duckdbRows(
                "SELECT id, name FROM " + read + "('" + out() + "/*/*." + format + "') ORDER BY 1"))
        .containsExactly("1|a", "2|b", "3|c", "4|d");
  }

  @Test
  void saveModesOfTables() throws IOException {
    try (StreamSink sink = sink("parquet", List.of("day"), "saveMode", "errorifexists")) {
      stage(sink, 1_764_000_000_000L, Row.of(1L, "a", "mo"));
      sink.publish(1_764_000_000_000L);
    }
    try (StreamSink sink = sink("parquet", List.of("day"), "saveMode", "append")) {
      stage(sink, 1_764_000_000_001L, Row.of(2L, "b", "tu"));
      sink.publish(1_764_000_000_001L);
    }
    assertThat(ids("parquet")).containsExactly("1", "2");
    assertThatThrownBy(() -> sink("parquet", List.of(), "saveMode", "errorIfExists"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("PATH_ALREADY_EXISTS");
    try (StreamSink sink = sink("parquet", List.of(), "saveMode", "overwrite")) {
      stage(sink, 1_764_000_000_002L, Row.of(3L, "c", "we"));
      assertThat(ids("parquet")).containsExactly("1", "2");
      sink.publish(1_764_000_000_002L);
    }
    assertThat(visible()).singleElement().asString().startsWith("part-1764000000002-0-");
  }

  @Test
  void wrongRequestsAreNamed() {
    assertThatThrownBy(() -> sink("orc", List.of()))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("write parquet");
    assertThatThrownBy(() -> sink("text", List.of()))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("UNSUPPORTED_TEXT_SCHEMA");
    assertThatThrownBy(() -> sink("csv", List.of("nope")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("PARTITION_COLUMN_NOT_FOUND");
    assertThatThrownBy(() -> sink("parquet", List.of(), "compression", "lzo"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("CODEC_NOT_AVAILABLE");
    assertThatThrownBy(() -> sink("parquet", List.of(), "compresion", "none"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("did you mean compression");
  }
}
