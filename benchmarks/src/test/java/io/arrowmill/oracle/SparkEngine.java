package io.arrowmill.oracle;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.runtime.MemoryStream;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.jspecify.annotations.Nullable;

/** The oracle: Spark in this JVM, with one core and one partition. */
final class SparkEngine implements Engine {
  private final SparkSession session;

  SparkEngine() {
    this.session =
        SparkSession.builder()
            .appName("oracle")
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.streaming.forceDeleteTempCheckpointLocation", "true")
            .config("spark.sql.streaming.numRecentProgressUpdates", "1000")
            .config("spark.sql.streaming.stateStore.maintenanceInterval", "1h")
            .config("spark.hadoop.fs.file.impl", PlainLocalFileSystem.class.getName())
            .config(
                "spark.sql.streaming.checkpointFileManagerClass",
                "org.apache.spark.sql.execution.streaming.checkpointing."
                    + "FileSystemBasedCheckpointFileManager")
            .getOrCreate();
  }

  @Override
  public StreamOutcome runWithRestarts(StreamCase testCase) {
    throw new UnsupportedOperationException("the oracle is not restarted");
  }

  @Override
  public StreamOutcome run(StreamCase testCase) {
    Map<Long, List<String>> rows = new ConcurrentSkipListMap<>();
    Map<Long, StreamingQueryProgress> progress = new TreeMap<>();
    String error = null;
    configure(testCase);
    try {
      List<MemoryStream<org.apache.spark.sql.Row>> streams =
          List.of(stream(testCase.schema()), stream(testCase.schema()));
      StreamingQuery query =
          apply(streams.getFirst().toDF(), testCase.steps(), streams.getLast())
              .writeStream()
              .outputMode(testCase.mode())
              .foreachBatch(
                  (VoidFunction2<Dataset<org.apache.spark.sql.Row>, Long>)
                      (batch, id) -> rows.put(id, texts(batch, testCase.isSorted())))
              .start();
      try {
        for (int i = 0; i < testCase.batches().size(); i++) {
          List<org.apache.spark.sql.Row> batch =
              testCase.batches().get(i).stream().map(SparkRows::toSpark).toList();
          streams.get(testCase.streams().get(i)).addData(SparkRows.sequence(batch));
          query.processAllAvailable();
        }
      } finally {
        query.stop();
        for (StreamingQueryProgress each : query.recentProgress()) {
          progress.put(each.batchId(), each);
        }
      }
    } catch (TimeoutException e) {
      throw new IllegalStateException("query must start and stop in time", e);
    } catch (Exception e) { // Spark's checked exceptions are not declared
      error = condition(e);
    }
    List<StreamOutcome.Batch> batches = new ArrayList<>();
    rows.forEach((id, texts) -> {
      StreamingQueryProgress known = progress.get(id);
      if (known != null) {
        batches.add(
            new StreamOutcome.Batch(
                id,
                texts,
                known.eventTime().getOrDefault("watermark", ""),
                Stream.of(known.stateOperators()).map(SparkEngine::state).toList(),
                metrics(known)));
      }
    });
    return new StreamOutcome(batches, error);
  }

  private void configure(StreamCase testCase) {
    session.conf().set("spark.sql.streaming.multipleWatermarkPolicy", testCase.watermarkPolicy());
    session.conf().set("spark.sql.streaming.noDataMicroBatches.enabled", testCase.noDataBatches());
    session.conf().set("spark.sql.streaming.stateStore.providerClass", stateStore(testCase));
  }

  /** Runs a case whose clock is moved. */
  TimedOutcome run(TimedCase testCase) {
    TimedOutcome.Builder outcome = new TimedOutcome.Builder();
    StreamCase query = testCase.query();
    configure(query);
    try {
      MemoryStream<org.apache.spark.sql.Row> stream = stream(query.schema());
      Dataset<org.apache.spark.sql.Row> frame = apply(stream.toDF(), query.steps(), stream);
      new SparkTimedRun((org.apache.spark.sql.classic.SparkSession) session, testCase, frame)
          .run(stream, outcome);
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return outcome.build(condition(e));
    }
    return outcome.build(null);
  }

