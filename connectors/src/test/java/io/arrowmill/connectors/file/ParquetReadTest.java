package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lanes")
class ParquetReadTest {
  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  private Path copy(String query, String name) {
    Path file = directory.resolve(name);
    duckdb("COPY (" + query + ") TO '" + file + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 2047, 2048, 2049, 70_000})
  void readsWhatDuckdbWrote(int rows) throws IOException {
    String query =
        "SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i END AS n, i % 2 = 0 AS b, 'é' || i AS s,"
            + " i / 4.0::DOUBLE AS d FROM range("
            + rows
            + ") t(i)";
    Path file = copy(query, "t.parquet");
    assertThat(files.rows(spec("parquet", null, file)))
        .isEqualTo(duckdbRows("SELECT n, b, s, d FROM '" + file + "'"))
        .hasSize(rows);
  }

  @Test
  void infersTypesFromTheFooter() throws IOException {
    Path file =
        copy(
            "SELECT 1::TINYINT a, 2::SMALLINT b, 3::INT c, 4::BIGINT d, 1.5::FLOAT e, 2.5::DOUBLE"
                + " f, 1.25::DECIMAL(10,2) g, 'x' h, 'ab'::BLOB i, DATE '1969-12-31' j, TIMESTAMPTZ"
                + " '1970-01-01 00:00:01.000002+00' k, TIMESTAMP '1969-12-31 23:59:59.999999' l,"
                + " true m, [1, NULL] n, {'p': 1, 'q': 'z'} o, MAP {'k': 7} r, 4000000000::UINTEGER"
                + " u",
            "t.parquet");
    assertThat(files.schema(spec("parquet", null, file)).toDDL())
        .isEqualTo(
            "a TINYINT,b SMALLINT,c INT,d BIGINT,e FLOAT,f DOUBLE,g DECIMAL(10,2),h STRING,"
                + "i BINARY,j DATE,k TIMESTAMP,l TIMESTAMP_NTZ,m BOOLEAN,n ARRAY<INT>,"
                + "o STRUCT<p: INT, q: STRING>,r MAP<STRING, INT>,u BIGINT");
    assertThat(files.rows(spec("parquet", null, file)))
        .containsExactly(
            "1|2|3|4|1.5|2.5|1.25|x|[97, 98]|-1|1000002|1969-12-31T23:59:59.999999|true|[1,null]|"
                + "{\"p\":1,\"q\":\"z\"}|[{\"key\":\"k\",\"value\":7}]|4000000000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1::TINYINT | SMALLINT | 1",
        "-1::SMALLINT | INT | -1",
        "7::INT | BIGINT | 7",
        "-3::INT | DOUBLE | -3.0",
        "255::UTINYINT | SMALLINT | 255",
        "18446744073709551615::UBIGINT | DECIMAL(20,0) | 18446744073709551615",
        "1.5::FLOAT | DOUBLE | 1.5",
        "1.25::DECIMAL(5,2) | DECIMAL(10,4) | 1.2500",
        "42::INT | DECIMAL(12,2) | 42.00",
        "'ab' | BINARY | [97, 98]",
        "TIMESTAMP_NS '1969-12-31 23:59:59.999999999' | TIMESTAMP | -1",
        "TIMESTAMP_MS '1970-01-01 00:00:00.005' | TIMESTAMP | 5000",
        "TIMESTAMP '1970-01-01 00:00:00.000005' | TIMESTAMP | 5",
        "TIMESTAMPTZ '1970-01-01 00:00:00+00' | TIMESTAMP_NTZ | 1970-01-01T00:00",
        "DATE '1970-01-02' | TIMESTAMP_NTZ | 1970-01-02T00:00",
      })
  void widensToTheWantedType(String literal, String type, String expected) throws IOException {
    Path file =
        copy(
            "SELECT CASE WHEN i = 1 THEN NULL ELSE " + literal + " END AS c FROM range(3) t(i)",
            "t.parquet");
    assertThat(files.rows(spec("parquet", "c " + type, file)))
        .containsExactly(expected, "null", expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1::BIGINT | INT",
        "1.5::DOUBLE | FLOAT",
        "'x' | BIGINT",
        "1::INT | STRING",
        "1.25::DECIMAL(10,4) | DECIMAL(10,2)",
        "[1] | INT",
        "{'a': 'x'} | STRUCT<a: INT>",
      })
  void namesColumnAndTypesThatDoNotFit(String literal, String type) {
    Path file = copy("SELECT " + literal + " AS c", "t.parquet");
    assertThatThrownBy(() -> files.rows(spec("parquet", "c " + type, file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("PARQUET_COLUMN_DATA_TYPE_MISMATCH")
        .hasMessageContaining("column=c")
        .hasMessageContaining("t.parquet")
        .hasMessageContaining("wantedType=");
  }

  @Test
  void readsOnlyWhatIsWantedInThatOrder() throws IOException {
    Path file = copy("SELECT i AS a, i * 10 AS b, i * 100 AS c FROM range(3) t(i)", "t.parquet");
    assertThat(files.rows(spec("parquet", null, file), "c", "a"))
        .containsExactly("0|0", "100|1", "200|2");
  }

  @Test
  void countsRowsWithoutColumns() throws IOException {
    Path file = copy("SELECT i FROM range(70000) t(i)", "t.parquet");
    assertThat(files.rows(spec("parquet", null, file), new String[0])).hasSize(70_000);
  }

  @Test
  void columnsThatAFileLacksAreNull() throws IOException {
    copy("SELECT 1 AS a, {'x': 1} AS s", "1.parquet");
    copy("SELECT 2 AS a, 'new' AS b, {'x': 2, 'y': 'q'} AS s", "2.parquet");
    assertThat(
            files.rows(spec("parquet", "A INT, b STRING, s STRUCT<y: STRING, x: INT>", directory)))
        .containsExactly("1|null|{\"x\":1}", "2|new|{\"y\":\"q\",\"x\":2}");
  }

  @Test
  void readsPartitionDirectories() throws IOException {
    duckdb(
        "COPY (SELECT i AS v, i % 2 AS p, 'a b' AS q FROM range(4) t(i)) TO '"
            + directory
            + "' (FORMAT parquet, PARTITION_BY (p, q), OVERWRITE_OR_IGNORE)");
    assertThat(files.schema(spec("parquet", null, directory)).toDDL())
        .isEqualTo("v BIGINT,p INT,q STRING");
    assertThat(files.rows(spec("parquet", null, directory), "q", "p", "v"))
        .containsExactlyInAnyOrder("a b|0|0", "a b|0|2", "a b|1|1", "a b|1|3");
    assertThat(files.rows(spec("parquet", "p STRING, v BIGINT", directory)))
        .containsExactlyInAnyOrder("0|0", "0|2", "1|1", "1|3");
    assertThat(files.rows(spec("parquet", null, directory), new String[0])).hasSize(4);
  }

  @Test
  void tasksShareALargeFile() throws IOException {
    Path file = directory.resolve("big.parquet");
    duckdb(
        "COPY (SELECT i AS n, hash(i) AS h FROM range(5000000) t(i)) TO '"
            + file
            + "' (FORMAT parquet, COMPRESSION uncompressed)");
    List<InputSplit> splits = files.plan(spec("parquet", null, file), "n");
    assertThat(splits).hasSizeGreaterThan(3).hasSizeLessThan(5_000_000 / 100_000);
    long sum = files.rows(splits).stream().mapToLong(Long::parseLong).sum();
    assertThat(sum).isEqualTo(4_999_999L * 5_000_000L / 2);
  }

  /** zstd and nested columns are what the native reader is left. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"i ; COMPRESSION zstd", "[i] ; COMPRESSION snappy", "i ; COMPRESSION snappy"})
  void aBatchOutlivesItsScan(String column, String option) throws IOException {
    Path file = directory.resolve("t.parquet");
    duckdb(
        "COPY (SELECT %s AS c, i %% 2 = 0 AS b FROM range(100) t(i)) TO '%s' (FORMAT parquet, %s)"
            .formatted(column, file, option));
    List<RecordBatch> kept = new ArrayList<>();
    try {
      for (InputSplit split : files.plan(spec("parquet", null, file), "c", "b")) {
        try (BatchReader reader = split.open(files.allocator())) {
          for (RecordBatch next = reader.next(); next != null; next = reader.next()) {
            kept.add(next);
          }
        }
      }
      assertThat(kept).singleElement().extracting(RecordBatch::rowCount).isEqualTo(100);
      assertThat(kept.getFirst().column(1).getObject(98)).isEqualTo(true);
    } finally {
      kept.forEach(RecordBatch::close);
    }
  }

  @Test
  void namesAFileThatChangedAfterItWasPlanned() throws IOException {
    Path file = copy("SELECT i AS n FROM range(5000) t(i)", "t.parquet");
    byte[] whole = Files.readAllBytes(file);
    List<InputSplit> splits = files.plan(spec("parquet", null, file), "n");
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1000));
    assertThatThrownBy(() -> files.rows(splits))
        .hasMessageContaining("FILE_CHANGED")
        .hasMessageContaining("t.parquet");
    Files.delete(file);
    assertThatThrownBy(() -> files.rows(splits))
        .hasMessageContaining("FILE_NOT_EXIST")
        .hasMessageContaining("t.parquet");
    Files.write(directory.resolve("other"), whole);
    Files.move(directory.resolve("other"), file);
    assertThatThrownBy(() -> files.rows(splits))
        .hasMessageContaining("FILE_CHANGED")
        .hasMessageContaining("t.parquet");
  }

  @Test
  void namesAFileThatGetsShorterWhileItIsRead() throws IOException {
    Path file = directory.resolve("t.parquet");
    duckdb(
        "COPY (SELECT i AS n FROM range(200000) t(i)) TO '"
            + file
            + "' (FORMAT parquet, COMPRESSION uncompressed)");
    InputSplit split = files.plan(spec("parquet", null, file), "n").getFirst();
    try (BatchReader reader = split.open(files.allocator())) {
      Files.write(file, new byte[] {1, 2, 3});
      assertThatThrownBy(reader::next)
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("FAILED_READ_FILE")
          .hasMessageContaining("t.parquet");
    }
  }

  @Test
  void namesAFileThatIsNotOrc() {
    Path file = FileReading.write(directory.resolve("x.orc"), "ORC just some text, long enough");
    assertThatThrownBy(() -> files.rows(spec("orc", "a INT", file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("FAILED_READ_FILE")
        .hasMessageContaining("x.orc");
    assertThatThrownBy(() -> files.schema(spec("orc", null, file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("x.orc");
  }

  @Test
  void namesAFileThatIsNotParquet() {
    Path file = FileReading.write(directory.resolve("x.parquet"), "just some text, long enough");
    assertThatThrownBy(() -> files.rows(spec("parquet", "a INT", file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("FAILED_READ_FILE")
        .hasMessageContaining("x.parquet");
    assertThatThrownBy(() -> files.schema(spec("parquet", null, file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("x.parquet");
  }

  @Test
  void namesATruncatedFile() throws IOException {
    Path file = copy("SELECT i FROM range(1000) t(i)", "t.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> files.rows(spec("parquet", "i BIGINT", file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("FAILED_READ_FILE")
        .hasMessageContaining("t.parquet");
  }

  @Test
  void namesAFileWhoseDataIsDamaged() throws IOException {
    Path file = copy("SELECT i, 'v' || i AS s FROM range(1000) t(i)", "t.parquet");
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 4, 200, (byte) 0xFF);
    Files.write(file, bytes);
    assertThatThrownBy(() -> files.rows(spec("parquet", "i BIGINT, s STRING", file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("t.parquet");
  }

  @Test
  void missingPathAndUnknownOption() {
    assertThatThrownBy(() -> files.schema(spec("parquet", "a INT", directory.resolve("no"))))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("PATH_NOT_FOUND");
    assertThatThrownBy(
            () -> files.schema(spec("parquet", "a INT", directory, "maxFilePerTrigger", "1")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("UNKNOWN_OPTION")
        .hasMessageContaining("did you mean maxFilesPerTrigger");
  }
}
