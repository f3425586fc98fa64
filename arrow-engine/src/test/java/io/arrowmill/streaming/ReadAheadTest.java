package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.DataFrame;
import io.arrowmill.Functions;
import io.arrowmill.Session;
import io.arrowmill.connector.StepSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches that are planned and read while the batch before is committed. Batch {@code n} of the
 * source has the values from {@code 1000 n}, so that what each must give is known by a rule.
 */
@Timeout(90)
class ReadAheadTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final TreeMap<Long, List<Long>> given = new TreeMap<>();

  @TempDir Path directory;

  @AfterEach
  void nothingLeaks() {
    StepSource.SCRIPTS.clear();
    session.close();
  }

  /** A source of three batches that notes what is opened, and waits for the next when told. */
  private static class Steps implements StepSource.Script {
    final CountDownLatch[] opened = {
      new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)
    };
    final AtomicInteger[] opens = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
    final List<Integer> committed = new ArrayList<>();

    @Override
    public int steps() {
      return opened.length;
    }

    @Override
    public void opened(int step) throws IOException {
      opens[step].incrementAndGet();
      opened[step].countDown();
    }

    @Override
    public void committed(int step) throws IOException {
      committed.add(step);
    }

    /** Waits until rows of a batch are being read. */
    void awaitOpened(int step) {
      try {
        assertThat(opened[step].await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private StreamingQuery start(StepSource.Script script, Path checkpoint) {
    String name = "s" + StepSource.SCRIPTS.size();
    StepSource.SCRIPTS.put(name, script);
    DataFrame values =
        session
            .readStream()
            .format("steps")
            .option("script", name)
            .load()
            .where(Functions.col("value").mod(3).equalTo(0))
            .dropDuplicates("value");
    return values
        .select("value")
        .writeStream()
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((rows, batchId) -> {
          List<Long> seen = rows.collect().stream().map(row -> row.getLong(0)).sorted().toList();
          given.put(batchId, seen);
        })
        .start();
  }

  private static List<Long> expected(int step) {
    long from = (long) step * StepSource.ROWS;
    return Stream.iterate(from, value -> value < from + StepSource.ROWS, value -> value + 1)
        .filter(value -> value % 3 == 0)
        .toList();
  }

  private void assertAllGiven() {
    assertThat(given.keySet()).containsExactly(0L, 1L, 2L);
    for (int step = 0; step < 3; step++) {
      assertThat(given).containsEntry((long) step, expected(step));
    }
  }

  private static List<Long> batches(StreamingQuery query) {
    return Arrays.stream(query.recentProgress()).map(StreamingQueryProgress::batchId).toList();
  }

  @Test
  void rowsAreReadOnceAndBeforeTheirBatchRuns() {
    Steps steps =
        new Steps() {
          @Override
          public void committed(int step) throws IOException {
            super.committed(step);
            if (step < 2) {
              awaitOpened(step + 1); // by whom, if not by tasks that read ahead?
              assertThat(given).doesNotContainKey(step + 1L);
            }
          }
        };
    StreamingQuery query = start(steps, directory);
    query.awaitTermination();

    assertAllGiven();
    assertThat(steps.committed).containsExactly(0, 1, 2);
    assertThat(Arrays.stream(steps.opens).map(AtomicInteger::get)).containsExactly(4, 4, 4);
    assertThat(batches(query)).containsExactly(0L, 1L, 2L);
    for (StreamingQueryProgress progress : query.recentProgress()) {
      assertThat(progress.numInputRows()).isEqualTo(StepSource.ROWS);
      assertThat(progress.durationMs())
          .containsKeys("latestOffset", "walCommit", "addBatch", "commitOffsets");
      assertThat(progress.sources().getFirst().endOffset())
          .isEqualTo(Long.toString(progress.batchId() + 1));
    }
  }

  @Test
  void whatCouldNotBeReadAheadIsReadAgain() {
    Steps steps =
        new Steps() {
          @Override
          public void opened(int step) throws IOException {
            super.opened(step);
            if (step == 1 && opens[1].get() == 1) {
              throw new IOException("disk was busy");
            }
          }

          @Override
          public void committed(int step) throws IOException {
            super.committed(step);
            if (step == 0) {
              awaitOpened(1);
            }
          }
        };
    start(steps, directory).awaitTermination();
    assertAllGiven();
  }

  @Test
  void rowsThatCannotBeReadFailTheirBatchAndNotTheOneBefore() {
    AtomicInteger failing = new AtomicInteger(1);
    Steps steps =
        new Steps() {
          @Override
          public void opened(int step) throws IOException {
            super.opened(step);
            if (step == failing.get()) {
              throw new IOException("disk is gone");
            }
          }
        };
    StreamingQuery query = start(steps, directory);
    assertThatThrownBy(query::awaitTermination)
        .isInstanceOf(StreamingQueryException.class)
        .hasMessageContaining("SOURCE_READ_FAILED")
        .hasMessageContaining("step 1")
        .hasMessageContaining("disk is gone");
    assertThat(batches(query)).containsExactly(0L);
    assertThat(steps.committed).containsExactly(0);
    assertThat(given).containsOnlyKeys(0L);

    failing.set(-1);
    StreamingQuery again = start(steps, directory);
    again.awaitTermination();
    assertThat(batches(again)).containsExactly(1L, 2L);
    assertAllGiven();
  }

  @Test
  void offsetsThatCannotBeFoundFailTheirBatchAndNotTheOneBefore() {
    AtomicInteger failing = new AtomicInteger(1);
    Steps steps =
        new Steps() {
          @Override
          public void offered(int step) throws IOException {
            if (step == failing.get()) {
              throw new IOException("offsets are gone");
            }
          }
        };
    StreamingQuery query = start(steps, directory);
    assertThatThrownBy(query::awaitTermination)
        .isInstanceOf(StreamingQueryException.class)
        .hasMessageContaining("offsets are gone");
    assertThat(batches(query)).containsExactly(0L);
    assertThat(steps.committed).containsExactly(0);

    failing.set(-1);
    start(steps, directory).awaitTermination();
    assertAllGiven();
  }

  @Test
  void stopWhileRowsAreReadDropsThem() {
    Steps steps =
        new Steps() {
          @Override
          public void committed(int step) throws IOException {
            super.committed(step);
            if (step == 0) {
              awaitOpened(1);
              session.streams().active()[0].stop(); // by the query's own thread: it ends soon
            }
          }
        };
    StreamingQuery query = start(steps, directory);
    query.awaitTermination();
    assertThat(given).containsOnlyKeys(0L);
    assertThat(batches(query)).containsExactly(0L);

    start(new Steps(), directory).awaitTermination();
    assertAllGiven();
  }

  @Test
  void killedBehindACommitItGoesOnWhereverTheLogEnds() throws IOException {
    Path killed = directory.resolve("killed");
    Steps steps =
        new Steps() {
          @Override
          public void committed(int step) throws IOException {
            super.committed(step);
            if (step == 0) {
              copy(directory.resolve("whole"), killed);
            }
          }
        };
    start(steps, directory.resolve("whole")).awaitTermination();
    assertAllGiven();

    Path log = killed.resolve("wal").resolve("0".repeat(19) + "1").resolve("19700101.cq4");
    byte[] bytes = Files.readAllBytes(log);
    List<Integer> records = records(bytes);
    assertThat(records).hasSize(4); // the segment's own, plan 0, commit 0, plan 1
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    List<Integer> ends = new ArrayList<>(List.of(bytes.length));
    for (int record = 2; record < 4; record++) {
      int next = record == 3 ? end : records.get(record + 1);
      for (int part = 0; part < 4; part++) {
        ends.add(records.get(record) + (next - records.get(record)) * part / 4);
      }
    }
    for (int cut : ends) {
      boolean isCommitted = cut >= records.get(3);
      Path torn = directory.resolve("torn-" + cut);
      copy(killed, torn);
      try (RandomAccessFile file =
          new RandomAccessFile(torn.resolve(killed.relativize(log)).toFile(), "rw")) {
        file.setLength(cut);
      }
      given.clear();
      StreamingQuery query = start(new Steps(), torn);
      query.awaitTermination();
      assertThat(batches(query))
          .as("log of %s bytes", cut)
          .isEqualTo(isCommitted ? List.of(1L, 2L) : List.of(0L, 1L, 2L));
      given.putIfAbsent(0L, expected(0)); // by the query that was killed
      assertAllGiven();
    }
  }

  private static List<Integer> records(byte[] log) {
    byte[] magic = "MILL-WAL".getBytes(StandardCharsets.US_ASCII);
    List<Integer> records = new ArrayList<>();
    for (int at = 0; at + magic.length <= log.length; at += 4) {
      if (Arrays.mismatch(log, at, at + magic.length, magic, 0, magic.length) < 0) {
        records.add(at);
      }
    }
    return records;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().endsWith(".lock")) {
          Files.copy(file, target);
        }
      }
    }
  }
}
