package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Groups by texts that Parquet files hold as codes of dictionaries: the answers are DuckDB's. Row
 * groups have dictionaries of their own, and one column stops being coded half way through.
 */
@Timeout(120)
class DictionaryGroupsTest {
  private static final int ROWS = 150_000;

  @TempDir Path directory;

  @BeforeEach
  void write() throws Exception {
    Files.createDirectories(directory.resolve("files/part=1"));
    duckdb(
        """
        COPY (SELECT CASE WHEN hash(i) %% 9 = 0 THEN NULL ELSE 'a' || hash(i) %% 30 END AS a,
                     'a text of more than twenty bytes ' || (hash(i + 1) %% 3 + i // 40000) AS b,
                     CASE WHEN i %% 4 = 0 THEN '' WHEN i < 70000 THEN 'few'
                          ELSE 'many ' || i END AS c,
                     'k' || hash(i + 2) %% 700 AS d,
                     CASE WHEN i // 40000 = 1 THEN NULL ELSE 'e' END AS e,
                     hash(i + 3) %% 1000 AS n
              FROM range(%d) t(i)) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 40000)\
        """
            .formatted(ROWS, file()));
  }

  private Path file() {
    return directory.resolve("files/part=1/a.parquet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a; true",
        "b; true",
        "c; true",
        "d; true",
        "e; true",
        "a, b; true",
        "a, e, b; true",
        "a, d; true",
        "a, n; true",
        "a, part; true",
        "a; n >= 10",
        "a, b; n != 7",
        "a; n < 100",
        "d; n >= 990",
        "b; c != 'few'"
      })
  void groupsAreThoseOfDuckDb(String keys, String condition) throws Exception {
    String query =
        "SELECT %s, count(*), sum(n), min(n), max(c) FROM %s WHERE %s GROUP BY %s"
            .formatted(keys, "%s", condition, keys);
    List<String> expected =
        duckdbRows(query.formatted("(SELECT *, 1 AS part FROM read_parquet('" + file() + "'))"));
    for (int workers = 1; workers <= 2; workers++) {
      try (Session session = Session.builder().config("arrowmill.workers", workers).getOrCreate()) {
        session
            .read()
            .parquet(directory.resolve("files").toString())
            .createOrReplaceTempView("rows");
        List<String> found = new ArrayList<>();
        for (Row row : session.sql(query.formatted("rows")).collect()) {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < row.size(); i++) {
            values.add(String.valueOf(row.get(i)));
          }
          found.add(String.join("|", values));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  /**
   * Equal codes are equal values, nulls have one too, and where pages are not coded there are none.
   */
  @Test
  void rowsWithOneCodeHaveOneValue() throws Exception {
    int coded = 0;
    int plain = 0;
    try (FileReading files = new FileReading()) {
      for (InputSplit split : files.plan(spec("parquet", null, file()), "a", "c", "n")) {
        try (BatchReader reader = split.open(files.allocator())) {
          for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
            try (RecordBatch owned = batch) {
              assertThat(owned.codes(2)).isNull();
              plain += owned.codes(1) == null ? 1 : 0;
              for (int column = 0; column < 2; column++) {
                RowCodes codes = owned.codes(column);
                if (codes != null) {
                  coded++;
                  check(owned, column, codes);
                }
              }
            }
          }
        }
      }
    }
    assertThat(coded).isGreaterThan(3);
    assertThat(plain).isPositive();
  }

  private static void check(RecordBatch batch, int column, RowCodes codes) {
    Map<Integer, String> values = new HashMap<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      int code = OffHeap.getInt(codes.address() + 4L * row);
      assertThat(code).isBetween(0, codes.bound() - 1);
      String value = FileReading.text(batch.column(column), row);
      assertThat(values.computeIfAbsent(code, _ -> value)).isEqualTo(value);
    }
  }
}
