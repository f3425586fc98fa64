package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sink writes, read by DuckDB and by the source. */
class FileWriteTest {
  private static final UUID QUERY = UUID.randomUUID();

  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  private Path write(String format, String ddl, List<Row> rows, String... options)
      throws IOException {
    StructType schema = StructType.fromDDL(ddl);
    Path out = directory.resolve("out");
    try (StreamSink sink =
        new FileSinkProvider().open(spec(format, null, out, options), schema, List.of())) {
      sink.recover(QUERY, -1);
      SinkBatch output = sink.begin(0, schema, OutputMode.APPEND);
      try (SinkWriter writer = output.writer(0)) {
        for (int i = 0; i < rows.size(); i += 1_000) {
          try (RecordBatch batch =
              BatchBuilder.batch(
                  schema, rows.subList(i, Math.min(rows.size(), i + 1_000)), files.allocator())) {
            writer.write(batch);
          }
        }
      }
      output.prepare();
      sink.publish(0);
    }
    return out;
  }

  @Test
  void parquetOfEveryType() throws IOException {
    String ddl =
        "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(9,2),"
            + " i DECIMAL(18,3), j DECIMAL(38,4), k STRING, l BINARY, m DATE, n TIMESTAMP,"
            + " o TIMESTAMP_NTZ";
    Row row =
        Row.of(
            true,
            (byte) -1,
            (short) -2,
            -3,
            Long.MIN_VALUE,
            1.5f,
            -0.0,
            new BigDecimal("-1234567.89"),
            new BigDecimal("-123456789012345.678"),
            new BigDecimal("-1234567890123456789012345678901234.5678"),
            "é\"",
            new byte[] {0, -1},
            LocalDate.parse("1969-12-31"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            LocalDateTime.parse("2026-01-02T03:04:05.000006"));
    Path out = write("parquet", ddl, List.of(row, Row.of(new Object[15])));
    String glob = "'" + out + "/*.parquet'";
    assertThat(duckdbRows("DESCRIBE SELECT * FROM " + glob))
        .extracting(line -> line.split("\\|", -1)[1])
        .containsExactly(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "FLOAT",
            "DOUBLE",
            "DECIMAL(9,2)",
            "DECIMAL(18,3)",
            "DECIMAL(38,4)",
            "VARCHAR",
            "BLOB",
            "DATE",
            "TIMESTAMP WITH TIME ZONE",
            "TIMESTAMP");
    assertThat(
            duckdbRows(
                "SELECT a, b, c, d, e, f, g, h, i, j, k, hex(l), m, epoch_us(n), epoch_us(o) FROM "
                    + glob))
        .containsExactly(
            "true|-1|-2|-3|-9223372036854775808|1.5|-0.0|-1234567.89|-123456789012345.678|"
                + "-1234567890123456789012345678901234.5678|é\"|00FF|1969-12-31|-1|"
                + "1767323045000006",
            "null|null|null|null|null|null|null|null|null|null|null|null|null|null|null");
    assertThat(files.schema(spec("parquet", null, out)).toDDL())
        .isEqualTo(StructType.fromDDL(ddl).toDDL());
    assertThat(files.rows(spec("parquet", null, out)).getFirst())
        .isEqualTo(
            "true|-1|-2|-3|-9223372036854775808|1.5|-0.0|-1234567.89|-123456789012345.678|"
                + "-1234567890123456789012345678901234.5678|é\"|[0, -1]|-1|-1|"
                + "2026-01-02T03:04:05.000006");
  }

  @Test
  void parquetOfNestedTypes() throws IOException {
    List<Row> rows =
        List.of(
            Row.of(List.of(1L, 2L), Map.of("k", List.of("x", "y")), Row.of(1, Row.of("z"))),
            Row.of(Arrays.asList(null, 3L), Map.of(), Row.of(null, null)),
            Row.of(List.of(), null, null),
            Row.of(null, Map.of("q", List.of()), Row.of(2, Row.of((Object) null))));
    String ddl =
        "l ARRAY<BIGINT>, m MAP<STRING, ARRAY<STRING>>, s STRUCT<a: INT, b: STRUCT<c: STRING>>";
    Path out = write("parquet", ddl, rows);
    assertThat(duckdbRows("SELECT l::VARCHAR, m::VARCHAR, s::VARCHAR FROM '" + out + "/*.parquet'"))
        .containsExactly(
            "[1, 2]|{k=[x, y]}|{'a': 1, 'b': {'c': z}}",
            "[NULL, 3]|{}|{'a': NULL, 'b': NULL}",
            "[]|NULL|NULL".replace("NULL", "null"),
            "null|{q=[]}|{'a': 2, 'b': {'c': NULL}}");
    assertThat(files.rows(spec("parquet", null, out)))
        .containsExactly(
            "[1,2]|[{\"key\":\"k\",\"value\":[\"x\",\"y\"]}]|{\"a\":1,\"b\":{\"c\":\"z\"}}",
            "[null,3]|[]|{}",
            "[]|null|null",
            "null|[{\"key\":\"q\",\"value\":[]}]|{\"a\":2,\"b\":{}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void parquetOfManyRowsAndNulls(String compression) throws IOException {
    long seed = System.nanoTime();
    System.out.println("FileWriteTest seed=" + seed);
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      @Nullable Object bool = random.nextInt(10) == 0 ? null : random.nextBoolean();
      @Nullable Object text = i % 1_000 < 500 ? null : "text " + random.nextInt(100);
      @Nullable Object list = random.nextInt(3) == 0 ? null : List.of(i, i + 1);
      rows.add(Row.of((long) i, bool, text, list));
    }
    Path out =
        write(
            "parquet",
            "n BIGINT, b BOOLEAN, t STRING, l ARRAY<INT>",
            rows,
            "compression",
            compression);
    List<String> expected =
        rows.stream()
            .map(row ->
                row.get(0) + "|" + row.get(1) + "|" + row.get(2) + "|" + String.valueOf(row.get(3)))
            .toList();
    assertThat(duckdbRows("SELECT n, b, t, l::VARCHAR FROM '" + out + "/*.parquet' ORDER BY n"))
        .isEqualTo(expected);
    assertThat(files.rows(spec("parquet", null, out)))
        .isEqualTo(expected.stream().map(line -> line.replace(", ", ",")).toList());
  }

  @Test
  void csvAsSparkWritesIt() throws IOException {
    List<Row> rows =
        List.of(
            Row.of(1, " trimmed ", 1.5, Instant.parse("2026-01-02T03:04:05.678Z")),
            Row.of(null, "", null, null),
            Row.of(2, "say \"hi\", \\you", 0.0, Instant.parse("2026-01-02T03:04:05.000001Z")));
    Path out = write("csv", "a INT, b STRING, c DOUBLE, d TIMESTAMP", rows, "header", "true");
    assertThat(Files.readString(out.resolve("part-0000000000-0-" + QUERY + ".csv")))
        .isEqualTo(
            """
            a,b,c,d
            1,trimmed,1.5,2026-01-02T03:04:05.678Z
            ,"",,
            2,"say \\"hi\\", \\\\you",0.0,2026-01-02T03:04:05.000001Z
            """);
  }

  @Test
  void csvThatDuckdbReads() throws IOException {
    List<Row> rows =
        List.of(Row.of(1, "a;b"), Row.of(2, "line\nbreak"), Row.of(3, "q\"q"), Row.of(4, null));
    Path out = write("csv", "a INT, b STRING", rows, "sep", ";", "escape", "\"", "header", "true");
    assertThat(
            duckdbRows(
                "SELECT a, b FROM read_csv('" + out + "/*.csv', header = true, delim = ';')"))
        .containsExactly("1|a;b", "2|line\nbreak", "3|q\"q", "4|null");
  }

  @Test
  void jsonLines() throws IOException {
    List<Row> rows =
        List.of(
            Row.of(
                1L,
                "a\"b",
                List.of(1.5, Double.NaN),
                Map.of("k", Row.of(LocalDate.parse("2026-01-02"))),
                new BigDecimal("1.20")),
            Row.of(null, null, null, null, null));
    Path out =
        write(
            "json",
            "a BIGINT, b STRING, c ARRAY<DOUBLE>, d MAP<STRING, STRUCT<e: DATE>>, f DECIMAL(5,2)",
            rows);
    assertThat(Files.readString(out.resolve("part-0000000000-0-" + QUERY + ".json")))
        .isEqualTo(
            """
            {"a":1,"b":"a\\"b","c":[1.5,"NaN"],"d":{"k":{"e":"2026-01-02"}},"f":1.20}
            {}
            """);
  }

  @Test
  void textLinesCompressed() throws IOException {
    Path out =
        write(
            "text",
            "value STRING",
            List.of(Row.of("one"), Row.of((Object) null), Row.of("é")),
            "compression",
            "gzip");
    assertThat(
            files.rows(spec("text", null, out.resolve("part-0000000000-0-" + QUERY + ".txt.gz"))))
        .containsExactly("one", "", "é");
    assertThat("é".getBytes(StandardCharsets.UTF_8)).hasSize(2);
  }
}
