package io.arrowmill.connector;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.util.List;

/** What the built-in sources and sinks have in common. */
final class BuiltIn {
  private static final int SPLITS_MAX = 65_536;

  private BuiltIn() {}

  /** The option numPartitions: as many splits as there are processors, unless it says otherwise. */
  static int splitCount(ConnectorOptions options) {
    return options.intValue(
        "numPartitions", Runtime.getRuntime().availableProcessors(), 1, SPLITS_MAX);
  }

  static void refuseSchema(SourceSpec spec) {
    if (spec.schema() != null) {
      throw new AnalysisException(
          "UNSUPPORTED_SCHEMA",
          "the columns of this source are fixed: format="
              + spec.format()
              + ", schema="
              + spec.schema().toDDL()
              + "; leave out schema(...)");
    }
  }

  static void refusePartitionBy(SourceSpec spec, List<String> partitionBy) {
    if (!partitionBy.isEmpty()) {
      throw new AnalysisException(
          "UNSUPPORTED_PARTITION_BY",
          "this sink has no partitions: format="
              + spec.format()
              + ", partitionBy="
              + partitionBy
              + "; leave out partitionBy(...)");
    }
  }

  static void requireStreaming(SourceSpec spec, boolean streaming) {
    if (!streaming) {
      throw streamingOnly(spec);
    }
  }

  static AnalysisException streamingOnly(SourceSpec spec) {
    return new AnalysisException(
        "UNSUPPORTED_BATCH_READ",
        "this source has no end and can only be streamed: format="
            + spec.format()
            + "; use readStream()");
  }
}
