package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.connector.StepSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries from start to stop; closing the session checks that all memory is back. */
@Timeout(60)
class QueryLifeTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Long> numbers = MemoryStream.of(session, Long.class);

  @AfterEach
  void nothingLeaks() {
    session.close();
    assertThat(queryThreads()).isEmpty();
  }

  private static List<String> queryThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("arrowmill-query-life"))
        .toList();
  }

  private DataStreamWriter writer(String name) {
    return numbers.toDF().writeStream().format("memory").queryName(name);
  }

  private List<Row> table(String name) {
    return session.sql("SELECT value FROM " + name + " ORDER BY value").collect();
  }

  @Test
  void runsAsSoonAsThereIsDataUnlessToldOtherwise() {
    StreamingQuery query = writer("life").start();
    numbers.addData(2L, 1L);
    query.processAllAvailable();
    assertThat(table("life")).containsExactly(Row.of(1L), Row.of(2L));

    numbers.addData(3L);
    query.processAllAvailable();
    assertThat(table("life")).containsExactly(Row.of(1L), Row.of(2L), Row.of(3L));
    assertThat(query.isActive()).isTrue();
    assertThat(query.exception()).isNull();
  }

  @Test
  void processAllAvailableDoesNotWaitForTheInterval() {
    StreamingQuery query =
        writer("life").trigger(Trigger.ProcessingTime(Duration.ofHours(1))).start();
    for (long i = 0; i < 3; i++) {
      numbers.addData(i);
      query.processAllAvailable();
      assertThat(table("life")).hasSize((int) i + 1);
    }
  }

  @Test
  void onceTakesAllInOneBatchAndEnds() {
    numbers.addData(1L);
    numbers.addData(2L);
    StreamingQuery query = writer("life").trigger(Trigger.Once()).start();
    query.awaitTermination();

    assertThat(table("life")).containsExactly(Row.of(1L), Row.of(2L));
    assertThat(query.recentProgress()).hasSize(1);
    assertThat(query.isActive()).isFalse();
  }

  @Test
  void availableNowTakesAllAndEnds() {
    numbers.addData(1L);
    numbers.addData(2L, 3L);
    StreamingQuery query = writer("life").trigger(Trigger.AvailableNow()).start();
    query.awaitTermination();

    assertThat(table("life")).containsExactly(Row.of(1L), Row.of(2L), Row.of(3L));
    assertThat(query.isActive()).isFalse();
    assertThat(query.status().message()).isEqualTo("Stopped");
  }

  @Test
  void awaitTerminationSaysWhetherTheTimeWasOver() {
    StreamingQuery query = writer("life").start();
    assertThat(query.awaitTermination(20)).isFalse();
    query.stop();
    assertThat(query.awaitTermination(20)).isTrue();
    assertThat(query.exception()).isNull();
  }

  @Test
  void stopsOnceAndForAll() {
    StreamingQuery query = writer("life").start();
    query.stop();
    query.stop();
    assertThat(query.isActive()).isFalse();
    assertThat(session.streams().active()).isEmpty();
    query.processAllAvailable();
    query.awaitTermination();
  }

  @Test
  void nameIsFreeAgainWhenTheQueryHasEnded() {
    for (int i = 0; i < 20; i++) {
      writer("life").trigger(Trigger.AvailableNow()).start().awaitTermination();
    }
    assertThat(session.streams().active()).isEmpty();
  }

  @Test
  void severalQueriesReadTheSameStream() {
    StreamingQuery all = writer("life_all").start();
    StreamingQuery even =
        numbers
            .toDF()
            .where("value % 2 = 0")
            .writeStream()
            .format("memory")
            .queryName("life_even")
            .start();
    numbers.addData(1L, 2L, 3L, 4L);
    all.processAllAvailable();
    even.processAllAvailable();

    assertThat(table("life_all")).hasSize(4);
    assertThat(table("life_even")).containsExactly(Row.of(2L), Row.of(4L));
    assertThat(session.streams().active()).containsExactlyInAnyOrder(all, even);
    assertThat(session.streams().get(even.id())).isSameAs(even);
    assertThat(session.streams().get(all.id().toString())).isSameAs(all);
    even.stop();
    assertThat(session.streams().active()).containsExactly(all);
    assertThat(session.streams().get(even.id())).isNull();
  }

  /** Another query commits them before the first source of this one is open. */
  @Test
  void rowsThatComeBeforeSourcesAreOpenReachTheQuery() {
    CountDownLatch mayOpen = new CountDownLatch(1);
    StepSource.SCRIPTS.put(
        "life",
        new StepSource.Script() {
          @Override
          public int steps() {
            return 0;
          }

          @Override
          public void opening() {
            try {
              assertThat(mayOpen.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    StreamingQuery other = writer("life_other").start();
    StreamingQuery query =
        session
            .readStream()
            .format("steps")
            .option("script", "life")
            .load()
            .select("value")
            .union(numbers.toDF())
            .writeStream()
            .format("memory")
            .queryName("life_late")
            .start();
    numbers.addData(1L, 2L);
    other.processAllAvailable();
    assertThat(table("life_other")).containsExactly(Row.of(1L), Row.of(2L));
    mayOpen.countDown();
    query.processAllAvailable();
    assertThat(table("life_late")).containsExactly(Row.of(1L), Row.of(2L));
    StepSource.SCRIPTS.remove("life");
  }

  @Test
  void nameOfARunningQueryIsTaken() {
    StreamingQuery running = writer("life").start();
    numbers.addData(1L);
    running.processAllAvailable();

    assertThatThrownBy(() -> writer("life").start())
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("CONCURRENT_QUERY")
        .hasMessageContaining("name=life")
        .hasMessageContaining("runningId=" + running.id());
    assertThat(table("life")).as("rows of the running query").containsExactly(Row.of(1L));
    numbers.addData(2L);
    running.processAllAvailable();
    assertThat(table("life")).containsExactly(Row.of(1L), Row.of(2L));
  }

  @Test
  void awaitAnyTerminationReturnsWhenOneHasEnded() {
    StreamingQueryManager streams = session.streams();
    StreamingQuery lasting = writer("life_lasting").start();
    assertThat(streams.awaitAnyTermination(20)).isFalse();
    writer("life_short").trigger(Trigger.Once()).start();
    streams.awaitAnyTermination();

    assertThat(streams.awaitAnyTermination(20)).isTrue();
    streams.resetTerminated();
    assertThat(streams.awaitAnyTermination(20)).isFalse();
    assertThat(lasting.isActive()).isTrue();
  }

  @Test
  void awaitAnyTerminationTellsTheFailure() {
    StreamingQuery query =
        numbers
            .toDF()
            .select(col("value").divide(col("value").minus(1)).as("x"))
            .writeStream()
            .format("memory")
            .queryName("life_failing")
            .start();
    numbers.addData(1L);

    assertThatThrownBy(() -> session.streams().awaitAnyTermination(30_000))
        .isInstanceOf(StreamingQueryException.class)
        .hasMessageContaining("DIVIDE_BY_ZERO");
    StreamingQueryException failure = requireNonNull(query.exception());
    assertThat(failure.condition()).isEqualTo("DIVIDE_BY_ZERO");
    assertThat(query.isActive()).isFalse();
    session.streams().resetTerminated();
    assertThat(session.streams().awaitAnyTermination(20)).isFalse();
  }

  @Test
  void closingTheSessionStopsItsQueries() {
    AtomicInteger batches = new AtomicInteger();
    StreamingQuery query =
        numbers
            .toDF()
            .writeStream()
            .queryName("life_foreach")
            .foreachBatch((rows, batchId) -> batches.incrementAndGet())
            .start();
    numbers.addData(1L);
    query.processAllAvailable();
    session.close();

    assertThat(query.isActive()).isFalse();
    assertThat(batches).hasValue(1);
  }
}
