package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.duckdbRows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries whose filters Parquet files hear of: the answers are DuckDB's. */
@Timeout(120)
class FilteredFilesTest {
  private static final int ROWS = 60_000;
  private static final String SCHEMA = "k INT, price DOUBLE, name STRING, n BIGINT";

  @TempDir Path directory;
  private Session session;

  @BeforeEach
  void start() throws Exception {
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    Files.createDirectories(directory.resolve("files/part=1"));
    duckdb(
        """
        COPY (SELECT CASE WHEN i %% 11 = 0 THEN NULL ELSE (hash(i) %% 20)::INTEGER END AS k,
                     (hash(i + 1) %% 400 / 4)::DOUBLE AS price,
                     'name ' || hash(i + 2) %% 30 AS name,
                     i AS n
              FROM range(%d) t(i)) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 20000)\
        """
            .formatted(ROWS, file()));
  }

  @AfterEach
  void stop() {
    session.close();
  }

  private Path file() {
    return directory.resolve("files/part=1/a.parquet");
  }

  private DataFrame stream() {
    return session
        .readStream()
        .schema(SCHEMA + ", part INT")
        .parquet(directory.resolve("files").toString());
  }

  private StreamingQuery run(DataFrame frame, List<String> rows) throws Exception {
    StreamingQuery query =
        frame
            .writeStream()
            .trigger(Trigger.AvailableNow())
            .option("checkpointLocation", directory.resolve("checkpoint").toString())
            .foreachBatch((batch, id) -> {
              for (Row row : batch.collect()) {
                rows.add(row.get(0) + "|" + row.get(1) + "|" + row.get(2) + "|" + row.get(3));
              }
            })
            .start();
    query.awaitTermination();
    return query;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k = 3",
        "k = 3 AND price >= 50",
        "price >= 99 AND name = 'name 7'",
        "k IS NULL AND n % 3 = 0",
        "k IS NULL OR k = 5",
        "k IN (1, 2) AND name LIKE '%9'",
        "NOT (k < 19)",
        "k = 77",
        "k = 4 AND 100 / (k - 3) > 0 AND n > 100",
        "n = 12345",
        "k != 3 AND 100 / (k - 3) > 6 AND price >= 90",
        "part = 1 AND k = 9",
        "k + n > 59990",
      })
  void giveWhatDuckDbGives(String condition) throws Exception {
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query = run(stream().where(condition).select("k", "price", "name", "n"), rows);
    List<String> expected =
        duckdbRows(
            "SELECT k, price, name, n FROM (SELECT *, 1 AS part FROM read_parquet('%s')) WHERE %s"
                .formatted(file(), condition));
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(query.recentProgress()[0].numInputRows()).isEqualTo(ROWS);
  }

  /** The part that fails comes first, so it sees every row. */
  @Test
  void aFailingPartSeesTheRowsBeforeIt() {
    DataFrame failing =
        stream().where("CAST(name AS INT) > n AND k = 77").select("k", "price", "name", "n");
    assertThatThrownBy(() -> run(failing, new ArrayList<>()))
        .hasRootCauseInstanceOf(ArrowmillException.class);
  }
}