  /**
   * Whether a query over the streams {@code a} and {@code b} and the table {@code t} runs.
   *
   * @return {@code runs}, or what was wrong
   */
  String verdict(String sql, String mode, StructType schema, List<Row> rows) {
    MemoryStream<org.apache.spark.sql.Row> a = stream(schema);
    MemoryStream<org.apache.spark.sql.Row> b = stream(schema);
    List<org.apache.spark.sql.Row> sparkRows = rows.stream().map(SparkRows::toSpark).toList();
    a.toDF().createOrReplaceTempView("a");
    b.toDF().createOrReplaceTempView("b");
    a.toDF().withWatermark("ts", "5 seconds").createOrReplaceTempView("late_a");
    b.toDF().withWatermark("ts", "5 seconds").createOrReplaceTempView("late_b");
    session.createDataFrame(sparkRows, SparkRows.schema(schema)).createOrReplaceTempView("t");
    try {
      StreamingQuery query = session.sql(sql).writeStream().outputMode(mode).format("noop").start();
      try {
        a.addData(SparkRows.sequence(sparkRows));
        b.addData(SparkRows.sequence(sparkRows));
        query.processAllAvailable();
      } finally {
        query.stop();
      }
      return "runs";
    } catch (TimeoutException e) {
      throw new IllegalStateException("query must start and stop in time", e);
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return condition(e);
    }
  }

  /** Spark keeps the state of processors in one of its stores only. */
  private static String stateStore(StreamCase testCase) {
    boolean processor = testCase.steps().stream().anyMatch(Step.CallProcessor.class::isInstance);
    return "org.apache.spark.sql.execution.streaming.state."
        + (processor ? "RocksDBStateStoreProvider" : "HDFSBackedStateStoreProvider");
  }

  private MemoryStream<org.apache.spark.sql.Row> stream(StructType schema) {
    return MemoryStream.apply(Encoders.row(SparkRows.schema(schema)), session);
  }

  private static List<String> metrics(StreamingQueryProgress progress) {
    return progress.observedMetrics().entrySet().stream()
        .map(each -> each.getKey() + " " + RowText.of(SparkRows.fromSpark(each.getValue())))
        .sorted()
        .toList();
  }

  static StreamOutcome.State state(StateOperatorProgress operator) {
    return new StreamOutcome.State(
        operator.operatorName(),
        operator.numRowsTotal(),
        operator.numRowsRemoved(),
        operator.numRowsDroppedByWatermark());
  }

  private static List<String> texts(Dataset<org.apache.spark.sql.Row> batch, boolean sorted) {
    List<String> texts = new ArrayList<>();
    for (org.apache.spark.sql.Row row : batch.collectAsList()) {
      texts.add(RowText.of(SparkRows.fromSpark(row)));
    }
    if (!sorted) {
      texts.sort(null);
    }
    return texts;
  }

  /** What steps make of a table, as text; the order of rows means nothing. */
  List<List<String>> table(StructType schema, List<Row> rows, List<Step> steps) {
    Dataset<org.apache.spark.sql.Row> table =
        session.createDataFrame(
            rows.stream().map(SparkRows::toSpark).toList(), SparkRows.schema(schema));
    return apply(table, steps, stream(schema)).collectAsList().stream()
        .map(row -> RowText.values(SparkRows.fromSpark(row)))
        .toList();
  }

