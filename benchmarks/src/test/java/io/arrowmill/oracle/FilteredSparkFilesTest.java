package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Session;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Filters over files that Spark wrote: pages of codes, and behind them, in the same column chunk,
 * plain pages, where the dictionary had become too large.
 */
final class FilteredSparkFilesTest {
  private static Session session;
  private static SparkSession spark;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
    session = Session.builder().appName("filters").config("arrowmill.workers", 2).getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  @Test
  void giveWhatSparkGives() {
    String path = directory.resolve("files").toString();
    spark
        .range(0, 90_000, 1, 1)
        .selectExpr(
            "IF(id % 13 = 0, NULL, IF(id < 40000, id % 50, id)) AS k",
            "IF(id < 60000, concat('t', id % 9), concat('long ', id)) AS t",
            "CAST(id % 7 AS INT) AS m",
            "id AS n")
        .write()
        .option("parquet.dictionary.page.size", "4096")
        .option("parquet.page.row.count.limit", "6000")
        .parquet(path);
    for (String condition :
        List.of(
            "k = 7",
            "k IS NULL AND m = 2",
            "m = 3 AND t = 't4'",
            "t LIKE '%7' AND n > 100",
            "k < 3 OR k > 89000",
            "m = 6 AND k % 10 = 1")) {
      List<String> expected =
          spark.read().parquet(path).where(condition).orderBy("n").collectAsList().stream()
              .map(row -> row.mkString("|"))
              .toList();
      List<String> found =
          session.read().parquet(path).where(condition).orderBy("n").collect().stream()
              .map(row -> row.get(0) + "|" + row.get(1) + "|" + row.get(2) + "|" + row.get(3))
              .toList();
      assertThat(found).as(condition).isEqualTo(expected).isNotEmpty();
    }
  }
}
