package io.arrowmill.streaming;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.SessionEngine;
import io.arrowmill.SessionEngine.SinkOpener;
import io.arrowmill.analysis.DeepPlans;
import io.arrowmill.analysis.StreamingDistinct;
import io.arrowmill.analysis.StreamingRules;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.MemoryTable;
import io.arrowmill.connector.MemoryTableSink;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.Required;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.runtime.QueryDefinition;
import io.arrowmill.runtime.RuntimeConf;
import io.arrowmill.runtime.StreamExecution;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Describes where an unbounded table goes and when, and starts the query. Confined to one thread.
 */
public final class DataStreamWriter {
  private static final String LATE_ROWS = "lateRows";
  private static final String CHECKPOINT = "checkpointLocation";

  private final DataFrame frame;
  private final SessionEngine engine;
  private final Map<String, String> options = new LinkedHashMap<>();
  private OutputMode mode = OutputMode.APPEND;
  private Trigger trigger = Trigger.ProcessingTime(java.time.Duration.ZERO);
  private String format = "parquet";
  private List<String> partitionBy = List.of();
  private @Nullable String queryName;
  private @Nullable SinkOpener function;

  /** Made by {@link DataFrame#writeStream()}. */
  public DataStreamWriter(DataFrame frame, SessionEngine engine) {
    this.frame = frame;
    this.engine = engine;
  }

  /** Which rows each batch gives; append unless set. */
  public DataStreamWriter outputMode(OutputMode mode) {
    this.mode = mode;
    return this;
  }

  /** Which rows each batch gives: append, update or complete. */
  public DataStreamWriter outputMode(String mode) {
    return outputMode(OutputMode.parse(mode));
  }

  /** When batches run; as soon as there is data unless set. */
  public DataStreamWriter trigger(Trigger trigger) {
    this.trigger = trigger;
    return this;
  }

  /** The query's name, unique among running queries; the table's name for the memory sink. */
  public DataStreamWriter queryName(String name) {
    this.queryName = name;
    return this;
  }

  /** The connector: {@code console}, {@code memory}, {@code parquet}, ... */
  public DataStreamWriter format(String format) {
    this.format = Required.given(format, "format of a sink");
    return this;
  }

  /** Lays files out in directories by these columns. */
  public DataStreamWriter partitionBy(String... columns) {
    this.partitionBy = List.of(columns);
    return this;
  }

  /**
   * Sets an option of the connector, or of the query: {@code checkpointLocation}, the directory of
   * its checkpoint; {@code lateRows}, the name of a memory table that rows which come too late for
   * an operator are appended to, with the operator and its watermark.
   */
  public DataStreamWriter option(String key, String value) {
    options.put(key, value);
    return this;
  }

  public DataStreamWriter option(String key, boolean value) {
    return option(key, Boolean.toString(value));
  }

  public DataStreamWriter option(String key, long value) {
    return option(key, Long.toString(value));
  }

  public DataStreamWriter option(String key, double value) {
    return option(key, Double.toString(value));
  }

  public DataStreamWriter options(Map<String, String> more) {
    options.putAll(more);
    return this;
  }

  /** Gives every row to a writer of the program's; at least once. */
  public DataStreamWriter foreach(ForeachWriter<Row> writer) {
    Required.given(writer, "writer of foreach");
    function = schema -> new ForeachSink<>(writer, row -> row, engine.allocator());
    return this;
  }

  /** Gives every batch as a bounded data frame, good during the call; at least once. */
  public DataStreamWriter foreachBatch(VoidFunction2<DataFrame, Long> batchFunction) {
    Required.given(batchFunction, "function of foreachBatch");
    function =
        schema ->
            new BatchFunctionSink(
                "ForeachBatchSink",
                engine.allocator(),
                (columns, batches, batchId) -> {
                  DataFrame batch = engine.hold("batch " + batchId, columns, batches);
                  try {
                    batchFunction.call(batch, batchId);
                  } finally {
                    engine.release(batch);
                  }
                });
    return this;
  }

  /** Gives every batch as Arrow vectors, borrowed for the call, without a copy; at least once. */
  public DataStreamWriter foreachArrow(VoidFunction2<VectorSchemaRoot, Long> batchFunction) {
    Required.given(batchFunction, "function of foreachArrow");
    function =
        schema ->
            new BatchFunctionSink(
                "ForeachArrowSink",
                engine.allocator(),
                (columns, batches, batchId) -> {
                  for (RecordBatch batch : batches) {
                    batchFunction.call(batch.asRoot(), batchId);
                  }
                });
    return this;
  }

  /** Starts the query, writing to a path. */
  public StreamingQuery start(String path) {
    return option("path", path).start();
  }

  /**
   * Starts the query, writing to a table of the session by its name. If there is none it is made:
   * files of the format in a directory of {@code arrowmill.warehouse}, or in that of the option
   * {@code path}. The table lives as long as the session, its files longer: a session that makes it
   * again goes on with them. One query writes to a table; one with another checkpoint begins anew,
   * in place of the batches before.
   *
   * @throws AnalysisException as {@link #start()}; and if the name is a view's or can't be a
   *     table's, or the table is of another format or has other columns
   */
  public StreamingQuery toTable(String name) {
    if (function != null) {
      throw new AnalysisException(
          "INVALID_TABLE_SINK",
          "a query has one sink: table="
              + name
              + ", function=foreach; call toTable without foreach, foreachBatch or foreachArrow");
    }
    requireStreaming();
    SessionEngine.TableTarget target =
        engine.tableTarget(name, format, options.get("path"), frame.schema(), partitionBy);
    partitionBy = target.partitionBy();
    try {
      return start(target.path());
    } catch (RuntimeException | Error e) {
      if (target.made()) {
        engine.forgetTable(name);
      }
      throw e;
    }
  }

