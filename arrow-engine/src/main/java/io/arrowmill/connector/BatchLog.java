package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An append-only list of record batches in this process, which streaming queries read by {@link
 * #openView}. An offset {@code {"offset":n}} stands behind the first {@code n} batches.
 *
 * <p>Ownership: owns its batches from {@link #append} until every open view has committed them, or
 * until {@link #close}. With no view open, all that is held stays held, so that a stopped query
 * finds it again. Threading: any thread may call any method; batches are read under the log's lock.
 */
public final class BatchLog implements AutoCloseable {
  private final String name;
  private final StructType schema;

  // Guarded by this.
  private final List<RecordBatch> batches = new ArrayList<>();
  private final List<BatchLogView> views = new ArrayList<>();
  private long releasedCount;
  private boolean closed;

  /**
   * An empty log.
   *
   * @param name what messages and progress call it, such as {@code MemoryStream[int]}
   */
  public BatchLog(String name, StructType schema) {
    this.name = name;
    this.schema = schema;
  }

  /** Names and types of the columns of every batch. */
  public StructType schema() {
    return schema;
  }

  /** What messages and progress call this log. */
  public String name() {
    return name;
  }

  /**
   * Takes ownership of {@code batch}, also when this fails, and signals the views.
   *
   * @return how many batches were appended so far, this one included
   * @throws ArrowmillException if the log is closed or the batch has other columns than the log
   */
  public long append(RecordBatch batch) {
    List<BatchLogView> signalled;
    long count;
    synchronized (this) {
      try {
        checkAppend(batch);
      } catch (RuntimeException e) {
        batch.close();
        throw e;
      }
      batches.add(batch);
      signalled = List.copyOf(views);
      count = appendedCount();
    }
    signalled.forEach(BatchLogView::signal);
    return count;
  }

  /** How many batches were appended so far. */
  public synchronized long appendedCount() {
    return releasedCount + batches.size();
  }

  /** How many batches are held: appended, and not yet committed by all views. */
  public synchronized int heldCount() {
    return batches.size();
  }

  /** A source for one query, which starts at the oldest batch that is still held. */
  public synchronized StreamSource openView() {
    checkOpen();
    BatchLogView view = new BatchLogView(this, releasedCount);
    views.add(view);
    return view;
  }

  /** Frees all batches. Open views fail from now on. */
  @Override
  public synchronized void close() {
    closed = true;
    batches.forEach(RecordBatch::close);
    releasedCount += batches.size();
    batches.clear();
  }

  /** What {@code reader} makes of the batch at {@code index}, counted from the first of all. */
  synchronized RecordBatch read(long index, UnaryOperator<RecordBatch> reader) {
    return reader.apply(held(index));
  }

  /** Rows of the batch at {@code index}. */
  synchronized int rowCount(long index) {
    return held(index).rowCount();
  }

  /** Fails unless the batches from {@code start} up to {@code end} can be read. */
  synchronized void checkHeld(long start, long end) {
    checkOpen();
    if (start < releasedCount || end > appendedCount() || start > end) {
      throw new ArrowmillException(
          "OFFSET_OUT_OF_RANGE",
          "an in-process stream must still hold the batches that are asked for: source="
              + name
              + ", asked=("
              + start
              + ", "
              + end
              + "], held=("
              + releasedCount
              + ", "
              + appendedCount()
              + "]; it lives and dies with the process: start the query with a new checkpoint");
    }
  }

  /** Frees what all open views have committed. */
  synchronized void release() {
    long keep = views.stream().mapToLong(BatchLogView::committedCount).min().orElse(releasedCount);
    List<RecordBatch> done =
        batches.subList(0, Math.clamp(keep - releasedCount, 0, batches.size()));
    releasedCount += done.size();
    done.forEach(RecordBatch::close);
    done.clear();
  }

  synchronized void remove(BatchLogView view) {
    views.remove(view);
    release();
  }

  private RecordBatch held(long index) {
    checkHeld(index, index + 1);
    return batches.get((int) (index - releasedCount));
  }

  private void checkAppend(RecordBatch batch) {
    checkOpen();
    if (!batch.schema().equals(schema)) {
      throw new ArrowmillException(
          "SCHEMA_MISMATCH",
          "an appended batch must have the columns of its stream: source="
              + name
              + ", expected="
              + schema.toDDL()
              + ", batch="
              + batch.schema().toDDL());
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new ArrowmillException(
          "SOURCE_CLOSED", "an in-process stream must be open to be used: source=" + name);
    }
  }
}
