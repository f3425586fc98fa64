package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that Spark wrote, read as a stream: all flat types, nulls, several stripes or row groups.
 */
final class SparkFilesTest {
  private static final int ROWS = 12_000;
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "i INT, b BOOLEAN, y BYTE, s SHORT, l LONG, f FLOAT, d DOUBLE, t STRING, x BINARY,"
              + " day DATE, at TIMESTAMP, d9 DECIMAL(9,2), d18 DECIMAL(18,3), d38 DECIMAL(38,6)");

  private static Session session;
  private static SparkSession spark;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
    session = Session.builder().appName("files").config("arrowmill.workers", 2).getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zlib", "zstd", "lz4", "none"})
  void readsOrc(String codec) throws Exception {
    long seed = System.nanoTime();
    List<Row> rows = rows(seed);
    write(rows, Map.of("compression", codec, "orc.stripe.size", "65536"), "orc");
    assertThat(read("orc")).as("seed=%d", seed).isEqualTo(texts(rows));
  }

  @ParameterizedTest
  @CsvSource({
    "INT96, snappy, v1", "INT96, gzip, v2", "TIMESTAMP_MICROS, snappy, v2",
    "TIMESTAMP_MICROS, uncompressed, v1", "TIMESTAMP_MILLIS, zstd, v1", "INT96, lz4_raw, v1",
  })
  void readsParquet(String timestamps, String codec, String version) throws Exception {
    long seed = System.nanoTime();
    boolean millis = timestamps.equals("TIMESTAMP_MILLIS");
    List<Row> rows = rows(seed).stream().map(row -> millis ? toMillis(row) : row).toList();
    spark.conf().set("spark.sql.parquet.outputTimestampType", timestamps);
    spark.conf().set("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED");
    spark.conf().set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    Map<String, String> options =
        Map.of(
            "compression", codec,
            "parquet.block.size", "200000",
            "parquet.page.size", "4096",
            "parquet.page.row.count.limit", "700",
            "parquet.writer.version", version);
    write(rows, options, "parquet");
    assertThat(read("parquet")).as("seed=%d", seed).isEqualTo(texts(rows));
  }

  /** Random rows; where a value would be a time, it is one that nanoseconds since 1970 can hold. */
  private static List<Row> rows(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomValues values = new RandomValues(random);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      List<Object> row = new ArrayList<>();
      row.add(i);
      for (StructField field : SCHEMA.fields().subList(1, SCHEMA.size())) {
        row.add(random.nextInt(6) == 0 ? null : value(values, random, field.type()));
      }
      rows.add(Row.of(row.toArray()));
    }
    return rows;
  }

  private static Object value(RandomValues values, SplittableRandom random, DataType type) {
    if (type.equals(DataTypes.TIMESTAMP)) {
      return Instant.ofEpochSecond(
          random.nextLong(-5_000_000_000L, 9_000_000_000L), random.nextInt(1_000_000) * 1_000L);
    }
    return type.equals(DataTypes.STRING) && random.nextInt(4) == 0
        ? "text " + random.nextInt(100_000)
        : values.value(type);
  }

  private static Row toMillis(Row row) {
    return Row.of(
        row.values().stream()
            .map(value ->
                value instanceof Instant at ? Instant.ofEpochMilli(at.toEpochMilli()) : value)
            .toArray());
  }

  private void write(List<Row> rows, Map<String, String> options, String format) {
    DataFrameWriter<org.apache.spark.sql.Row> writer =
        spark
            .createDataFrame(
                rows.stream().map(SparkRows::toSpark).toList(), SparkRows.schema(SCHEMA))
            .coalesce(1)
            .write()
            .mode(SaveMode.Overwrite)
            .format(format);
    options.forEach(writer::option);
    writer.save(directory.resolve("files").toString());
  }

  private List<String> read(String format) throws Exception {
    List<String> texts = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query =
        session
            .readStream()
            .format(format)
            .schema(SCHEMA)
            .load(directory.resolve("files").toString())
            .writeStream()
            .option("checkpointLocation", directory.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .foreachBatch((batch, id) -> batch.collect().forEach(row -> texts.add(text(row))))
            .start();
    query.awaitTermination();
    texts.sort(null);
    return texts;
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(SparkFilesTest::text).sorted().toList();
  }

  private static String text(Row row) {
    return RowText.values(row).stream().collect(Collectors.joining("|"));
  }
}
