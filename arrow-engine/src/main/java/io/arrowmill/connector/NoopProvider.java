package io.arrowmill.connector;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The sink {@code noop}: takes all rows and keeps none, to run a query for its own sake. */
public final class NoopProvider implements SinkProvider {

  /** For the service loader. */
  public NoopProvider() {}

  @Override
  public Set<String> formats() {
    return Set.of("noop");
  }

  @Override
  public StreamSink open(SourceSpec spec, StructType schema, List<String> partitionBy) {
    ConnectorOptions.of(spec).rejectUnknown(Set.of());
    BuiltIn.refusePartitionBy(spec, partitionBy);
    return new NoopSink();
  }

  private record NoopSink() implements StreamSink, SinkBatch, SinkWriter {
    @Override
    public boolean supports(OutputMode mode) {
      return true;
    }

    @Override
    public void recover(UUID queryId, long lastCommittedBatchId) {}

    @Override
    public SinkBatch begin(long batchId, StructType schema, OutputMode mode) {
      return this;
    }

    @Override
    public SinkWriter writer(int task) {
      return this;
    }

    @Override
    public void write(RecordBatch batch) {}

    @Override
    public void prepare() {}

    @Override
    public void abort() {}

    @Override
    public void publish(long batchId) {}

    @Override
    public String description() {
      return "NoopSink";
    }

    @Override
    public void close() {}
  }
}
