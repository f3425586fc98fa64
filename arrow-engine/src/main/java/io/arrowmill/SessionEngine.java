package io.arrowmill;

import io.arrowmill.analysis.DeepPlans;
import io.arrowmill.analysis.StreamingDistinct;
import io.arrowmill.analysis.StreamingRules;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.ResultTable;
import io.arrowmill.batch.RowReader;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.connector.BatchLog;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.MemoryTable;
import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.kernel.KernelSettings;
import io.arrowmill.kernel.interpreted.Interpreter;
import io.arrowmill.kernel.interpreted.RowView;
import io.arrowmill.operator.PhysicalPlanner;
import io.arrowmill.operator.Workers;
import io.arrowmill.optimize.Optimizer;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.runtime.BoundedRun;
import io.arrowmill.runtime.JvmFlags;
import io.arrowmill.runtime.QueryServices;
import io.arrowmill.runtime.RuntimeConf;
import io.arrowmill.runtime.StreamExecution;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQueryManager;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * What the packages of the public API share of a session; programs have no use for it. Safe for any
 * thread.
 */
public final class SessionEngine implements QueryEngine {
  private final Session session;

  SessionEngine(Session session) {
    this.session = session;
  }

  /** The session's queries. */
  public StreamingQueryManager streams() {
    return session.streams();
  }

  /** The session's settings as they are now. */
  public RuntimeConf conf() {
    return session.conf().snapshot();
  }

  /** Tasks that a query runs at a time. */
  int workerCount() {
    return session.workers().count();
  }

  /** The session's memory. */
  public BufferAllocator allocator() {
    return session.allocator();
  }

  // ---- plans --------------------------------------------------------------------------------

  @Override
  public LogicalPlan analyze(LogicalPlan plan) {
    return DeepPlans.run(plan, () -> session.analyzer().analyze(plan));
  }

  private LogicalPlan optimize(LogicalPlan plan) {
    ZoneId zone = zone(conf());
    return new Optimizer(expression -> fold(expression, zone)).optimize(plan);
  }

  private static Literal fold(Expression constant, ZoneId zone) {
    Object value = Interpreter.bind(constant, List.of(), zone).evaluate(RowView.of(Row.of()));
    return new Literal(value, constant.type());
  }

  /** A data frame that reads a source; its schema is asked of the source now. */
  public DataFrame load(SourceSpec spec, boolean streaming) {
    StructType schema = session.sourceProvider(spec.format()).schema(spec, streaming);
    List<Attribute> columns = Session.attributes(schema);
    return session.dataFrame(
        streaming
            ? new StreamRelation(Expression.newId(), spec, columns)
            : new BatchRelation(spec, columns));
  }

  /** A data frame that reads a view or table. */
  public DataFrame table(String name, boolean streaming) {
    return session.dataFrame(new LogicalPlan.UnresolvedRelation(name, streaming));
  }

  @Override
  public String explain(LogicalPlan plan, String mode) {
    return DeepPlans.run(plan, () -> explained(plan, mode));
  }

  private String explained(LogicalPlan plan, String mode) {
    boolean extended = mode.toLowerCase(Locale.ROOT).equals("extended");
    LogicalPlan optimized = optimize(StreamingDistinct.resolve(plan, OutputMode.APPEND));
    String physical =
        "== Physical Plan ==\n"
            + new PhysicalPlanner(OutputMode.APPEND).plan(optimized).treeString();
    return extended
        ? "== Analyzed Logical Plan ==\n"
            + plan.treeString()
            + "\n== Optimized Logical Plan ==\n"
            + optimized.treeString()
            + "\n"
            + physical
        : physical;
  }

  @Override
  public void createTempView(String name, LogicalPlan plan, boolean replace) {
    session.catalog().putView(name, plan, replace);
  }

  // ---- bounded queries ----------------------------------------------------------------------

  @Override
  public List<Row> collect(LogicalPlan plan) {
    StreamingRules.checkBatchAction(plan, "collect");
    List<Row> rows = new ArrayList<>();
    List<RecordBatch> batches = batches(plan, session.allocator());
    try {
      batches.forEach(batch -> rows.addAll(RowReader.rows(batch)));
    } finally {
      batches.forEach(RecordBatch::close);
    }
    return rows;
  }

  /** Runs a bounded plan; the caller owns the batches, which are in {@code target}'s memory. */
  public List<RecordBatch> batches(LogicalPlan plan, BufferAllocator target) {
    return DeepPlans.run(plan, () -> run(plan, target));
  }

  private List<RecordBatch> run(LogicalPlan plan, BufferAllocator target) {
    try (BoundedRun run = new BoundedRun(plan, services(SessionEngine::noSink))) {
      return run.batches(target);
    }
  }

