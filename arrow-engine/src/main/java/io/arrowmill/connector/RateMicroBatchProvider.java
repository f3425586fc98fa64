package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Set;

/**
 * The source {@code rate-micro-batch}: the same number of rows in every micro-batch. Options:
 * rowsPerBatch (required), numPartitions, startTimestamp, advanceMillisPerBatch.
 */
public final class RateMicroBatchProvider implements SourceProvider {
  private static final Set<String> OPTIONS =
      Set.of("rowsPerBatch", "numPartitions", "startTimestamp", "advanceMillisPerBatch");

  /** For the service loader. */
  public RateMicroBatchProvider() {}

  @Override
  public Set<String> formats() {
    return Set.of("rate-micro-batch");
  }

  @Override
  public StructType schema(SourceSpec spec, boolean streaming) {
    BuiltIn.refuseSchema(spec);
    ConnectorOptions.of(spec).rejectUnknown(OPTIONS);
    source(spec);
    BuiltIn.requireStreaming(spec, streaming);
    return CountingSplit.SCHEMA;
  }

  @Override
  public StreamSource openStream(SourceSpec spec, SourceContext context) {
    schema(spec, true);
    return source(spec);
  }

  @Override
  public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) {
    throw BuiltIn.streamingOnly(spec);
  }

  private static RateMicroBatchSource source(SourceSpec spec) {
    ConnectorOptions options = ConnectorOptions.of(spec);
    options.required("rowsPerBatch");
    return new RateMicroBatchSource(
        options.longValue("rowsPerBatch", 1, 1, Long.MAX_VALUE),
        BuiltIn.splitCount(options),
        options.longValue("startTimestamp", 0, 0, Long.MAX_VALUE / 1_000),
        options.longValue("advanceMillisPerBatch", 1_000, 0, Integer.MAX_VALUE));
  }
}
