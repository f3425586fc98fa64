package io.arrowmill.benchmarks.streaming;

import java.sql.SQLException;

/** The engines that are measured, in the order in which they run. */
enum EngineKind {
  /** First: the others' answers are held against its own before they are timed. */
  DUCKDB("duckdb", "DuckDB 2 batch", "DuckDB, batch"),
  ARROWMILL("arrowmill", "Arrowmill", "Arrowmill, checkpointed"),
  SPARK("spark", "Spark 4.2", "Spark, checkpointed");

  private final String label;
  private final String title;
  private final String series;

  EngineKind(String label, String title, String series) {
    this.label = label;
    this.title = title;
    this.series = series;
  }

  String label() {
    return label;
  }

  String title() {
    return title;
  }

  /** The name in pictures. */
  String series() {
    return series;
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
