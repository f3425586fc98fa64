package io.arrowmill.connectors.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Input that is not what it should be: the query says what and where, writes nothing wrong, leaves
 * nothing behind, and is right again when the input is.
 */
@Timeout(90)
class BadInputTest {
  @TempDir Path directory;
  private QueryFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new QueryFixture(directory);
  }

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
  }

  private DataFrame json(String mode) {
    return fixture
        .session
        .readStream()
        .schema("id BIGINT, name STRING")
        .option("mode", mode)
        .json(fixture.input.toString());
  }

  private DataFrame parquet() {
    return fixture.session.readStream().schema("id BIGINT").parquet(fixture.input.toString());
  }

  private void writeParquet(String name, String sql) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (" + sql + ") TO '" + fixture.input.resolve(name) + "' (FORMAT parquet)");
    }
  }

  // ---- paths and formats

  @Test
  void pathThatIsNotThere() {
    String path = directory.resolve("nowhere").toString();
    assertThatThrownBy(() -> fixture.session.readStream().text(path))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[PATH_NOT_FOUND] ")
        .hasMessageContaining(path);
  }

  @Test
  void formatThatIsNotThere() {
    assertThatThrownBy(() -> fixture.session.readStream().format("parket").load("/in"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[DATA_SOURCE_NOT_FOUND] ")
        .hasMessageContaining("parket")
        .hasMessageContaining("parquet");
    assertThatThrownBy(() ->
            fixture.writer(json("PERMISSIVE")).format("parket").start(fixture.output.toString()))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[DATA_SOURCE_NOT_FOUND] ")
        .hasMessageContaining("parket");
  }

  @Test
  void optionThatIsNotThere() {
    assertThatThrownBy(() ->
            fixture
                .session
                .readStream()
                .option("maxFilePerTrigger", 1)
                .text(fixture.input.toString()))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[UNKNOWN_OPTION] ")
        .hasMessageContaining("option=maxFilePerTrigger")
        .hasMessageContaining("did you mean maxFilesPerTrigger");
    assertThatThrownBy(() ->
            fixture
                .writer(json("PERMISSIVE"))
                .option("compresion", "zstd")
                .start(fixture.output.toString()))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith("[UNKNOWN_OPTION] ")
        .hasMessageContaining("did you mean compression");
  }

  @Test
  void socketThatCloses() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DataFrame lines =
          fixture
              .session
              .readStream()
              .format("socket")
              .option("host", server.getInetAddress().getHostAddress())
              .option("port", server.getLocalPort())
              .load();
      StreamingQuery query =
          fixture
              .writer(lines)
              .trigger(Trigger.ProcessingTime("0 seconds"))
              .start(fixture.output.toString());
      try (Socket client = server.accept()) {
        client.getOutputStream().write("last\nwords\n".getBytes(StandardCharsets.UTF_8));
      }
      StreamingQueryException failure = fixture.failure(query);

      assertThat(failure.condition()).isEqualTo("SOCKET_CLOSED");
      assertThat(failure).hasMessageContaining("port=" + server.getLocalPort());
      assertThat(fixture.rows()).containsExactly("last", "words");
    }
  }

  // ---- files

  @Test
  void fileThatIsNotParquet() throws Exception {
    writeParquet("a.parquet", "SELECT 1::BIGINT AS id");
    fixture.run(parquet());
    fixture.write("b.parquet", "no Parquet");
    StreamingQueryException failure = fixture.failure(parquet());

    assertThat(failure.condition()).isEqualTo("FAILED_READ_FILE.NO_HINT");
    assertThat(failure)
        .hasMessageContaining("complete PARQUET")
        .hasMessageContaining(fixture.input.resolve("b.parquet").toUri().toString());
    assertThat(fixture.rows()).containsExactly("1");

    writeParquet("b.parquet", "SELECT 2::BIGINT AS id");
    fixture.run(parquet());
    assertThat(fixture.rows()).containsExactly("1", "2");
  }

  @Test
  void fileThatWasCutShort() throws Exception {
    writeParquet("a.parquet", "SELECT i::BIGINT AS id FROM range(1000) AS t(i)");
    Path whole = fixture.input.resolve("a.parquet");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    StreamingQueryException failure = fixture.failure(parquet());
    assertThat(failure.condition()).isEqualTo("FAILED_READ_FILE.NO_HINT");
    assertThat(failure).hasMessageContaining(whole.toUri().toString());
    assertThat(fixture.rows()).isEmpty();

    Files.write(whole, bytes);
    fixture.run(parquet());
    assertThat(fixture.rows()).hasSize(1000);
  }

  @Test
  void fileThatIsGone() throws Exception {
    fixture.write("a.json", "{\"id\":1}\n{\"id\":oops}\n");
    fixture.failure(json("FAILFAST"));
    Path file = fixture.input.resolve("a.json");
    Path away = directory.resolve("a.json");
    Files.move(file, away);
    StreamingQueryException failure = fixture.failure(json("FAILFAST"));
    assertThat(failure.condition()).isEqualTo("FAILED_READ_FILE.FILE_NOT_EXIST");
    assertThat(failure).hasMessageContaining(file.toUri().toString());

    Files.move(away, file, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(file, "{\"id\":1,\"name\":\"x\"}\n{\"id\":22}\n");
    fixture.run(json("FAILFAST"));
    assertThat(fixture.rows()).containsExactly("1|x", "22|null");
  }

  @Test
  void columnOfAnotherType() throws Exception {
    writeParquet("a.parquet", "SELECT 'one' AS id");
    StreamingQueryException failure = fixture.failure(parquet());
    assertThat(failure.condition()).isEqualTo("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH");
    assertThat(failure).hasMessageContaining("column=id").hasMessageContaining("a.parquet");
    assertThat(fixture.rows()).isEmpty();
  }

  // ---- records

  private void writeMixed() throws IOException {
    fixture.write(
        "a.json", "{\"id\":1,\"name\":\"x\"}\n{\"id\":\"two\",\"name\":\"y\"}\n{broken\n");
  }

  @Test
  void recordsThatDoNotFitBecomeNull() throws Exception {
    writeMixed();
    fixture.run(json("PERMISSIVE"));
    assertThat(fixture.rows()).containsExactly("1|x", "null|null", "null|y");
  }

  @Test
  void recordsThatDoNotFitAreDropped() throws Exception {
    writeMixed();
    fixture.run(json("DROPMALFORMED"));
    assertThat(fixture.rows()).containsExactly("1|x");
  }

  private DataFrame csv(String mode) throws IOException {
    fixture.write("a.csv", "1,x\ntwo,y\n3\n");
    return fixture
        .session
        .readStream()
        .schema("id BIGINT, name STRING")
        .option("mode", mode)
        .csv(fixture.input.toString());
  }

  @Test
  void csvRowsThatDoNotFitBecomeNull() throws Exception {
    fixture.run(csv("PERMISSIVE"));
    assertThat(fixture.rows()).containsExactlyInAnyOrder("1|x", "null|y", "3|null");
  }

  @Test
  void csvRowsThatDoNotFitAreDropped() throws Exception {
    fixture.run(csv("DROPMALFORMED"));
    assertThat(fixture.rows()).containsExactly("1|x");
  }

  @Test
  void csvRowsThatDoNotFitFailTheQuery() throws Exception {
    StreamingQueryException failure = fixture.failure(csv("FAILFAST"));
    assertThat(failure.condition()).isEqualTo("MALFORMED_RECORD_IN_PARSING");
    assertThat(failure).hasMessageContaining("a.csv").hasMessageContaining("two");
    assertThat(fixture.rows()).isEmpty();
  }

  @Test
  void recordsThatDoNotFitFailTheQuery() throws Exception {
    writeMixed();
    StreamingQueryException failure = fixture.failure(json("FAILFAST"));
    assertThat(failure.condition()).isEqualTo("MALFORMED_RECORD_IN_PARSING");
    assertThat(failure)
        .hasMessageContaining("a.json")
        .hasMessageContaining("record={\"id\":\"two\",\"name\":\"y\"}");
    assertThat(fixture.rows()).isEmpty();
    assertThat(QueryFixture.files(fixture.output)).isEmpty();

    fixture.write(
        "a.json", "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"yyyyyyyyyyyyyyyy\"}\n");
    fixture.run(json("FAILFAST"));
    assertThat(fixture.rows()).containsExactly("1|x", "2|yyyyyyyyyyyyyyyy");
  }

  @Test
  void bytesThatAreNotText() throws Exception {
    Files.write(
        fixture.input.resolve("a.txt"), new byte[] {'a', (byte) 0xFF, 'b', '\n', 'c', '\n'});
    fixture.run(fixture.session.readStream().text(fixture.input.toString()));
    assertThat(fixture.rows()).containsExactly("a\uFFFDb", "c");
  }

  // ---- expressions

  @Test
  void overflowNamesItsExpression() throws Exception {
    fixture.write("a.json", "{\"id\":1}\n{\"id\":9223372036854775807}\n");
    StreamingQueryException failure =
        fixture.failure(json("FAILFAST").selectExpr("id + 1 AS next"));
    assertThat(failure.condition()).isEqualTo("ARITHMETIC_OVERFLOW");
    assertThat(failure).hasMessageContaining("id + 1");
    assertThat(fixture.rows()).isEmpty();

    fixture.write("a.json", "{\"id\":1}\n{\"id\":92233720368547758  }\n");
    fixture.run(json("FAILFAST").selectExpr("id + 1 AS next"));
    assertThat(fixture.rows()).containsExactly("2", "92233720368547759");
  }

  @Test
  void textThatIsNoNumberNamesItsExpression() throws Exception {
    fixture.write("a.json", "{\"name\":\"12\"}\n{\"name\":\"twelve\"}\n");
    StreamingQueryException failure =
        fixture.failure(json("FAILFAST").selectExpr("CAST(name AS INT) AS n"));
    assertThat(failure.condition()).isEqualTo("CAST_INVALID_INPUT");
    assertThat(failure).hasMessageContaining("name").hasMessageContaining("twelve");
    assertThat(fixture.rows()).isEmpty();
  }

  // ---- sinks and checkpoints

  @Test
  void outputThatIsAFile() throws Exception {
    fixture.write("a.json", "{\"id\":1}\n");
    Files.writeString(fixture.output, "in the way");
    assertThatThrownBy(() -> fixture.run(json("FAILFAST")))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining(fixture.output.toString());

    Files.delete(fixture.output);
    fixture.run(json("FAILFAST"));
    assertThat(fixture.rows()).containsExactly("1|null");
  }

  @Test
  void checkpointThatIsAFile() throws Exception {
    Files.writeString(fixture.checkpoint, "in the way");
    assertThatThrownBy(() -> fixture.run(json("FAILFAST")))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageStartingWith("[LOG_WRITE_FAILED] ")
        .hasMessageContaining(fixture.checkpoint.toString());
  }

  @Test
  void checkpointOfAnotherQuery() throws Exception {
    fixture.write("a.json", "{\"id\":1}\n");
    fixture.run(json("FAILFAST"));
    Files.createDirectories(directory.resolve("other"));
    DataFrame other = fixture.session.readStream().text(directory.resolve("other").toString());
    assertThatThrownBy(() -> fixture.run(other))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageStartingWith("[CHECKPOINT_OF_ANOTHER_QUERY] ")
        .hasMessageContaining(fixture.checkpoint.toString());
    assertThat(fixture.rows()).containsExactly("1|null");
  }

  @Test
  void logThatIsDamaged() throws Exception {
    for (String name : new String[] {"a", "b", "c"}) {
      fixture.write(name + ".json", "{\"id\":1,\"name\":\"" + name + "\"}\n");
      fixture.run(json("FAILFAST"));
    }
    Path log =
        QueryFixture.files(fixture.checkpoint.resolve("wal"))
            .filter(file -> file.toString().endsWith(".cq4"))
            .sorted()
            .toList()
            .getFirst();
    byte[] whole = Files.readAllBytes(log);
    byte[] damaged = whole.clone();
    int record =
        new String(damaged, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("MILL-WAL");
    damaged[record + 45] ^= 1;
    Files.write(log, damaged);
    assertThatThrownBy(() -> fixture.run(json("FAILFAST")))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageStartingWith("[LOG_DAMAGED] ")
        .hasMessageContaining(log.toString());

    Files.write(log, whole);
    fixture.write("d.json", "{\"id\":1,\"name\":\"d\"}\n");
    fixture.run(json("FAILFAST"));
    assertThat(fixture.rows()).containsExactly("1|a", "1|b", "1|c", "1|d");
  }
}