  /**
   * Starts the query.
   *
   * @throws AnalysisException if the plan can't run on streams in this output mode, or the sink
   *     does not take it
   * @throws ArrowmillException if the checkpoint is in use, damaged or another query's
   */
  public StreamingQuery start() {
    requireStreaming();
    LogicalPlan plan = DeepPlans.run(frame.plan(), () -> checked(frame.plan(), mode));
    engine.streams().requireFreeName(queryName);
    Map<String, String> sinkOptions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sinkOptions.putAll(options);
    String location = sinkOptions.remove(CHECKPOINT);
    String lateRows = lateRowsTable(sinkOptions.remove(LATE_ROWS));
    SourceSpec spec = new SourceSpec(format, null, sinkOptions);
    SinkOpener opener = opener(spec);
    Checkpoint checkpoint = checkpoint(location);
    try {
      QueryDefinition definition =
          new QueryDefinition(
              queryName,
              plan,
              mode,
              trigger,
              checkpoint.path(),
              checkpoint.isTemporary(),
              lateRows);
      StreamExecution execution = new StreamExecution(definition, engine.services(opener));
      return start(execution);
    } catch (RuntimeException | Error e) {
      checkpoint.discard();
      throw e;
    }
  }

  private void requireStreaming() {
    if (!frame.isStreaming()) {
      throw new AnalysisException(
          "WRITE_STREAM_NOT_ALLOWED",
          "writeStream needs a streaming data frame: columns="
              + List.of(frame.columns())
              + "; use write() for bounded data");
    }
  }

  private @Nullable String lateRowsTable(@Nullable String name) {
    if (name != null && (name.isBlank() || name.equalsIgnoreCase(queryName))) {
      throw new AnalysisException(
          "INVALID_LATE_ROWS_TABLE",
          "late rows must have a table of their own: "
              + LATE_ROWS
              + "="
              + name
              + ", queryName="
              + queryName
              + "; choose another name");
    }
    return name;
  }

  private static LogicalPlan checked(LogicalPlan plan, OutputMode mode) {
    LogicalPlan resolved = StreamingDistinct.resolve(plan, mode);
    StreamingRules.check(resolved, mode);
    return resolved;
  }

  private StreamingQuery start(StreamExecution execution) {
    try {
      return engine.streams().start(execution);
    } catch (RuntimeException | Error e) {
      execution.discard();
      throw e;
    }
  }

  // ---- sinks --------------------------------------------------------------------------------

  private SinkOpener opener(SourceSpec spec) {
    SinkOpener chosen = function;
    if (chosen == null) {
      chosen = format.equalsIgnoreCase("memory") ? memory() : schema -> connector(spec, schema);
    }
    // Opened once here so that a sink that does not take the query fails before it starts.
    if (function == null && !format.equalsIgnoreCase("memory")) {
      try (StreamSink probe = connector(spec, frame.schema())) {
        checkMode(probe);
      } catch (IOException e) {
        throw new ArrowmillException(
            "SINK_OPEN_FAILED",
            "sink must open: format=" + format + ", error=" + e.getMessage(),
            e);
      }
    }
    return chosen;
  }

  private StreamSink connector(SourceSpec spec, StructType schema) throws IOException {
    return engine.openSink(spec, schema, partitionBy);
  }

  private void checkMode(StreamSink sink) {
    if (!sink.supports(mode)) {
      throw new AnalysisException(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE",
          "sink must support the output mode: sink="
              + sink.description()
              + ", mode="
              + mode
              + "; choose another mode, or write with foreachBatch");
    }
  }

  private SinkOpener memory() {
    String name = queryName;
    if (name == null) {
      throw new AnalysisException(
          "MISSING_QUERY_NAME",
          "a memory sink needs a query name, which becomes the table's; call queryName(name)");
    }
    MemoryTable table = engine.createMemoryTable(name, frame.schema());
    return schema -> new MemoryTableSink(table);
  }

  // ---- checkpoints --------------------------------------------------------------------------

  private record Checkpoint(Path path, boolean isTemporary) {
    void discard() {
      if (isTemporary) {
        try {
          Files.deleteIfExists(path);
        } catch (IOException e) {
          // An empty directory in the temporary folder is left; the failure that led here is told.
        }
      }
    }
  }

  private Checkpoint checkpoint(@Nullable String location) {
    String parent = engine.conf().get(RuntimeConf.CHECKPOINT_LOCATION);
    if (location != null) {
      return new Checkpoint(path(location), false);
    }
    if (!parent.isEmpty() && queryName != null) {
      return new Checkpoint(path(parent).resolve(queryName), false);
    }
    List<String> volatileFormats = List.of("memory", "console", "noop");
    if (function == null && !volatileFormats.contains(format.toLowerCase(java.util.Locale.ROOT))) {
      throw new AnalysisException(
          "MISSING_CHECKPOINT_LOCATION",
          "a query that writes to "
              + format
              + " needs a checkpoint; set option(\""
              + CHECKPOINT
              + "\", directory) or the setting "
              + RuntimeConf.CHECKPOINT_LOCATION.key());
    }
    try {
      return new Checkpoint(Files.createTempDirectory("arrowmill-checkpoint-"), true);
    } catch (IOException e) {
      throw new ArrowmillException(
          "CHECKPOINT_NOT_WRITABLE",
          "temporary directory must be writable: error=" + e.getMessage(),
          e);
    }
  }

  private static Path path(String location) {
    return location.startsWith("file:")
        ? Path.of(java.net.URI.create(location))
        : Path.of(location);
  }
}
