package io.arrowmill.connectors.file.format;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How files of one format are read. Stateless. */
public interface FileFormat {

  /** The name users give to {@code format(...)}, lower case. */
  String name();

  /** The options the format knows, beside those that every file source knows. */
  Set<String> options();

  /**
   * Checks the values of the format's options.
   *
   * @throws io.arrowmill.AnalysisException if one is wrong
   */
  default void check(SourceSpec spec, @Nullable StructType schema) {}

  /** The schema that is the same for every file, or null if it must be given or inferred. */
  default @Nullable StructType fixedSchema() {
    return null;
  }

  /**
   * The schema of the data in {@code files}; partition columns are not part of it.
   *
   * @param files at least one
   */
  StructType inferSchema(List<DataFile> files, SourceSpec spec) throws IOException;

  /** The parts of one file that tasks read by themselves; together they give each row once. */
  List<InputSplit> splits(DataFile file, ReadPlan plan) throws IOException;
}
