package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several queries and writes of tables that add to one directory. */
class SharedDirectoryTest {
  private static final StructType SCHEMA = StructType.fromDDL("id BIGINT, day STRING");
  private static final List<String> DAYS = List.of("mo", "tu", "we");

  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  /** How far a query gets with a batch before its process dies. */
  enum Stop {
    BEGUN,
    PREPARED,
    COMMITTED,
    HALF_PUBLISHED,
    PUBLISHED
  }

  /** A query: what its checkpoint remembers, and the sink of the process that runs it. */
  private final class Query {
    private final UUID id = UUID.randomUUID();
    private long committed = -1;
    private StreamSink sink;

    Query() throws IOException {
      sink = open();
      sink.recover(id, committed);
    }

    private StreamSink open() throws IOException {
      return new FileSinkProvider().open(spec("parquet", null, out()), SCHEMA, List.of("day"));
    }

    /** Writes the next batch up to a point. */
    void run(Stop stop, Row... rows) throws IOException {
      long batch = committed + 1;
      SinkBatch output = sink.begin(batch, SCHEMA, OutputMode.APPEND);
      try (SinkWriter writer = output.writer(0);
          RecordBatch records = BatchBuilder.batch(SCHEMA, List.of(rows), files.allocator())) {
        writer.write(records);
      }
      if (stop == Stop.BEGUN) {
        return;
      }
      output.prepare();
      if (stop == Stop.PREPARED) {
        return;
      }
      committed = batch;
      if (stop == Stop.HALF_PUBLISHED) {
        publishOneFile(batch);
      } else if (stop == Stop.PUBLISHED) {
        sink.publish(batch);
      }
    }

    private void publishOneFile(long batch) throws IOException {
      Path staged = out().resolve("_staging-" + id).resolve(Long.toString(batch));
      String name = Files.readAllLines(staged.resolve("_manifest")).getFirst();
      Files.createDirectories(out().resolve(name).getParent());
      Files.move(staged.resolve(name), out().resolve(name));
    }

    /** Goes on in a new process; the old one left its files as they are. */
    void restart() throws IOException {
      sink = open();
      sink.recover(id, committed);
    }
  }

  private Path out() {
    return directory.resolve("out");
  }

  private List<String> ids() throws IOException {
    return files.rows(spec("parquet", "id BIGINT", out())).stream().sorted().toList();
  }

  private static List<String> ids(long count) {
    return LongStream.range(0, count).mapToObj(Long::toString).sorted().toList();
  }

  private List<String> staging() throws IOException {
    try (Stream<Path> children = Files.list(out())) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> name.startsWith("_"))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRestartLeavesAloneWhatAnotherQueryHasStaged(Stop other) throws IOException {
    for (Stop own : Stop.values()) {
      Query first = new Query();
      Query second = new Query();
      first.run(Stop.PUBLISHED, Row.of(0L, "mo"), Row.of(1L, "tu"));
      second.run(other, Row.of(2L, "mo"), Row.of(3L, "tu"));
      first.run(own, Row.of(4L, "mo"), Row.of(5L, "tu"));

      first.restart();
      if (own.compareTo(Stop.COMMITTED) < 0) {
        first.run(Stop.PUBLISHED, Row.of(4L, "mo"), Row.of(5L, "tu"));
      }
      first.run(Stop.PUBLISHED, Row.of(6L, "mo"));
      second.restart();
      if (other.compareTo(Stop.COMMITTED) < 0) {
        second.run(Stop.PUBLISHED, Row.of(2L, "mo"), Row.of(3L, "tu"));
      }
      second.run(Stop.PUBLISHED, Row.of(7L, "we"));

      assertThat(ids()).as("own batch %s", own).isEqualTo(ids(8));
      first.sink.close();
      second.sink.close();
      assertThat(staging()).as("own batch %s", own).isEmpty();
      deleteOutput();
    }
  }

