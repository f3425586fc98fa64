package io.arrowmill.oracle;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.expr;

import io.arrowmill.ArrowmillException;
import io.arrowmill.ClockedSession;
import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The engine under test. */
final class ArrowmillEngine implements Engine {
  private final Session session;

  /** An engine that evaluates expressions in the given kernel mode. */
  ArrowmillEngine(String kernelMode) {
    this(kernelMode, InstantSource.system());
  }

  /** An engine whose batches have the time of a clock. */
  ArrowmillEngine(String kernelMode, InstantSource clock) {
    Session.Builder builder =
        Session.builder()
            .appName("oracle")
            .config("arrowmill.kernel.mode", kernelMode)
            .config("arrowmill.workers", 2);
    this.session = ClockedSession.of(builder, clock).getOrCreate();
  }

  @Override
  public StreamOutcome run(StreamCase testCase) {
    return run(testCase, false);
  }

  @Override
  public StreamOutcome runWithRestarts(StreamCase testCase) {
    return run(testCase, true);
  }

  /** A query over one or two streams, and what has come out of it. */
  private final class Run {
    final StreamCase testCase;
    final Path checkpoint;
    final List<MemoryStream<Row>> streams;
    final Map<Long, List<String>> rows = new ConcurrentSkipListMap<>();
    final Map<Long, StreamingQueryProgress> progress = new TreeMap<>();

    Run(StreamCase testCase, Path checkpoint) {
      this.testCase = testCase;
      this.checkpoint = checkpoint;
      this.streams =
          List.of(
              MemoryStream.of(session, testCase.schema()),
              MemoryStream.of(session, testCase.schema()));
    }

    StreamingQuery start() {
      return apply(streams.getFirst().toDF(), testCase.steps(), streams.getLast())
          .writeStream()
          .outputMode(testCase.mode())
          .option("checkpointLocation", checkpoint.toString())
          .foreachBatch((batch, id) -> {
            List<String> texts = new ArrayList<>();
            batch.collect().forEach(row -> texts.add(RowText.of(row)));
            if (!testCase.isSorted()) {
              texts.sort(null);
            }
            rows.put(id, texts);
          })
          .start();
    }

    void run(boolean restarts) {
      StreamingQuery query = start();
      try {
        for (int i = 0; i < testCase.batches().size(); i++) {
          if (restarts && i > 0) {
            stop(query);
            query = start();
          }
          streams.get(testCase.streams().get(i)).addData(testCase.batches().get(i));
          query.processAllAvailable();
        }
      } finally {
        stop(query);
      }
    }

    private void stop(StreamingQuery query) {
      query.stop();
      for (StreamingQueryProgress each : query.recentProgress()) {
        progress.put(each.batchId(), each);
      }
    }
  }

  private void configure(StreamCase testCase) {
    session.conf().set("arrowmill.watermark.policy", testCase.watermarkPolicy());
    session.conf().set("arrowmill.streaming.noDataBatches", "" + testCase.noDataBatches());
  }

  /** Runs a case whose clock is moved: the one that this engine has. */
  TimedOutcome run(TimedCase testCase, MovableClock clock, boolean restarts) {
    StreamCase query = testCase.query();
    configure(query);
    TimedOutcome.Builder outcome = new TimedOutcome.Builder();
    Path checkpoint = temporaryDirectory();
    MemoryStream<Row> stream = MemoryStream.of(session, query.schema());
    try {
      DataFrame frame = apply(stream.toDF(), query.steps(), stream);
      ArrowmillTimedRun run = new ArrowmillTimedRun(testCase, clock, stream, frame, checkpoint);
      if (restarts) {
        run.runWithRestarts(outcome);
      } else {
        run.run(outcome);
      }
      return outcome.build(null);
    } catch (ArrowmillException e) {
      return outcome.build(condition(e));
    } finally {
      delete(checkpoint);
    }
  }

  private StreamOutcome run(StreamCase testCase, boolean restarts) {
    configure(testCase);
    String error = null;
    Path checkpoint = temporaryDirectory();
    Run run = new Run(testCase, checkpoint);
    try {
      run.run(restarts);
    } catch (ArrowmillException e) {
      error = condition(e);
    } finally {
      delete(checkpoint);
    }
    List<StreamOutcome.Batch> batches = new ArrayList<>();
    run.rows.forEach((id, texts) -> {
      StreamingQueryProgress known = run.progress.get(id);
      if (known != null) {
        batches.add(
            new StreamOutcome.Batch(
                id,
                texts,
                known.eventTime().getOrDefault("watermark", ""),
                known.stateOperators().stream().map(ArrowmillEngine::state).toList(),
                metrics(known)));
      }
    });
    return new StreamOutcome(batches, error);
  }

  private static List<String> metrics(StreamingQueryProgress progress) {
    return progress.observedMetrics().entrySet().stream()
        .map(each -> each.getKey() + " " + RowText.of(each.getValue()))
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

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("oracle");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataFrame apply(DataFrame input, List<Step> steps, MemoryStream<Row> other) {
    DataFrame frame = input;
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
                    apply(other.toDF(), join.steps(), other), expr(join.condition()), join.type());
            case Step.JoinWithTable join -> joinWithTable(frame, join);
            case Step.DropDuplicates drop when drop.withinWatermark() ->
                frame.dropDuplicatesWithinWatermark(drop.columns().toArray(String[]::new));
            case Step.DropDuplicates drop ->
                frame.dropDuplicates(drop.columns().toArray(String[]::new));
            case Step.Limit limit -> frame.limit(limit.count());
            case Step.Observe observe -> observe(frame, observe);
            case Step.CallProcessor call -> ArrowmillProcessor.apply(frame, call.rule());
            case Step.CallStateFunction call -> ArrowmillStates.apply(session, frame, call.rule());
            case Step.Sort sort ->
                frame.sort(
                    sort.columns().stream()
                        .map(name -> sort.ascending() ? col(name).asc() : col(name).desc())
                        .toArray(Column[]::new));
          };
    }
    return frame;
  }

  private static DataFrame observe(DataFrame frame, Step.Observe observe) {
    List<Column> metrics = new ArrayList<>();
    observe.metrics().forEach(text -> metrics.add(expr(text)));
    return frame.observe(
        observe.name(),
        metrics.getFirst(),
        metrics.subList(1, metrics.size()).toArray(Column[]::new));
  }

  private DataFrame joinWithTable(DataFrame frame, Step.JoinWithTable join) {
    DataFrame table = session.createDataFrame(join.rows(), join.schema());
    return join.tableFirst()
        ? table.join(frame, expr(join.condition()), join.type())
        : frame.join(table, expr(join.condition()), join.type());
  }

  private static DataFrame group(DataFrame frame, Step.Group group) {
    Column[] keys = group.keys().stream().map(io.arrowmill.Functions::expr).toArray(Column[]::new);
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
      DataFrame result =
          session.createDataFrame(rows, schema).selectExpr(expressions.toArray(String[]::new));
      return TableOutcome.of(result.collect().stream().map(RowText::values).toList());
    } catch (ArrowmillException e) {
      return TableOutcome.failed(condition(e), e);
    } catch (RuntimeException e) {
      return TableOutcome.failed("bug: " + e, e);
    }
  }

  /** The condition of the first cause: what went wrong, not who noticed. */
  private static String condition(ArrowmillException error) {
    String condition = error.condition();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArrowmillException known) {
        condition = known.condition();
      }
    }
    return condition;
  }

  @Override
  public void close() {
    session.close();
  }
}
