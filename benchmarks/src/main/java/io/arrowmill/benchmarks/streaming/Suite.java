package io.arrowmill.benchmarks.streaming;

import java.util.List;

/** Workloads that are measured together, by one command. */
enum Suite {
  STREAMING("streaming", 30),
  STATEFUL("stateful", 60);

  private final String label;
  private final double ratioShownMax;

  Suite(String label, double ratioShownMax) {
    this.label = label;
    this.ratioShownMax = ratioShownMax;
  }

  /** The name of the command and of the files of results. */
  String label() {
    return label;
  }

  /** The greatest ratio to Spark that the picture has room for. */
  double ratioShownMax() {
    return ratioShownMax;
  }

  /** The engines that can run it, in the order of the picture. */
  List<EngineKind> engines() {
    return switch (this) {
      case STREAMING -> List.of(EngineKind.ARROWMILL, EngineKind.SPARK, EngineKind.DUCKDB);
      case STATEFUL -> List.of(EngineKind.ARROWMILL, EngineKind.SPARK);
    };
  }
}
