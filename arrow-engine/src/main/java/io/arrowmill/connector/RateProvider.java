package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The source {@code rate}. Options: rowsPerSecond, rampUpTime, numPartitions. */
public final class RateProvider implements SourceProvider {
  private static final Set<String> OPTIONS = Set.of("rowsPerSecond", "rampUpTime", "numPartitions");

  private final InstantSource clock;

  /** Counts the seconds of the system's clock. */
  public RateProvider() {
    this(InstantSource.system());
  }

  RateProvider(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Set<String> formats() {
    return Set.of("rate");
  }

  @Override
  public StructType schema(SourceSpec spec, boolean streaming) {
    BuiltIn.refuseSchema(spec);
    ConnectorOptions options = ConnectorOptions.of(spec);
    options.rejectUnknown(OPTIONS);
    ramp(options);
    BuiltIn.splitCount(options);
    BuiltIn.requireStreaming(spec, streaming);
    return CountingSplit.SCHEMA;
  }

  @Override
  public StreamSource openStream(SourceSpec spec, SourceContext context) throws IOException {
    schema(spec, true);
    ConnectorOptions options = ConnectorOptions.of(spec);
    return new RateSource(ramp(options), BuiltIn.splitCount(options), context, clock);
  }

  @Override
  public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) {
    throw BuiltIn.streamingOnly(spec);
  }

  private static RateRamp ramp(ConnectorOptions options) {
    long rowsPerSecond = options.longValue("rowsPerSecond", 1, 1, Long.MAX_VALUE);
    Duration rampUp = options.duration("rampUpTime", Duration.ZERO);
    return new RateRamp(rowsPerSecond, rampUp.toSeconds());
  }
}
