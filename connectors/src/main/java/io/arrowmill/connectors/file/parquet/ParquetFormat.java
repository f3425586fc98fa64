package io.arrowmill.connectors.file.parquet;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.DatasetFormat;
import io.arrowmill.connectors.file.format.FileFormat;
import io.arrowmill.connectors.file.format.ReadPlan;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * The format {@code parquet}: files whose wanted columns are flat are read by this package, all
 * others by Arrow's native reader, with the same rows.
 */
public final class ParquetFormat implements FileFormat {
  private final DatasetFormat dataset = DatasetFormat.parquet();

  @Override
  public String name() {
    return dataset.name();
  }

  @Override
  public Set<String> options() {
    return dataset.options();
  }

  @Override
  public StructType inferSchema(List<DataFile> files, SourceSpec spec) throws IOException {
    return dataset.inferSchema(files, spec);
  }

  @Override
  public List<InputSplit> splits(DataFile file, ReadPlan plan) throws IOException {
    FilePlan own = FilePlan.of(file, plan.wanted());
    return own == null ? dataset.splits(file, plan) : own.splits();
  }
}