  private Dataset<org.apache.spark.sql.Row> apply(
      Dataset<org.apache.spark.sql.Row> input,
      List<Step> steps,
      MemoryStream<org.apache.spark.sql.Row> other) {
    Dataset<org.apache.spark.sql.Row> frame = input;
    for (Step step : steps) {
      frame =
          switch (step) {
            case Step.Select select ->
                frame.selectExpr(select.expressions().toArray(String[]::new));
            case Step.Where where -> frame.where(where.condition());
            case Step.WithColumn column ->
                frame.withColumn(column.name(), expr(column.expression()));
            case Step.Drop drop -> frame.drop(drop.name());
            case Step.Rename rename -> frame.withColumnRenamed(rename.existing(), rename.renamed());
            case Step.Alias alias -> frame.as(alias.name());
            case Step.UnionOfItself union -> frame.union(frame.where(union.condition()));
            case Step.UnionOfWatermarks union ->
                frame
                    .withWatermark(union.column(), union.delay())
                    .union(
                        frame
                            .where(union.condition())
                            .withWatermark(union.column(), union.delay()));
            case Step.UnionOfSelects union ->
                frame
                    .selectExpr(union.first().toArray(String[]::new))
                    .union(frame.selectExpr(union.second().toArray(String[]::new)));
            case Step.Watermark watermark ->
                frame.withWatermark(watermark.column(), watermark.delay());
            case Step.Group group -> group(frame, group);
            case Step.UnionOfOther union -> frame.union(apply(other.toDF(), union.steps(), other));
            case Step.JoinWithOther join ->
                frame.join(
                    apply(other.toDF(), join.steps(), other),
                    org.apache.spark.sql.functions.expr(join.condition()),
                    join.type());
            case Step.JoinWithTable join -> joinWithTable(frame, join);
            case Step.DropDuplicates drop when drop.withinWatermark() ->
                drop.columns().isEmpty()
                    ? frame.dropDuplicatesWithinWatermark()
                    : frame.dropDuplicatesWithinWatermark(drop.columns().toArray(String[]::new));
            case Step.DropDuplicates drop ->
                drop.columns().isEmpty()
                    ? frame.dropDuplicates()
                    : frame.dropDuplicates(drop.columns().toArray(String[]::new));
            case Step.Limit limit -> frame.limit(limit.count());
            case Step.Observe observe -> observe(frame, observe);
            case Step.CallProcessor call -> SparkProcessor.apply(frame, call.rule());
            case Step.CallStateFunction call -> SparkStates.apply(session, frame, call.rule());
            case Step.Sort sort ->
                frame.sort(
                    sort.columns().stream()
                        .map(name -> sort.ascending() ? col(name).asc() : col(name).desc())
                        .toArray(Column[]::new));
          };
    }
    return frame;
  }

  private static Dataset<org.apache.spark.sql.Row> observe(
      Dataset<org.apache.spark.sql.Row> frame, Step.Observe observe) {
    List<Column> metrics = new ArrayList<>();
    observe.metrics().forEach(text -> metrics.add(expr(text)));
    return frame.observe(
        observe.name(),
        metrics.getFirst(),
        metrics.subList(1, metrics.size()).toArray(Column[]::new));
  }

  private Dataset<org.apache.spark.sql.Row> joinWithTable(
      Dataset<org.apache.spark.sql.Row> frame, Step.JoinWithTable join) {
    Dataset<org.apache.spark.sql.Row> table =
        session.createDataFrame(
            join.rows().stream().map(SparkRows::toSpark).toList(), SparkRows.schema(join.schema()));
    return join.tableFirst()
        ? table.join(frame, expr(join.condition()), join.type())
        : frame.join(table, expr(join.condition()), join.type());
  }

  private static Dataset<org.apache.spark.sql.Row> group(
      Dataset<org.apache.spark.sql.Row> frame, Step.Group group) {
    Column[] keys = group.keys().stream().map(text -> expr(text)).toArray(Column[]::new);
    List<Column> aggregates = new ArrayList<>();
    group.aggregates().forEach(text -> aggregates.add(expr(text)));
    return frame
        .groupBy(keys)
        .agg(
            aggregates.getFirst(), aggregates.subList(1, aggregates.size()).toArray(Column[]::new));
  }

  @Override
  public TableOutcome select(StructType schema, List<Row> rows, List<String> expressions) {
    try {
      List<org.apache.spark.sql.Row> result =
          session
              .createDataFrame(
                  rows.stream().map(SparkRows::toSpark).toList(), SparkRows.schema(schema))
              .selectExpr(expressions.toArray(String[]::new))
              .collectAsList();
      return TableOutcome.of(
          result.stream().map(row -> RowText.values(SparkRows.fromSpark(row))).toList());
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return TableOutcome.failed(condition(e), e);
    }
  }

  /** The condition of the first cause: what went wrong, not who noticed. */
  private static String condition(Throwable error) {
    String condition = null;
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known && known.getCondition() != null) {
        condition = known.getCondition();
      }
    }
    return condition == null ? error.toString() : condition;
  }

  @Override
  public void close() {
    session.stop();
  }
}
