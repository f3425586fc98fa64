package io.arrowmill.connector;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.ResultTable;
import io.arrowmill.batch.RowReader;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Prints the first rows of every batch as a table. Printed is printed: at least once a batch. */
final class ConsoleSink implements StreamSink {
  private static final int TRUNCATED_CHARS = 20;
  private static final String RULE = "-------------------------------------------";

  private final int rowsMax;
  private final boolean truncate;
  private final Supplier<PrintStream> out;

  ConsoleSink(int rowsMax, boolean truncate, Supplier<PrintStream> out) {
    this.rowsMax = rowsMax;
    this.truncate = truncate;
    this.out = out;
  }

  @Override
  public boolean supports(OutputMode mode) {
    return true;
  }

  @Override
  public void recover(UUID queryId, long lastCommittedBatchId) {}

  @Override
  public SinkBatch begin(long batchId, StructType schema, OutputMode mode) {
    return new Page(batchId, schema);
  }

  @Override
  public void publish(long batchId) {}

  @Override
  public String description() {
    return "ConsoleTable[numRows=" + rowsMax + ", truncate=" + truncate + "]";
  }

  @Override
  public void close() {}

  /** The first rows of each task; no more than can be printed. */
  private final class Page implements SinkBatch {
    private final long batchId;
    private final StructType schema;
    // The map is guarded by this; each writer belongs to one task.
    private final TreeMap<Integer, FirstRows> byTask = new TreeMap<>();

    Page(long batchId, StructType schema) {
      this.batchId = batchId;
      this.schema = schema;
    }

    @Override
    public synchronized SinkWriter writer(int task) {
      FirstRows writer = new FirstRows(rowsMax);
      byTask.put(task, writer);
      return writer;
    }

    @Override
    public synchronized void prepare() {
      List<Row> rows =
          byTask.values().stream().flatMap(task -> task.rows.stream()).limit(rowsMax).toList();
      boolean more = byTask.values().stream().mapToLong(task -> task.seen).sum() > rowsMax;
      StringBuilder page = new StringBuilder();
      page.append(RULE).append("\nBatch: ").append(batchId).append('\n').append(RULE).append('\n');
      page.append(ResultTable.format(rows, schema, truncate ? TRUNCATED_CHARS : 0));
      if (more) {
        page.append("only showing top ")
            .append(rowsMax)
            .append(rowsMax == 1 ? " row\n" : " rows\n");
      }
      out.get().print(page.append('\n'));
      out.get().flush();
    }

    @Override
    public void abort() {}
  }

  private static final class FirstRows implements SinkWriter {
    private final int rowsMax;
    private final List<Row> rows = new ArrayList<>();
    private long seen;

    FirstRows(int rowsMax) {
      this.rowsMax = rowsMax;
    }

    @Override
    public void write(RecordBatch batch) {
      seen += batch.rowCount();
      RowReader reader = new RowReader(batch);
      for (int row = 0; row < batch.rowCount() && rows.size() < rowsMax; row++) {
        rows.add(reader.read(row));
      }
    }

    @Override
    public void close() {}
  }
}
