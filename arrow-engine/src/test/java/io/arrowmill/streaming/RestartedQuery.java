package io.arrowmill.streaming;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A query of one stateful operator over a stream in memory, in two tasks, that can be stopped and
 * goes on from its checkpoint. Snapshots of its state are taken after few batches.
 */
final class RestartedQuery implements AutoCloseable {
  private final Session session;
  private final MemoryStream<Row> events;
  private final UnaryOperator<DataFrame> plan;
  private final String outputMode;
  private final Path checkpoint;
  private final List<Row> given = new ArrayList<>();
  private StreamingQuery query;

  /**
   * Starts the query.
   *
   * @param schema of the stream
   * @param plan what the query makes of the stream
   */
  RestartedQuery(
      StructType schema, UnaryOperator<DataFrame> plan, String outputMode, Path checkpoint) {
    this.session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    this.events = MemoryStream.of(session, schema);
    this.plan = plan;
    this.outputMode = outputMode;
    this.checkpoint = checkpoint;
    session.conf().set("arrowmill.state.minDeltasForSnapshot", "3");
    this.query = start();
  }

  private StreamingQuery start() {
    return plan.apply(events.toDF())
        .writeStream()
        .outputMode(outputMode)
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((rows, batchId) -> {
          given.addAll(rows.collect());
        })
        .start();
  }

  /** Stops the query and starts it again. */
  void restart() {
    query.stop();
    query = start();
  }

  /**
   * Adds rows, part by part, which may come in one batch or in several.
   *
   * @return what the query has given of them, in order
   */
  List<Row> process(List<List<Row>> parts) {
    given.clear();
    parts.forEach(events::addData);
    query.processAllAvailable();
    return List.copyOf(given);
  }

  /** What the last batch says of the operator's state. */
  StateOperatorProgress state() {
    return Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst();
  }

  @Override
  public void close() {
    query.stop();
    session.close();
  }
}