  @Override
  public ArrowReader toArrow(LogicalPlan plan) {
    StreamingRules.checkBatchAction(plan, "toArrow");
    BufferAllocator memory = session.allocator().newChildAllocator("result", 0, Long.MAX_VALUE);
    try {
      return new BatchesReader(plan.schema(), batches(plan, memory), memory);
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  @Override
  public String showString(LogicalPlan plan, int rows, int truncate) {
    StreamingRules.checkBatchAction(plan, "show");
    List<Row> shown = collect(new Limit((long) rows + 1, plan));
    boolean more = shown.size() > rows;
    String table =
        ResultTable.format(
            more ? shown.subList(0, rows) : shown, plan.schema(), truncate, zone(conf()));
    return more ? table + "only showing top " + rows + (rows == 1 ? " row\n" : " rows\n") : table;
  }

  // ---- in-process data ----------------------------------------------------------------------

  /** A data frame over a stream that lives in this process; the session closes it. */
  public DataFrame stream(BatchLog log) {
    return load(session.inProcess().addStream(log), true);
  }

  /** A data frame over batches, which are borrowed; good until {@link #release}. */
  public DataFrame hold(String name, StructType schema, List<RecordBatch> batches) {
    return load(session.inProcess().addBatches(name, schema, batches), false);
  }

  /** Frees what {@link #hold} holds. */
  public void release(DataFrame held) {
    if (held.plan() instanceof BatchRelation relation) {
      session.inProcess().removeTable(relation.source());
    }
  }

  /** A table that queries find by name. */
  public MemoryTable createMemoryTable(String name, StructType schema) {
    MemoryTable table = new MemoryTable(name, schema, session.inProcess().allocator());
    SourceSpec spec = session.inProcess().addTable(table);
    session.catalog().dropTable(name);
    session
        .catalog()
        .putTable(
            name,
            new BatchRelation(spec, Session.attributes(schema)),
            () -> session.inProcess().removeTable(spec));
    return table;
  }

  /**
   * Where a streaming query writes the rows of a table.
   *
   * @param made whether the table is new
   */
  public record TableTarget(String path, List<String> partitionBy, boolean made) {}

  /**
   * The table that a streaming query is to write to, made if there is none of that name.
   *
   * @param path where a new one's files are; null for a directory of the warehouse
   */
  public TableTarget tableTarget(
      String name,
      String format,
      @Nullable String path,
      StructType schema,
      List<String> partitionBy) {
    return new TableTargets(session).target(name, format, path, schema, partitionBy);
  }

  /** Forgets a table whose query could not be started. */
  public void forgetTable(String name) {
    StoredTable table = session.catalog().stored(name);
    if (table != null) {
      session.catalog().forget(table);
    }
  }

  // ---- streaming queries --------------------------------------------------------------------

  /** Opens a sink for rows of a schema. */
  @FunctionalInterface
  public interface SinkOpener {
    /** Opens. */
    StreamSink open(StructType schema) throws IOException;
  }

  /** Opens a sink of a format that a connector knows. */
  public StreamSink openSink(SourceSpec spec, StructType schema, List<String> partitionBy)
      throws IOException {
    return session.connectors().sink(spec.format()).open(spec, schema, partitionBy);
  }

  private static StreamSink noSink(StructType schema) {
    throw new IllegalStateException("a bounded query has no sink: schema=" + schema.toDDL());
  }

  /** What a query asks of this session. */
  public QueryServices services(SinkOpener sink) {
    return new Services(sink, conf());
  }

  private static ZoneId zone(RuntimeConf conf) {
    String name = conf.get(RuntimeConf.TIME_ZONE);
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ArrowmillException(
          "INVALID_CONF_VALUE",
          "time zone must be known: key="
              + RuntimeConf.TIME_ZONE.key()
              + ", value="
              + name
              + "; use UTC or a name such as Europe/Vienna",
          e);
    }
  }

  private static KernelSettings kernels(RuntimeConf conf) {
    String mode = conf.get(RuntimeConf.KERNEL_MODE).toLowerCase(Locale.ROOT);
    KernelMode chosen =
        switch (mode) {
          case "auto" -> JvmFlags.hasVectorModule() ? KernelMode.SIMD : KernelMode.SCALAR;
          case "simd" -> KernelMode.SIMD;
          case "scalar" -> KernelMode.SCALAR;
          case "interpreted" -> KernelMode.INTERPRETED;
          default ->
              throw new ArrowmillException(
                  "INVALID_CONF_VALUE",
                  "kernel mode must be auto, simd, scalar or interpreted: value=" + mode);
        };
    return new KernelSettings(chosen, zone(conf));
  }

  /** One query's view of the session. */
  private final class Services implements QueryServices {
    private final SinkOpener sink;
    private final RuntimeConf conf;
    private final KernelSettings kernels;

    Services(SinkOpener sink, RuntimeConf conf) {
      this.sink = sink;
      this.conf = conf;
      this.kernels = SessionEngine.kernels(conf);
    }

    @Override
    public Workers workers() {
      return session.workers();
    }

    @Override
    public BufferAllocator allocator() {
      return session.allocator();
    }

    @Override
    public KernelSettings kernels() {
      return kernels;
    }

    @Override
    public RuntimeConf conf() {
      return conf;
    }

    @Override
    public InstantSource clock() {
      return session.clock();
    }

    @Override
    public LogicalPlan optimize(LogicalPlan plan) {
      return SessionEngine.this.optimize(plan);
    }

    @Override
    public StreamSource openStream(SourceSpec spec, SourceContext context) throws IOException {
      return session.sourceProvider(spec.format()).openStream(spec, context);
    }

    @Override
    public Runnable hold(SourceSpec spec) {
      return session.inProcess().hold(spec);
    }

    @Override
    public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) throws IOException {
      return session.sourceProvider(spec.format()).planBatch(spec, columns);
    }

    @Override
    public MemoryTable createMemoryTable(String name, StructType schema) {
      return SessionEngine.this.createMemoryTable(name, schema);
    }

    @Override
    public StreamSink openSink(StructType schema) throws IOException {
      return sink.open(schema);
    }

    @Override
    public void onProgress(StreamingQueryProgress progress) {
      session.streams().publishProgress(progress);
    }

    @Override
    public void onIdle(StreamExecution query) {
      session.streams().publishIdle(query);
    }

    @Override
    public void onTerminated(StreamExecution query) {
      session.streams().publishTerminated(query);
    }
  }
}
