package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.DatasetFormat;
import io.arrowmill.connectors.file.format.ReadPlan;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flat files that DuckDB wrote, read by the reader written here and by Arrow's native one. */
@Tag("lanes")
class ParquetDifferentialTest {
  private static final int ROWS_MAX = 20_000;

  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  /** A type of DuckDB, and expressions of {@code i} that give values of it. */
  private record Column(String type, List<String> values) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("BOOLEAN", List.of("i % 3 = 0", "true", "hash(i) % 2 = 0")),
          new Column("TINYINT", List.of("i % 256 - 128", "7")),
          new Column("SMALLINT", List.of("i % 65536 - 32768", "i % 5")),
          new Column("INTEGER", List.of("i * 7919", "i % 3", "i // 1000", "-i")),
          new Column(
              "BIGINT", List.of("i", "hash(i) % 1000", "i * 1000000007", "i // 77", "-i * i")),
          new Column("UTINYINT", List.of("i % 256")),
          new Column("USMALLINT", List.of("i % 65536")),
          new Column("UINTEGER", List.of("2147483647 - i", "i % 10")),
          new Column("UBIGINT", List.of("hash(i)", "18446744073709551615 - i")),
          new Column("FLOAT", List.of("i / 3.0", "i % 4", "'nan'::FLOAT", "'-0.0'::FLOAT")),
          new Column("DOUBLE", List.of("i / 7.0", "(i % 400) / 4.0", "'-infinity'::DOUBLE")),
          new Column("DECIMAL(7,2)", List.of("(i % 99999) / 100", "-(i % 7)")),
          new Column("DECIMAL(18,4)", List.of("i * 12345.6789", "-i")),
          new Column("DECIMAL(38,5)", List.of("i::DECIMAL(38,5) * -98765432109", "i % 3")),
          new Column(
              "VARCHAR",
              List.of(
                  "'v' || i % 10",
                  "'prefix that is long and shared ' || i",
                  "repeat('é', (hash(i) % 70)::INTEGER)",
                  "''",
                  "chr((65 + i % 26)::INTEGER)")),
          new Column("BLOB", List.of("('x' || i)::BLOB", "repeat('ab', (i % 90)::INTEGER)::BLOB")),
          new Column("DATE", List.of("DATE '1970-01-01' + (i % 40000 - 20000)::INTEGER")),
          new Column("TIMESTAMP", List.of("make_timestamp(i * 1234567 - 9999999)")),
          new Column("TIMESTAMP_MS", List.of("make_timestamp(i * 1000)::TIMESTAMP_MS")),
          new Column("TIMESTAMP_NS", List.of("make_timestamp_ns(i * 1234567 - 99)")),
          new Column("TIMESTAMPTZ", List.of("make_timestamp(i * 86399999999)::TIMESTAMPTZ")),
          new Column("UUID", List.of("'00000000-0000-0000-0000-000000000001'::UUID")));

  @ParameterizedTest
  @CsvSource({
    "v1, uncompressed", "v1, snappy", "v1, gzip", "v1, lz4_raw", "v1, zstd",
    "v2, uncompressed", "v2, snappy", "v2, gzip", "v2, lz4_raw", "v2, zstd",
  })
  void givesWhatTheNativeReaderGives(String version, String codec) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      String columns = columns(random);
      int rows = random.nextInt(4) == 0 ? random.nextInt(130) : random.nextInt(ROWS_MAX);
      int groupRows = 2048 * (1 + random.nextInt(8));
      int dictionary = random.nextBoolean() ? random.nextInt(100) : 1_000_000;
      String copy =
          "COPY (SELECT %s FROM range(%d) t(i)) TO '%s' (FORMAT parquet, PARQUET_VERSION %s, COMPRESSION %s, ROW_GROUP_SIZE %d, DICTIONARY_SIZE_LIMIT %d)"
              .formatted(columns, rows, file(round), version, codec, groupRows, dictionary);
      duckdb(copy);
      assertThat(rows(file(round)))
          .as("seed=%d round=%d %s", seed, round, copy)
          .isEqualTo(nativeRows(file(round)))
          .hasSize(rows);
    }
  }

  private Path file(int round) {
    return directory.resolve("f" + round + ".parquet");
  }

  private static String columns(Random random) {
    List<String> columns = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      Column column = COLUMNS.get(random.nextInt(COLUMNS.size()));
      String value = column.values.get(random.nextInt(column.values.size()));
      String isNull =
          switch (random.nextInt(5)) {
            case 0 -> "hash(i + 1) % 2 = 0";
            case 1 -> "i % 1000 = 999";
            case 2 -> "i // 300 % 2 = 0";
            case 3 -> random.nextInt(4) == 0 ? "true" : "i < 70";
            default -> "false";
          };
      columns.add(
          "CASE WHEN %s THEN NULL ELSE (%s)::%s END AS c%d"
              .formatted(isNull, value, column.type, i));
    }
    return String.join(", ", columns);
  }

  /** Every column and every one of its values once, in rows enough for many pages of codes. */
  @Test
  void readsEveryTypeAndValue() throws IOException {
    List<String> columns = new ArrayList<>();
    for (Column column : COLUMNS) {
      for (String value : column.values) {
        columns.add("(%s)::%s AS c%d".formatted(value, column.type, columns.size()));
      }
    }
    for (String version : List.of("v1", "v2")) {
      duckdb(
          "COPY (SELECT %s FROM range(9000) t(i)) TO '%s' (FORMAT parquet, PARQUET_VERSION %s)"
              .formatted(String.join(", ", columns), file(0), version));
      assertThat(rows(file(0))).isEqualTo(nativeRows(file(0))).hasSize(9000);
    }
  }

  /** The native reader takes these for 2147483647 less, so the numbers are compared to the rule. */
  @Test
  void readsDifferencesOfLargeUnsignedNumbers() throws IOException {
    duckdb(
        "COPY (SELECT (4294967295 - i * i)::UINTEGER AS u FROM range(5000) t(i)) TO '%s' (FORMAT parquet, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1)"
            .formatted(file(0)));
    List<String> expected = new ArrayList<>();
    for (long i = 0; i < 5000; i++) {
      expected.add(Long.toString(4_294_967_295L - i * i));
    }
    assertThat(rows(file(0))).isEqualTo(expected);
  }

  private List<String> rows(Path file) throws IOException {
    SourceSpec spec = spec("parquet", null, file);
    List<InputSplit> splits = files.plan(spec, files.schema(spec).fieldNames());
    return files.rows(splits);
  }

  private List<String> nativeRows(Path file) throws IOException {
    SourceSpec spec = new SourceSpec("parquet", null, Map.of("path", file.toString()));
    DataFile data =
        new DataFile(file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
    StructType schema = DatasetFormat.parquet().inferSchema(List.of(data), spec);
    return files.rows(DatasetFormat.parquet().splits(data, new ReadPlan(schema, schema, spec)));
  }
}
