package io.arrowmill.benchmarks.streaming;

import java.sql.SQLException;

/** The engines that are measured, in the order in which they run. */
enum EngineKind {
  /** First: the others' answers are held against its own before they are timed. */
  DUCKDB("duckdb", "DuckDB 2 batch"),
  ARROWMILL("arrowmill", "Arrowmill"),
  SPARK("spark", "Spark 4.2");

  private final String label;
  private final String title;

  EngineKind(String label, String title) {
    this.label = label;
    this.title = title;
  }

  String label() {
    return label;
  }

  String title() {
    return title;
  }

  BenchmarkEngine open() throws SQLException {
    return switch (this) {
      case DUCKDB -> new DuckDbEngine();
      case ARROWMILL -> new ArrowmillEngine();
      case SPARK -> new SparkEngine();
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
