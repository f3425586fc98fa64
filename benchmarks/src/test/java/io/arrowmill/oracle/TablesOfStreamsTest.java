package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that queries write to by name, here and in Spark. */
final class TablesOfStreamsTest {
  private static final Session SESSION =
      Session.builder().appName("tables").config("arrowmill.workers", 1).getOrCreate();
  private static SparkSession spark;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
  }

  @AfterAll
  static void stop() {
    SESSION.close();
  }

  private DataFrame rows() {
    return SESSION
        .readStream()
        .format("rate-micro-batch")
        .option("rowsPerBatch", 10)
        .load()
        .selectExpr("value % 2 AS odd", "value AS id", "cast(value AS STRING) AS t");
  }

  private Dataset<org.apache.spark.sql.Row> sparkRows() {
    return spark
        .readStream()
        .format("rate-micro-batch")
        .option("rowsPerBatch", 10)
        .load()
        .selectExpr("value % 2 AS odd", "value AS id", "cast(value AS STRING) AS t");
  }

  private String write(DataFrame frame, String name, String format) {
    try {
      frame
          .writeStream()
          .format(format)
          .trigger(io.arrowmill.streaming.Trigger.Once())
          .partitionBy("odd")
          .option("path", directory.resolve("here").toString())
          .option("checkpointLocation", directory.resolve("c" + name + format).toString())
          .toTable(name)
          .awaitTermination();
      return "runs";
    } catch (ArrowmillException e) {
      return e.condition();
    }
  }

  @SuppressWarnings("deprecation") // one batch of a source without an end
  private String writeWithSpark(
      Dataset<org.apache.spark.sql.Row> frame, String name, String format) {
    try {
      frame
          .writeStream()
          .format(format)
          .trigger(Trigger.Once())
          .partitionBy("odd")
          .option("path", directory.resolve("there").toString())
          .option("checkpointLocation", directory.resolve("s" + name + format).toString())
          .toTable(name)
          .awaitTermination();
      return "runs";
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return e instanceof SparkThrowable known ? known.getCondition() : e.toString();
    }
  }

  @Test
  void haveTheSameColumnsRowsAndConditions() {
    rows().createOrReplaceTempView("seen");
    sparkRows().createOrReplaceTempView("seen");
    for (List<String> each :
        List.of(
            List.of("written", "parquet"),
            List.of("written", "json"),
            List.of("seen", "parquet"))) {
      assertThat(write(rows(), each.getFirst(), each.getLast()))
          .as(each.toString())
          .isEqualTo(writeWithSpark(sparkRows(), each.getFirst(), each.getLast()));
    }
    Dataset<org.apache.spark.sql.Row> expected = spark.table("written");
    DataFrame found = SESSION.table("written");
    assertThat(found.columns()).isEqualTo(expected.columns());
    assertThat(found.orderBy("id").collect().stream().map(RowText::of).toList())
        .isEqualTo(
            expected.orderBy("id").collectAsList().stream()
                .map(row -> RowText.of(SparkRows.fromSpark(row)))
                .toList())
        .hasSize(10);
    assertThat(Arrays.asList(SESSION.readStream().table("written").columns()))
        .isEqualTo(Arrays.asList(spark.readStream().table("written").columns()));
    spark.sql("DROP TABLE written");
  }
}
