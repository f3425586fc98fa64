package io.arrowmill.connector;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Reads what a source planned as rows. */
final class ConnectorRows {
  private ConnectorRows() {}

  static List<Row> read(List<InputSplit> splits, BufferAllocator allocator) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (InputSplit split : splits) {
      try (BatchReader reader = split.open(allocator)) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          rows.addAll(RowReader.rows(batch));
          batch.close();
        }
      }
    }
    return rows;
  }
}
