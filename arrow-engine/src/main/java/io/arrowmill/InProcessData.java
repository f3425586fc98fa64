package io.arrowmill;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchLog;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.MemoryTable;
import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.SourceProvider;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Streams and tables that live in the session itself: plans name them by a number, here is what the
 * number stands for. Owns all of them. Safe for any thread.
 */
final class InProcessData implements SourceProvider, AutoCloseable {
  static final String FORMAT = "in-process";
  private static final String ID = "id";

  private final Map<String, BatchLog> streams = new ConcurrentHashMap<>();
  private final Map<String, MemoryTable> tables = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong();
  private final BufferAllocator allocator;

  InProcessData(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  private SourceSpec spec(String id) {
    return new SourceSpec(FORMAT, null, Map.of(ID, id));
  }

  /** Adds a stream and gives the specification that plans read it by. */
  SourceSpec addStream(BatchLog log) {
    String id = "stream-" + nextId.getAndIncrement();
    streams.put(id, log);
    return spec(id);
  }

  /** Adds a table and gives the specification that plans read it by. */
  SourceSpec addTable(MemoryTable table) {
    String id = "table-" + nextId.getAndIncrement();
    tables.put(id, table);
    return spec(id);
  }

  /** Adds a table of the given batches, which are borrowed. */
  SourceSpec addBatches(String name, StructType schema, List<RecordBatch> batches) {
    MemoryTable table = new MemoryTable(name, schema, allocator);
    try {
      table.append(batches);
    } catch (RuntimeException | Error e) {
      table.close();
      throw e;
    }
    return addTable(table);
  }

  /** Frees a table; plans that still read it fail. */
  void removeTable(SourceSpec spec) {
    MemoryTable table = tables.remove(id(spec));
    if (table != null) {
      table.close();
    }
  }

  private static String id(SourceSpec spec) {
    String id = spec.option(ID);
    return id == null ? "" : id;
  }

  private MemoryTable table(SourceSpec spec) {
    MemoryTable table = tables.get(id(spec));
    if (table == null) {
      throw gone(spec);
    }
    return table;
  }

  private BatchLog stream(SourceSpec spec) {
    BatchLog log = streams.get(id(spec));
    if (log == null) {
      throw gone(spec);
    }
    return log;
  }

  private static ArrowmillException gone(SourceSpec spec) {
    return new ArrowmillException(
        "IN_PROCESS_DATA_GONE",
        "in-process data must still be held by its session: id="
            + id(spec)
            + "; a data frame given to foreachBatch is good during the call only, collect it"
            + " there");
  }

  @Override
  public Set<String> formats() {
    return Set.of(FORMAT);
  }

  @Override
  public StructType schema(SourceSpec spec, boolean streaming) {
    return streaming ? stream(spec).schema() : table(spec).schema();
  }

  @Override
  public StreamSource openStream(SourceSpec spec, SourceContext context) {
    return stream(spec).openView();
  }

  /** Keeps what a stream of this session holds, if it is one, until the result is run. */
  Runnable hold(SourceSpec spec) {
    BatchLog log = spec.format().equals(FORMAT) ? streams.get(id(spec)) : null;
    return log == null ? () -> {} : log.openView()::close;
  }

  @Override
  public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) {
    return table(spec).splits(columns);
  }

  @Override
  public void close() {
    streams.values().forEach(BatchLog::close);
    streams.clear();
    tables.values().forEach(MemoryTable::close);
    tables.clear();
    allocator.close();
  }

  /** Where the tables' rows are held. */
  BufferAllocator allocator() {
    return allocator;
  }
}