  private void deleteOutput() throws IOException {
    try (Stream<Path> paths = Files.walk(out())) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void whatIsStagedElsewhereCanBePublishedAfterARestart() throws IOException {
    Query running = new Query();
    Query restarted = new Query();
    running.run(Stop.COMMITTED, Row.of(0L, "mo"));
    restarted.run(Stop.COMMITTED, Row.of(1L, "mo"));
    restarted.restart();
    restarted.run(Stop.PUBLISHED, Row.of(2L, "mo"));
    running.sink.publish(0);
    assertThat(ids()).isEqualTo(ids(3));
  }

  @Test
  void aQueryWithANewCheckpointKeepsWhatIsThere() throws IOException {
    Query first = new Query();
    first.run(Stop.PUBLISHED, Row.of(0L, "mo"), Row.of(1L, "tu"));
    first.run(Stop.PUBLISHED, Row.of(2L, "we"));
    Query anew = new Query();
    anew.run(Stop.PUBLISHED, Row.of(3L, "mo"));
    assertThat(ids()).isEqualTo(ids(4));
  }

  @Test
  void queriesThatCrashAtRandomAddToOneDirectoryAtTheSameTime() throws Exception {
    long seed = new Random().nextLong(1_000_000_000);
    System.out.println("SharedDirectoryTest seed=" + seed);
    int batches = 40;
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Random random = new Random(seed + i);
      long from = (long) i * batches * DAYS.size();
      Query query = new Query();
      tasks.add(() -> {
        runWithCrashes(query, batches, from, random);
        return null;
      });
    }
    runAll(tasks);
    assertThat(ids()).as("seed %d", seed).isEqualTo(ids(4L * batches * DAYS.size()));
    assertThat(staging()).as("seed %d", seed).isEmpty();
  }

  private static void runWithCrashes(Query query, int batches, long from, Random random)
      throws IOException {
    while (query.committed + 1 < batches) {
      long first = from + (query.committed + 1) * DAYS.size();
      Row[] rows = new Row[DAYS.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Row.of(first + i, DAYS.get(i));
      }
      Stop stop = Stop.values()[random.nextInt(Stop.values().length)];
      query.run(stop, rows);
      if (stop != Stop.PUBLISHED || random.nextInt(4) == 0) {
        query.restart();
      }
    }
    query.sink.close();
  }

  private static void runAll(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    }
  }

  @Test
  void appendsOfTablesAtTheSameTimeKeepAllRows() throws Exception {
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        long task = i;
        tasks.add(() -> {
          for (long write = 10 * task; write < 10 * (task + 1); write++) {
            session.range(100 * write, 100 * (write + 1)).write().mode("append").parquet(path());
          }
          return null;
        });
      }
      runAll(tasks);
      assertThat(read(session)).isEqualTo(ids(4_000));
    }
    assertThat(staging()).isEmpty();
  }

  @Test
  void queriesAndWritesOfTablesShareADirectory() throws IOException {
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      for (int round = 0; round < 2; round++) {
        StreamingQuery first = start(session, "first", 10L * round);
        StreamingQuery second = start(session, "second", 10L * round + 4);
        session.range(10L * round + 8, 10L * round + 10).write().mode("append").parquet(path());
        finish(first);
        finish(second);
      }
      assertThat(read(session)).isEqualTo(ids(20));
      finish(start(session, "third", 20));
      assertThat(read(session)).isEqualTo(ids(24));
    }
    assertThat(staging()).isEmpty();
  }

  /** Starts a query over lines that are there, and four more. */
  private StreamingQuery start(Session session, String name, long from) throws IOException {
    Path input = Files.createDirectories(directory.resolve(name));
    List<String> lines = LongStream.range(from, from + 4).mapToObj(Long::toString).toList();
    Files.write(input.resolve(from + ".txt"), lines);
    DataFrame ids =
        session.readStream().text(input.toString()).selectExpr("CAST(value AS BIGINT) AS id");
    return ids.writeStream()
        .format("parquet")
        .option("checkpointLocation", directory.resolve("checkpoint-" + name).toString())
        .trigger(Trigger.AvailableNow())
        .start(path());
  }

  private static void finish(StreamingQuery query) {
    query.awaitTermination();
    assertThat(query.exception()).isNull();
  }

  private String path() {
    return out().toString();
  }

  private List<String> read(Session session) {
    return session.read().parquet(path()).collect().stream()
        .map(row -> String.valueOf(row.get(0)))
        .sorted()
        .toList();
  }
}
