package io.arrowmill.benchmarks.kernels;

import io.arrowmill.DataFrame;
import java.io.IOException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * {@link KernelWork} in bytes, of the data as it is.
 *
 * @param bytesRead of the columns that the query needs, all rows
 * @param bytesWritten of its result
 * @param tableBytes of its hash table, if filled without gaps
 */
record KernelCost(long bytesRead, long bytesWritten, long tableBytes) {
  static KernelCost of(KernelQuery query, KernelQuery.HeldTables held) throws IOException {
    String[] columns = query.work().columnsRead().toArray(String[]::new);
    Volume read = Volume.of(held.of(query.tables().getFirst()).selectExpr(columns));
    Volume written = Volume.of(query.frame().apply(held));
    long entries =
        query.tables().size() > 1 && written.rows() == 1
            ? query.tables().get(1).rows(0)
            : written.rows();
    return new KernelCost(read.bytes(), written.bytes(), entries * query.work().entryBytes());
  }

  private record Volume(long rows, long bytes) {
    static Volume of(DataFrame frame) throws IOException {
      long rows = 0;
      long bytes = 0;
      try (ArrowReader reader = frame.toArrow()) {
        while (reader.loadNextBatch()) {
          rows += reader.getVectorSchemaRoot().getRowCount();
          for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
            bytes += vector.getBufferSize();
          }
        }
      }
      return new Volume(rows, bytes);
    }
  }
}
