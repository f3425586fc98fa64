package io.arrowmill;

import io.arrowmill.analysis.Analyzer;
import io.arrowmill.codegen.compile.LaneSelfTest;
import io.arrowmill.connector.Connectors;
import io.arrowmill.connector.SourceProvider;
import io.arrowmill.operator.Workers;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.Required;
import io.arrowmill.runtime.JvmFlags;
import io.arrowmill.runtime.RuntimeConf;
import io.arrowmill.state.MemoryLevel;
import io.arrowmill.streaming.DataStreamReader;
import io.arrowmill.streaming.StreamingQueryManager;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Where queries start: reads, runs SQL, and owns the threads and the off-heap memory of all its
 * queries.
 *
 * <p>Safe for any thread. Several sessions may live in one JVM; each is closed once, which stops
 * its queries and checks that all memory was given back.
 */
public final class Session implements AutoCloseable {
  private final String appName;
  private final InstantSource clock;
  private final SessionConf conf;
  private final BufferAllocator allocator;
  private final Workers workers;
  private final Connectors connectors = Connectors.load();
  private final Catalog catalog = new Catalog();
  private final InProcessData inProcess;
  private final Analyzer analyzer;
  private final SessionEngine engine;
  private final StreamingQueryManager streams;
  private boolean closed;

  private Session(Builder builder) {
    JvmFlags.check();
    this.appName = builder.appName;
    this.clock = builder.clock;
    this.conf = new SessionConf(builder.settings);
    RuntimeConf snapshot = conf.snapshot();
    long limit = snapshot.getLong(RuntimeConf.MEMORY_LIMIT);
    this.allocator =
        new RootAllocator(
            MemoryLevel.noting(builder.allocations), limit == 0 ? Long.MAX_VALUE : limit);
    long threads = snapshot.getLong(RuntimeConf.WORKERS);
    int cores = Runtime.getRuntime().availableProcessors();
    this.workers = new Workers(threads == 0 ? cores : Math.toIntExact(threads));
    this.inProcess =
        new InProcessData(allocator.newChildAllocator("in-process data", 0, Long.MAX_VALUE));
    this.analyzer = new Analyzer(catalog, io.arrowmill.analysis.AnalysisConf.DEFAULT);
    this.engine = new SessionEngine(this);
    this.streams = new StreamingQueryManager();
    if (JvmFlags.hasVectorModule()) {
      LaneSelfTest.begin();
    }
  }

  /** A builder of sessions. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects a session's settings. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private String appName = "arrowmill";
    private InstantSource clock = InstantSource.system();
    private AllocationListener allocations = AllocationListener.NOOP;

    private Builder() {}

    /** Names the session, for messages. */
    public Builder appName(String name) {
      appName = name;
      return this;
    }

    /**
     * Accepted for the sake of programs written for Spark; the threads are {@code
     * arrowmill.workers}.
     */
    public Builder master(String ignored) {
      return this;
    }

    /** Sets a value. */
    public Builder config(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** Sets a value. */
    public Builder config(String key, long value) {
      return config(key, Long.toString(value));
    }

    /** Sets a value. */
    public Builder config(String key, boolean value) {
      return config(key, Boolean.toString(value));
    }

    /** Takes the time of batches from another clock than the system's. */
    Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /** Hears of every allocation of off-heap memory, and may refuse it. */
    Builder allocations(AllocationListener listener) {
      allocations = listener;
      return this;
    }

    /**
     * Makes the session.
     *
     * @throws ArrowmillException with condition {@code JVM_FLAGS_MISSING} if the JVM lacks flags;
     *     the message has them ready to paste
     */
    public Session getOrCreate() {
      return new Session(this);
    }
  }

  /** The session's name. */
  public String appName() {
    return appName;
  }

  /** The session's settings. */
  public SessionConf conf() {
    return conf;
  }

  /** The session's views and tables. */
  public Catalog catalog() {
    return catalog;
  }

  /** The session's streaming queries. */
  public StreamingQueryManager streams() {
    return streams;
  }

  /** Reads bounded data. */
  public DataFrameReader read() {
    return new DataFrameReader(this);
  }

  /** Reads unbounded data. */
  public DataStreamReader readStream() {
    return new DataStreamReader(this);
  }

  /** Runs a SQL statement; the result of a command is a table too. */
  public DataFrame sql(String text) {
    return new SqlCommands(this).run(text);
  }

  /** A view or table. */
  public DataFrame table(String name) {
    return dataFrame(new UnresolvedRelation(name, false));
  }

  /** The numbers from 0 up to, but without, {@code end}, as column {@code id}. */
  public DataFrame range(long end) {
    return range(0, end, 1);
  }

  /** The numbers from {@code start} up to, but without, {@code end}, as column {@code id}. */
  public DataFrame range(long start, long end) {
    return range(start, end, 1);
  }

  /**
   * Every {@code step}-th number from {@code start} up to, but without, {@code end}, as column
   * {@code id}.
   */
  public DataFrame range(long start, long end, long step) {
    if (step == 0) {
      throw new AnalysisException(
          "INVALID_RANGE_STEP", "step of a range must not be 0: start=" + start + ", end=" + end);
    }
    return dataFrame(
        new RangeRelation(start, end, step, Attribute.of("id", DataTypes.LONG, false)));
  }

  /** A table of the given rows. */
  public DataFrame createDataFrame(List<Row> rows, StructType schema) {
    for (Row row : rows) {
      Required.given(row, "row of a table");
      if (row.size() != schema.size()) {
        throw new AnalysisException(
            "ROW_SIZE_MISMATCH",
            "a row must have one value a field: row=" + row + ", schema=" + schema.toDDL());
      }
    }
    return dataFrame(new LocalRelation(attributes(schema), rows));
  }

  /** A table of records; the record's components are its columns. */
  public <R extends Record> DataFrame createDataFrame(List<R> records, Class<R> type) {
    RecordMapping<R> mapping = RecordMapping.of(type);
    List<Row> rows = new ArrayList<>(records.size());
    records.forEach(value -> rows.add(mapping.toRow(value)));
    return createDataFrame(rows, mapping.schema());
  }

  /** A table of what {@code reader} gives, which is read to its end now; the caller closes it. */
  public DataFrame fromArrow(ArrowReader reader) {
    return ArrowImport.read(this, reader);
  }

  /** The same as {@link #close()}. */
  public void stop() {
    close();
  }

  /** Stops all queries and frees all memory. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    streams.stopAll();
    workers.close();
    inProcess.close();
    allocator.close();
  }

  // ---- for the classes of the API -----------------------------------------------------------

  DataFrame dataFrame(LogicalPlan plan) {
    return new DataFrame(engine, plan);
  }

  static List<Attribute> attributes(StructType schema) {
    return schema.fields().stream()
        .map(field -> Attribute.of(field.name(), field.type(), field.nullable()))
        .toList();
  }

  SourceProvider sourceProvider(String format) {
    return format.equals(InProcessData.FORMAT) ? inProcess : connectors.source(format);
  }

  Connectors connectors() {
    return connectors;
  }

  Analyzer analyzer() {
    return analyzer;
  }

  /** What the packages of this API share; programs have no use for it. */
  public SessionEngine engine() {
    return engine;
  }

  InstantSource clock() {
    return clock;
  }

  Workers workers() {
    return workers;
  }

  /** The session's memory; vectors made from it go into an {@code ArrowStream} without a copy. */
  public BufferAllocator allocator() {
    return allocator;
  }

  InProcessData inProcess() {
    return inProcess;
  }
}
