package io.arrowmill.connectors.file;

import io.arrowmill.connector.SinkProvider;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.connectors.file.sink.FileSinks;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Writes files of the formats {@code text}, {@code csv}, {@code json} and {@code parquet}. */
public final class FileSinkProvider implements SinkProvider {

  @Override
  public Set<String> formats() {
    return FileSinks.formats();
  }

  @Override
  public StreamSink open(SourceSpec spec, StructType schema, List<String> partitionBy)
      throws IOException {
    return FileSinks.open(spec, schema, partitionBy);
  }
}
