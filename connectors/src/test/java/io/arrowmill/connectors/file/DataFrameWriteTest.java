package io.arrowmill.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounded tables, written through the API. */
class DataFrameWriteTest {
  @TempDir Path directory;
  private final Session session = Session.builder().getOrCreate();

  @AfterEach
  void closesEmpty() {
    session.close();
  }

  @Test
  void savesToThePathOfTheOption() {
    String path = directory.resolve("out").toString();

    session.range(70_000).write().option("path", path).save();

    assertThat(session.read().parquet(path).count()).isEqualTo(70_000);
    assertThatThrownBy(() -> session.range(1).write().option("path", path).save())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("directory must be empty or absent: path=" + path);
  }

  @Test
  void runsTheQueryForASinkWithoutAPath() {
    session.range(70_000).write().format("noop").save();

    assertThatThrownBy(
            () -> session.sql("SELECT 1 / id FROM range(3)").write().format("noop").save())
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("divis");
  }

  @Test
  void refusesFilesWithoutAPath() {
    assertThatThrownBy(() -> session.range(3).write().save())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("path");
  }
}
