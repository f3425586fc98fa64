package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static io.arrowmill.connectors.file.FileReading.spec;
import static io.arrowmill.connectors.file.FileReading.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReadTest {
  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  private Path file(String content) {
    return write(directory.resolve("t.json"), content);
  }

  @Test
  void readsWhatDuckdbWrote() throws IOException {
    Path file = directory.resolve("t.json");
    duckdb(
        "COPY (SELECT i AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE 'é\"\\' || i END AS s,"
            + " i / 4.0::DOUBLE AS d, i % 2 = 0 AS b FROM range(70000) t(i)) TO '"
            + file
            + "' (FORMAT json)");
    assertThat(files.rows(spec("json", "n BIGINT, s STRING, d DOUBLE, b BOOLEAN", file)))
        .isEqualTo(duckdbRows("SELECT n, s, d, b FROM read_json_auto('" + file + "')"))
        .hasSize(70_000);
    assertThat(files.rows(spec("json", "n BIGINT", file), new String[0])).hasSize(70_000);
  }

  @Test
  void infersTheSchemaOfAllRecords() throws IOException {
    Path file =
        file(
            """
            {"b": 1, "a": {"y": [1, 2.5], "x": null}, "n": null}

            {"b": 2.5, "c": true, "a": {"z": "q", "y": []}, "m": 1}
            {"m": "text", "big": 123456789012345678901234567890}
            """);
    assertThat(files.schema(spec("json", null, file)).toDDL())
        .isEqualTo(
            "a STRUCT<x: STRING, y: ARRAY<DOUBLE>, z: STRING>,b DOUBLE,big DOUBLE,c BOOLEAN,"
                + "m STRING,n STRING");
    assertThat(files.schema(spec("json", null, file, "primitivesAsString", "true")).toDDL())
        .contains("b STRING", "c STRING");
    assertThat(files.rows(spec("json", "b DOUBLE, m STRING", file)))
        .containsExactly("1.0|null", "2.5|1", "null|text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | BOOLEAN | true",
        "-128 | TINYINT | -128",
        "9223372036854775807 | BIGINT | 9223372036854775807",
        "1 | DOUBLE | 1.0",
        "\"NaN\" | DOUBLE | NaN",
        "\"-Infinity\" | FLOAT | -Infinity",
        "1.235 | DECIMAL(5,2) | 1.24",
        "\"1.5\" | DECIMAL(5,2) | 1.50",
        "{\"a\": [1]} | STRING | {\"a\":[1]}",
        "1.50 | STRING | 1.50",
        "\"YWI=\" | BINARY | [97, 98]",
        "\"1970-01-02\" | DATE | 1",
        "\"1970-01-01T00:00:01.5Z\" | TIMESTAMP | 1500000",
        "\"1970-01-01 01:00:00+01:00\" | TIMESTAMP | 0",
        "7 | TIMESTAMP | 7000000",
        "\"1970-01-01T00:00:01\" | TIMESTAMP_NTZ | 1970-01-01T00:00:01",
        "[1, null] | ARRAY<INT> | [1,null]",
        "{\"k\": 1} | MAP<STRING, INT> | [{\"key\":\"k\",\"value\":1}]",
        "{\"b\": 2, \"q\": 0} | STRUCT<a: INT, b: INT> | {\"b\":2}",
      })
  void readsValuesOfEachType(String json, String type, String expected) throws IOException {
    Path file = file("{\"v\": " + json + "}\n{\"v\": null}\n{}\n");
    assertThat(files.rows(spec("json", "v " + type, file, "mode", "FAILFAST")))
        .containsExactly(expected, "null", "null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "128 | TINYINT",
        "1.5 | INT",
        "\"1\" | INT",
        "\"\" | DOUBLE",
        "1 | BOOLEAN",
        "1000.5 | DECIMAL(4,2)",
        "\"2026-13-01\" | DATE",
        "\"yesterday\" | TIMESTAMP",
        "[1] | INT",
        "1 | ARRAY<INT>",
        "{\"a\": 1} | ARRAY<INT>",
        "[1, \"x\"] | ARRAY<INT>",
      })
  void valuesThatDoNotFitAreMalformed(String json, String type) throws IOException {
    Path file = file("{\"k\": 1, \"v\": " + json + "}\n{\"k\": 2}\n");
    String schema = "k INT, v " + type + ", _corrupt_record STRING";
    assertThat(files.rows(spec("json", schema, file), "k", "_corrupt_record")).hasSize(2);
    assertThat(files.rows(spec("json", schema, file)).getFirst())
        .startsWith("1|")
        .endsWith("|{\"k\": 1, \"v\": " + json + "}");
    assertThat(files.rows(spec("json", schema, file, "mode", "DROPMALFORMED")))
        .containsExactly("2|null|null");
    assertThatThrownBy(() -> files.rows(spec("json", schema, file, "mode", "FAILFAST")))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("MALFORMED_RECORD_IN_PARSING")
        .hasMessageContaining("t.json");
  }

  @Test
  void textThatIsNotJson() throws IOException {
    Path file = directory.resolve("t.json");
    byte[] bad =
        "{\"k\": 1}\n{\"k\": \n[{\"k\": 2}, {\"k\": 3}]\nnull\n{\"k\": \"X\"}\n"
            .getBytes(StandardCharsets.UTF_8);
    bad[bad.length - 4] = (byte) 0xFF;
    Files.write(file, bad);
    assertThat(
            files.rows(spec("json", "k INT, bad STRING", file, "columnNameOfCorruptRecord", "bad")))
        .containsExactly(
            "1|null", "null|{\"k\": ", "2|null", "3|null", "null|null", "null|{\"k\": \"\uFFFD\"}");
  }

  @Test
  void multiLineIsOneValueAFile() throws IOException {
    Path file = file("[\n  {\"k\": 1},\n  {\"k\":\n 2}\n]\n");
    assertThat(files.rows(spec("json", null, file, "multiLine", "true"))).containsExactly("1", "2");
    assertThat(files.rows(spec("json", "k INT", file("{\n\"k\": 7}"), "multiLine", "true")))
        .containsExactly("7");
  }

  @Test
  void lenientOptionsAndFormats() throws IOException {
    Path file = file("{k: '01/02/2026', /* c */ t: '3.4.2026 05:06'}\n");
    assertThat(
            files.rows(
                spec(
                    "json",
                    "k DATE, t TIMESTAMP",
                    file,
                    "allowUnquotedFieldNames",
                    "true",
                    "allowComments",
                    "true",
                    "dateFormat",
                    "dd/MM/yyyy",
                    "timestampFormat",
                    "d.M.yyyy HH:mm",
                    "timeZone",
                    "+01:00")))
        .containsExactly(
            java.time.LocalDate.parse("2026-02-01").toEpochDay()
                + "|"
                + java.time.Instant.parse("2026-04-03T04:06:00Z").getEpochSecond() * 1_000_000);
  }

  @Test
  void wrongOptionsAreNamed() {
    Path file = file("{}");
    assertThatThrownBy(() -> files.schema(spec("json", "a INT", file, "mode", "maybe")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("FAILFAST");
    assertThatThrownBy(() -> files.schema(spec("json", "a INT", file, "dateFormat", "bb")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("INVALID_DATETIME_PATTERN");
  }
}
