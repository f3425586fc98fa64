package io.arrowmill.connectors.file.format;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** How files of one format are written. Stateless. */
public interface WriteFormat {

  /** The options the format knows when it writes. */
  Set<String> writeOptions();

  /**
   * Checks options and columns.
   *
   * @param schema the columns of each file, without those that directories hold
   * @throws io.arrowmill.AnalysisException if an option is wrong or a column can't be written
   */
  void checkWrite(SourceSpec spec, StructType schema);

  /** What file names end in, without the dot, such as {@code csv.gz}. */
  String extension(SourceSpec spec);

  /** Starts a new file. */
  RecordFileWriter create(Path file, StructType schema, SourceSpec spec) throws IOException;
}
