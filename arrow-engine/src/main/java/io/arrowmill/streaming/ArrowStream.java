package io.arrowmill.streaming;

import io.arrowmill.ArrowImport;
import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchLog;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A source that the program feeds with Arrow vectors; for embedding at full speed. Safe for any
 * thread. Its rows live until every query has committed them.
 */
public final class ArrowStream {
  private final Session session;
  private final StructType schema;
  private final BatchLog log;
  private final DataFrame frame;

  private ArrowStream(Session session, StructType schema) {
    this.session = session;
    this.schema = schema;
    this.log = new BatchLog("ArrowStream", schema);
    this.frame = session.engine().stream(log);
  }

  /**
   * A stream of batches of an Arrow schema.
   *
   * @throws io.arrowmill.AnalysisException if a column is not laid out as the engine holds its type
   */
  public static ArrowStream of(Session session, Schema schema) {
    return new ArrowStream(session, ArrowImport.schemaOf(schema));
  }

  /**
   * Takes the vectors out of {@code root}, which is empty afterwards and still the caller's.
   * Vectors from {@link Session#allocator()} are taken as they are; those of another root allocator
   * are copied.
   */
  public void append(VectorSchemaRoot root) {
    List<RecordBatch> batches = new ArrayList<>();
    ArrowImport.take(schema, root, session.engine().allocator(), batches);
    batches.forEach(log::append);
  }

  /** The stream as a data frame. */
  public DataFrame toDF() {
    return frame;
  }
}
