package io.arrowmill.benchmarks.kernels;

import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A session with one worker that holds tables as Arrow batches off-heap, once, for all queries.
 * Confined to one thread.
 */
final class ArrowmillTables implements KernelQuery.HeldTables, AutoCloseable {
  private final Session session =
      Session.builder().appName("kernels").config("arrowmill.workers", "1").getOrCreate();
  private final Map<KernelTable, DataFrame> frames = new HashMap<>();

  /**
   * Makes the tables.
   *
   * @param factRows rows of the tables that have no fixed number
   */
  static ArrowmillTables open(List<KernelTable> tables, long factRows) {
    ArrowmillTables opened = new ArrowmillTables();
    try {
      for (KernelTable table : tables) {
        opened.add(table, table.rows(factRows));
      }
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private void add(KernelTable table, long rows) {
    // Made in the session's own memory, so that the session takes the batches without a copy.
    try (TableReader reader = new TableReader(table, rows, session.allocator())) {
      frames.put(table, session.fromArrow(reader));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public DataFrame of(KernelTable table) {
    DataFrame frame = frames.get(table);
    if (frame == null) {
      throw new IllegalArgumentException("table must be held: table=" + table);
    }
    return frame;
  }

  /** The plan of a query over these tables. */
  String explain(DataFrame frame) {
    return session.engine().explain(frame.plan(), "simple");
  }

  BufferAllocator allocator() {
    return session.allocator();
  }

  @Override
  public void close() {
    session.close();
  }
}
