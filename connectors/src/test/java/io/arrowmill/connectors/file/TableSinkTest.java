package io.arrowmill.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.Catalog;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that write to tables by name. */
class TableSinkTest {
  @TempDir Path directory = Path.of(".");

  private Session session = Session.builder().getOrCreate();
  private MemoryStream<Long> numbers = MemoryStream.of(session, Long.class);

  @BeforeEach
  void open() {
    session.close();
    session =
        Session.builder()
            .config("arrowmill.workers", 2)
            .config("arrowmill.warehouse", directory.resolve("warehouse").toString())
            .getOrCreate();
    numbers = MemoryStream.of(session, Long.class);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private DataFrame rows() {
    return numbers.toDF().selectExpr("value AS id", "value % 2 AS odd", "concat('n', value) AS t");
  }

  private DataStreamWriter writer(DataFrame frame, String checkpoint) {
    return frame
        .writeStream()
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", directory.resolve(checkpoint).toString());
  }

  private void write(DataStreamWriter writer, String table, Long... values) {
    numbers.addData(values);
    StreamingQuery query = writer.toTable(table);
    query.awaitTermination();
    assertThat(query.exception()).isNull();
  }

  private List<String> read(String sql) {
    return session.sql(sql).collect().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv", "json"})
  void isMadeAndWrittenToByName(String format) {
    write(writer(rows(), "c").format(format), "Numbers", 1L, 2L);
    assertThat(read("SELECT id, odd, t FROM numbers")).containsExactly("[1,1,n1]", "[2,0,n2]");
    assertThat(directory.resolve("warehouse/numbers")).isDirectory();
    assertThat(session.catalog().listTables()).containsExactly(new Catalog.Table("Numbers", false));
    write(writer(rows(), "c").format(format), "numbers", 3L);
    assertThat(read("SELECT id FROM numbers")).containsExactly("[1]", "[2]", "[3]");
  }

  @Test
  void columnsOfDirectoriesComeLast() {
    write(writer(rows(), "c").partitionBy("odd"), "numbers", 1L, 2L, 3L);
    assertThat(session.table("numbers").columns()).containsExactly("id", "t", "odd");
    assertThat(read("SELECT * FROM numbers WHERE odd = 1")).containsExactly("[1,n1,1]", "[3,n3,1]");
    write(writer(rows(), "c"), "numbers", 5L);
    assertThat(directory.resolve("warehouse/numbers/odd=1")).isDirectory();
    assertThat(read("SELECT id FROM numbers WHERE odd = 1")).containsExactly("[1]", "[3]", "[5]");
  }

  @Test
  void canBeReadAsAStream() {
    write(writer(rows(), "c"), "numbers", 1L, 2L);
    StreamingQuery query =
        session
            .readStream()
            .table("numbers")
            .groupBy("odd")
            .count()
            .writeStream()
            .format("memory")
            .queryName("counts")
            .outputMode("complete")
            .start();
    query.processAllAvailable();
    assertThat(read("SELECT * FROM counts")).containsExactly("[0,1]", "[1,1]");
    write(writer(rows(), "c"), "numbers", 3L);
    query.processAllAvailable();
    assertThat(read("SELECT * FROM counts")).containsExactly("[0,1]", "[1,2]");
    query.stop();
  }

  @Test
  void canLieElsewhereAndThenKeepsItsFiles() {
    Path elsewhere = directory.resolve("elsewhere");
    write(writer(rows(), "c").option("path", elsewhere.toString()), "numbers", 1L);
    assertThat(read("SELECT id FROM numbers")).containsExactly("[1]");
    assertThat(session.catalog().dropTable("numbers")).isTrue();
    assertThat(session.read().parquet(elsewhere.toString()).count()).isEqualTo(1);
  }

  @Test
  void goesWithItsFilesWhenItIsDropped() {
    write(writer(rows(), "c"), "numbers", 1L);
    assertThat(session.catalog().dropTable("numbers")).isTrue();
    assertThat(directory.resolve("warehouse/numbers")).doesNotExist();
    assertThat(session.catalog().tableExists("numbers")).isFalse();
  }

  @Test
  void goesOnInAnotherSession() throws IOException {
    Path input = Files.createDirectories(directory.resolve("input"));
    Files.writeString(input.resolve("first.txt"), "a\nb\n");
    writeLines(input);
    open();
    Files.writeString(input.resolve("second.txt"), "c\n");
    writeLines(input);
    assertThat(read("SELECT * FROM lines")).containsExactly("[a]", "[b]", "[c]");
  }

  private void writeLines(Path input) {
    DataFrame lines = session.readStream().text(input.toString());
    StreamingQuery query = writer(lines, "c").toTable("lines");
    query.awaitTermination();
    assertThat(query.exception()).isNull();
  }

  @Test
  void isOfOneFormatAndOneSchema() {
    write(writer(rows(), "c"), "numbers", 1L);
    fails(writer(rows(), "d").format("csv"), "numbers", "_LEGACY_ERROR_TEMP_1192");
    fails(writer(rows().drop("t"), "d"), "numbers", "INCOMPATIBLE_DATA_FOR_TABLE");
    rows().createOrReplaceTempView("seen");
    fails(writer(rows(), "d"), "seen", "_LEGACY_ERROR_TEMP_1190");
    fails(writer(rows(), "d"), "../numbers", "INVALID_SCHEMA_OR_RELATION_NAME");
    fails(writer(rows(), "d").foreachBatch((batch, id) -> {}), "other", "INVALID_TABLE_SINK");
    fails(writer(session.range(1), "d").format("parquet"), "other", "WRITE_STREAM_NOT_ALLOWED");
    fails(writer(rows(), "d").format("console"), "other", "DATA_SOURCE_NOT_FOUND");
  }

  @Test
  void isNotLeftBehindByAQueryThatDoesNotStart() {
    fails(
        writer(rows().groupBy("odd").count(), "d").outputMode("complete"),
        "numbers",
        "STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE");
    assertThat(session.catalog().tableExists("numbers")).isFalse();
    assertThat(Files.exists(directory.resolve("d"))).isFalse();
  }

  private static void fails(DataStreamWriter writer, String table, String condition) {
    assertThatThrownBy(() -> writer.toTable(table))
        .isInstanceOf(AnalysisException.class)
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo(condition);
  }
}
