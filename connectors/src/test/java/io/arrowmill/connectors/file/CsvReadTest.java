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
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReadTest {
  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  private Path file(String content) {
    return write(directory.resolve("t.csv"), content);
  }

  @Test
  void readsWhatDuckdbWrote() throws IOException {
    Path file = directory.resolve("t.csv");
    duckdb(
        "COPY (SELECT i AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE 'é,\"' || i END AS s,"
            + " i / 4.0::DOUBLE AS d, i % 2 = 0 AS b, DATE '2026-01-01' + i::INT AS day"
            + " FROM range(70000) t(i)) TO '"
            + file
            + "' (FORMAT csv, HEADER)");
    assertThat(
            files.rows(
                spec(
                    "csv",
                    "n BIGINT, s STRING, d DOUBLE, b BOOLEAN, day DATE",
                    file,
                    "header",
                    "true",
                    "escape",
                    "\"",
                    "mode",
                    "FAILFAST")))
        .isEqualTo(
            duckdbRows("SELECT n, s, d, b, day - DATE '1970-01-01' FROM read_csv('" + file + "')"))
        .hasSize(70_000);
    assertThat(
            files.rows(
                spec("csv", "n BIGINT, s STRING, d DOUBLE, b BOOLEAN, day DATE", file),
                new String[0]))
        .hasSize(70_001);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b | a/b",
        "\"a,\",b | a,/b",
        "\"say \\\"hi\\\"\",b | say \"hi\"/b",
        "\"back\\\\\",b | back\\/b",
        "\"back\\slash\",b | back\\slash/b",
        "\"a\" x,b | \"a\" x/b",
        "\"open,b | open,b/null",
        ", | null/null",
        "\"\",x | null/x",
        "` a , b ` | ` a / b `",
        "mid\"dle,b | mid\"dle/b",
      })
  void cutsRecordsIntoFields(String line, String expected) throws IOException {
    Path file = file(line.replace("`", "") + "\n");
    assertThat(files.rows(spec("csv", "x STRING, y STRING", file)))
        .containsExactly(expected.replace("`", "").replace('/', '|'));
  }

  @Test
  void optionsChangeWhatFieldsMean() throws IOException {
    Path file = file("# c\n\n 1 ;; NA ;\"\"\n#x\n2;;y;\"q''r\"\n");
    assertThat(
            files.rows(
                spec(
                    "csv",
                    "a INT, b STRING, c STRING",
                    file,
                    "sep",
                    ";;",
                    "comment",
                    "#",
                    "nullValue",
                    "NA",
                    "ignoreLeadingWhiteSpace",
                    "true",
                    "ignoreTrailingWhiteSpace",
                    "true")))
        .hasSize(2);
    Path other = file("1;'q''r'\n2;''\n3;\n");
    assertThat(
            files.rows(
                spec(
                    "csv",
                    "a INT, b STRING",
                    other,
                    "sep",
                    ";",
                    "quote",
                    "'",
                    "escape",
                    "'",
                    "nullValue",
                    "-",
                    "emptyValue",
                    "EMPTY")))
        .containsExactly("1|q'r", "2|EMPTY", "3|");
  }

  @Test
  void recordsThatDoNotFit() throws IOException {
    Path file = file("1,a\nx,b\n3\n4,d,e\n5,f\n");
    String schema = "n INT, s STRING, _corrupt_record STRING";
    assertThat(files.rows(spec("csv", schema, file)))
        .containsExactly("1|a|null", "null|b|x,b", "3|null|3", "4|d|4,d,e", "5|f|null");
    assertThat(files.rows(spec("csv", schema, file, "mode", "dropMalformed")))
        .containsExactly("1|a|null", "5|f|null");
    assertThatThrownBy(() -> files.rows(spec("csv", schema, file, "mode", "FAILFAST")))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("MALFORMED_RECORD_IN_PARSING")
        .hasMessageContaining("t.csv")
        .hasMessageContaining("record=x,b");
    assertThat(
            files
                .rows(
                    spec(
                        "csv",
                        "bad STRING, n INT, s STRING",
                        file,
                        "columnNameOfCorruptRecord",
                        "bad"),
                    "s",
                    "bad")
                .get(1))
        .isEqualTo("b|null");
  }

  @Test
  void multiLineFieldsHoldNewlines() throws IOException {
    Path file = file("a,b\r\n1,\"x\r\ny\"\r\n2,\"\\\"\n,\"\n3,z");
    assertThat(
            files.rows(
                spec(
                    "csv",
                    null,
                    file,
                    "header",
                    "true",
                    "multiLine",
                    "true",
                    "inferSchema",
                    "true")))
        .containsExactly("1|x\r\ny", "2|\"\n,", "3|z");
  }

  @Test
  void infersNamesAndTypes() throws IOException {
    Path file =
        file(
            """
            i,l,d,t,ts,b,s,mixed,none,
            1,1,1,2026-01-01,2026-01-01 00:00:00,true,x,1,,
            2,3000000000,1.5,2026-01-02,2026-01-01,false,1,true,,
            """);
    assertThat(
            files.schema(spec("csv", null, file, "header", "true", "inferSchema", "true")).toDDL())
        .isEqualTo(
            "i INT,l BIGINT,d DOUBLE,t DATE,ts TIMESTAMP,b BOOLEAN,s STRING,mixed STRING,"
                + "none STRING,_c9 STRING");
    assertThat(files.schema(spec("csv", null, file("a,1\n"))).toDDL())
        .isEqualTo("_c0 STRING,_c1 STRING");
  }

  @Test
  void roundTripOfSparksFormat() throws IOException {
    Path file = file("1,\"say \\\"hi\\\", \\\\you\",0.0,2026-01-02T03:04:05.000001Z\n");
    assertThat(files.rows(spec("csv", "a INT, b STRING, c DOUBLE, d TIMESTAMP", file)))
        .containsExactly("1|say \"hi\", \\you|0.0|1767323045000001");
  }

  @Test
  void wrongRequestsAreNamed() {
    Path file = file("a");
    assertThatThrownBy(() -> files.schema(spec("csv", "a ARRAY<INT>", file)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("column=a");
    assertThatThrownBy(() -> files.schema(spec("csv", "a INT", file, "quote", "''")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("option=quote");
    assertThatThrownBy(() -> files.schema(spec("csv", "a INT", file, "seperator", ";")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("UNKNOWN_OPTION");
  }
}
