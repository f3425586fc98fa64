package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Set;

/**
 * The source {@code socket}: lines of UTF-8 text from a TCP server. Options: host and port (both
 * required), includeTimestamp, numPartitions.
 */
public final class SocketProvider implements SourceProvider {
  private static final int PORT_MAX = 65_535;
  private static final Set<String> OPTIONS =
      Set.of("host", "port", "includeTimestamp", "numPartitions");

  /** For the service loader. */
  public SocketProvider() {}

  @Override
  public Set<String> formats() {
    return Set.of("socket");
  }

  @Override
  public StructType schema(SourceSpec spec, boolean streaming) {
    BuiltIn.refuseSchema(spec);
    ConnectorOptions options = ConnectorOptions.of(spec);
    options.rejectUnknown(OPTIONS);
    options.required("host");
    options.required("port");
    port(options);
    BuiltIn.splitCount(options);
    BuiltIn.requireStreaming(spec, streaming);
    return SocketSource.schema(options.booleanValue("includeTimestamp", false));
  }

  @Override
  public StreamSource openStream(SourceSpec spec, SourceContext context) {
    StructType schema = schema(spec, true);
    ConnectorOptions options = ConnectorOptions.of(spec);
    LineBuffer lines = LineBuffer.connect(options.required("host"), port(options));
    return new SocketSource(lines, schema, BuiltIn.splitCount(options));
  }

  @Override
  public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) {
    throw BuiltIn.streamingOnly(spec);
  }

  private static int port(ConnectorOptions options) {
    return options.intValue("port", 0, 1, PORT_MAX);
  }
}
