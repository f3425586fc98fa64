package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Makes sinks of some formats. Found through {@link java.util.ServiceLoader}; stateless. */
public interface SinkProvider {

  /** The names users give to {@code format(...)}, lower case. */
  Set<String> formats();

  /**
   * Opens a sink.
   *
   * @param spec the sink's format, path and options
   * @param schema the rows it will get
   * @param partitionBy names of the columns to lay files out by; may be empty
   * @throws io.arrowmill.AnalysisException if an option is unknown or wrong, or the schema can't be
   *     written
   */
  StreamSink open(SourceSpec spec, StructType schema, List<String> partitionBy) throws IOException;
}
