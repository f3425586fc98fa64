package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Makes sources of some formats. Found through {@link java.util.ServiceLoader}; stateless. */
public interface SourceProvider {

  /** The names users give to {@code format(...)}, lower case. */
  Set<String> formats();

  /**
   * The schema that reading {@code spec} will have. Checks the options too.
   *
   * @throws io.arrowmill.AnalysisException if an option is unknown or wrong, or the schema must be
   *     given and is not
   */
  StructType schema(SourceSpec spec, boolean streaming);

  /**
   * Opens an unbounded source.
   *
   * @throws io.arrowmill.AnalysisException if the format can't be streamed
   */
  StreamSource openStream(SourceSpec spec, SourceContext context) throws IOException;

  /**
   * The splits of a bounded read of everything there is now.
   *
   * @param columns names of the columns wanted, in the wanted order
   * @throws io.arrowmill.AnalysisException if the format can only be streamed
   */
  List<InputSplit> planBatch(SourceSpec spec, List<String> columns) throws IOException;
}
