package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.FileFormat;
import io.arrowmill.connectors.file.format.ReadPlan;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A read of files of one format: their schema, and the splits of a list of files.
 *
 * @param schema all columns, those of partitions too
 */
public record FileRead(FileFormat format, SourceSpec spec, StructType schema) {

  /** The splits of {@code files} for some of the columns, in the files' order. */
  public List<InputSplit> splits(List<DataFile> files, List<String> columns) throws IOException {
    StructType wanted = select(columns);
    List<InputSplit> splits = new ArrayList<>();
    for (DataFile file : files) {
      StructType inFile = without(wanted, file);
      ReadPlan plan = new ReadPlan(without(schema, file), inFile, spec);
      for (InputSplit split : format.splits(file, plan)) {
        splits.add(
            inFile.size() == wanted.size() ? split : new PartitionedSplit(file, split, wanted));
      }
    }
    return splits;
  }

  private StructType select(List<String> columns) {
    List<StructField> fields = new ArrayList<>();
    for (String column : columns) {
      int index =
          schema
              .indexOf(column)
              .orElseThrow(() ->
                  new AnalysisException(
                      "UNRESOLVED_COLUMN",
                      "column must be part of the read's schema: column="
                          + column
                          + ", schema="
                          + schema.toDDL()));
      fields.add(schema.field(index));
    }
    return StructType.of(fields);
  }

  private static StructType without(StructType schema, DataFile file) {
    if (file.partition().isEmpty()) {
      return schema;
    }
    return StructType.of(
        schema.fields().stream()
            .filter(field -> !file.partition().containsKey(field.name()))
            .toList());
  }
}
