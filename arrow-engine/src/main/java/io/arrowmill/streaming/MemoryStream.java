package io.arrowmill.streaming;

import io.arrowmill.AnalysisException;
import io.arrowmill.DataFrame;
import io.arrowmill.Dataset;
import io.arrowmill.RecordMapping;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchLog;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source that the program feeds row by row; for tests and for embedding. Each {@code addData} is
 * one step of its offset. Safe for any thread. Its rows live in the session's memory until every
 * query has committed them.
 *
 * @param <R> a record class, a class that has a data type of its own, or {@link Row}
 */
public final class MemoryStream<R> {
  private final Session session;
  private final @Nullable Class<R> type;
  private final StructType schema;
  private final Function<R, Row> toRow;
  private final BatchLog log;
  private final DataFrame frame;

  private MemoryStream(
      Session session, @Nullable Class<R> type, StructType schema, Function<R, Row> toRow) {
    this.session = session;
    this.type = type;
    this.schema = schema;
    this.toRow = toRow;
    this.log = new BatchLog("MemoryStream", schema);
    this.frame = session.engine().stream(log);
  }

  /**
   * A stream of records, whose components are the columns; or of single values, in a column {@code
   * value}.
   */
  public static <R> MemoryStream<R> of(Session session, Class<R> type) {
    RecordMapping<R> mapping = RecordMapping.of(type);
    return new MemoryStream<>(session, type, mapping.schema(), mapping::toRow);
  }

  /** A stream of rows. */
  public static MemoryStream<Row> of(Session session, StructType schema) {
    return new MemoryStream<>(session, null, schema, row -> row);
  }

  /**
   * Adds rows; queries see them as one step.
   *
   * @return the offset after them
   */
  @SafeVarargs
  public final long addData(R... values) {
    List<R> list = new ArrayList<>(values.length);
    for (R value : values) {
      list.add(value);
    }
    return addData(list);
  }

  /** Adds rows; queries see them as one step. */
  public long addData(List<R> values) {
    List<Row> rows = new ArrayList<>(values.size());
    values.forEach(value -> rows.add(toRow.apply(value)));
    long offset = 0;
    for (int start = 0; start == 0 || start < rows.size(); start += RecordBatch.ROWS_MAX) {
      int end = Math.min(rows.size(), start + RecordBatch.ROWS_MAX);
      offset =
          log.append(
              BatchBuilder.batch(schema, rows.subList(start, end), session.engine().allocator()));
    }
    return offset;
  }

  /**
   * The stream as objects of its class.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_RECORD_TYPE} if it is one of rows
   */
  public Dataset<R> toDS() {
    Class<R> known = type;
    if (known == null) {
      throw new AnalysisException(
          "UNSUPPORTED_RECORD_TYPE",
          "a stream must be of a class to be one of objects: schema="
              + schema.toDDL()
              + "; make it with MemoryStream.of(session, Class), or call toDF().as(Class)");
    }
    return frame.as(known);
  }

  /** The stream as a data frame. */
  public DataFrame toDF() {
    return frame;
  }
}
