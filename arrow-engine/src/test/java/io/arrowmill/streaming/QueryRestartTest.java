package io.arrowmill.streaming;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Functions;
import io.arrowmill.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries that go on from a checkpoint, in the session that holds their stream. */
@Timeout(90)
class QueryRestartTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Long> numbers = MemoryStream.of(session, Long.class);
  private final TreeMap<Long, Long> counts = new TreeMap<>();
  private final List<Long> batchIds = new ArrayList<>();
  private final AtomicBoolean fail = new AtomicBoolean();

  @TempDir Path directory;

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private DataFrame byRest() {
    return numbers.toDF().groupBy(Functions.col("value").mod(10).as("rest")).count();
  }

  /** A query that keeps the newest counts in {@link #counts}. */
  private StreamingQuery start(DataFrame frame) {
    return frame
        .writeStream()
        .outputMode("update")
        .option("checkpointLocation", directory.toString())
        .foreachBatch((rows, batchId) -> {
          batchIds.add(batchId);
          if (fail.get()) {
            throw new IOException("disk of the function is full");
          }
          rows.collect().forEach(row -> counts.put(row.getLong(0), row.getLong(1)));
        })
        .start();
  }

  @Test
  void goesOnWithItsIdItsBatchesAndItsState() {
    StreamingQuery first = start(byRest());
    numbers.addData(1L, 2L, 11L);
    first.processAllAvailable();
    first.stop();
    numbers.addData(21L, 3L);
    StreamingQuery second = start(byRest());
    second.processAllAvailable();

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.runId()).isNotEqualTo(first.runId());
    assertThat(batchIds).containsExactly(0L, 1L);
    assertThat(counts).containsEntry(1L, 3L).containsEntry(2L, 1L).containsEntry(3L, 1L).hasSize(3);
    StreamingQueryProgress progress = requireNonNull(second.lastProgress());
    assertThat(progress.batchId()).isEqualTo(1);
    assertThat(progress.numInputRows()).isEqualTo(2);
    assertThat(progress.stateOperators().getFirst().numRowsTotal()).isEqualTo(3);
  }

  @Test
  void batchThatFailedRunsAgainWithTheSameRows() {
    StreamingQuery query = start(byRest());
    numbers.addData(5L);
    query.processAllAvailable();
    fail.set(true);
    numbers.addData(15L, 6L);
    assertThatThrownBy(query::processAllAvailable)
        .isInstanceOf(StreamingQueryException.class)
        .hasMessageContaining("FOREACH_BATCH_USER_FUNCTION_ERROR")
        .hasMessageContaining("batchId=1")
        .hasMessageContaining("disk of the function is full");
    assertThat(query.isActive()).isFalse();

    fail.set(false);
    numbers.addData(25L); // not a part of the batch that was planned
    StreamingQuery again = start(byRest());
    again.processAllAvailable();
    assertThat(batchIds).containsExactly(0L, 1L, 1L, 2L);
    assertThat(counts).containsEntry(5L, 3L).containsEntry(6L, 1L).hasSize(2);
    assertThat(Arrays.stream(again.recentProgress()).map(StreamingQueryProgress::numInputRows))
        .containsExactly(2L, 1L);
  }

  @Test
  void manyRestartsTakeSnapshotsAndKeepTheCounts() throws IOException {
    session.conf().set("arrowmill.state.minDeltasForSnapshot", "1");
    for (long round = 0; round < 30; round++) {
      StreamingQuery query = start(byRest());
      numbers.addData(round, round + 100);
      query.processAllAvailable();
      query.stop();
    }

    assertThat(counts).hasSize(10);
    assertThat(counts.values()).containsOnly(6L);
    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .allMatch(
              name -> name.matches("operator-\\d+-batch-\\d+\\.(snapshot|changes)-\\d+\\.arrow"))
          .hasSizeLessThan(5);
    }
  }

  @Test
  void checkpointOfARunningQueryIsRefused() {
    StreamingQuery running = start(byRest());
    assertThatThrownBy(() -> start(byRest()))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("CHECKPOINT_IN_USE")
        .hasMessageContaining(directory.toString());
    numbers.addData(1L);
    running.processAllAvailable();
    assertThat(counts).containsEntry(1L, 1L);
    running.stop();
    start(byRest()).stop();
  }

  @Test
  void checkpointOfAnotherQueryIsRefused() {
    start(byRest()).stop();
    DataFrame other = numbers.toDF().groupBy("value").count();
    assertThatThrownBy(() -> start(other))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("CHECKPOINT_OF_ANOTHER_QUERY")
        .hasMessageContaining("rest BIGINT")
        .hasMessageContaining("value BIGINT")
        .hasMessageContaining("start a changed query with a checkpoint of its own");
    start(byRest()).stop();
  }

  @Test
  void onceAfterAFailedBatchRunsThatBatchFirst() {
    numbers.addData(1L);
    fail.set(true);
    StreamingQuery failing = start(byRest());
    assertThatThrownBy(failing::awaitTermination).isInstanceOf(StreamingQueryException.class);
    fail.set(false);
    numbers.addData(11L);
    StreamingQuery again =
        byRest()
            .writeStream()
            .outputMode("update")
            .trigger(Trigger.AvailableNow())
            .option("checkpointLocation", directory.toString())
            .foreachBatch((rows, batchId) ->
                rows.collect().forEach(row -> counts.put(batchId, row.getLong(1))))
            .start();
    again.awaitTermination();

    assertThat(counts).containsEntry(0L, 1L).containsEntry(1L, 2L).hasSize(2);
    assertThat(again.id()).isEqualTo(failing.id());
  }
}
