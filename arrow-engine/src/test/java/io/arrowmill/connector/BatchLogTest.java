package io.arrowmill.connector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchLogTest {
  private static final StructType SCHEMA = StructType.fromDDL("id BIGINT, name STRING");

  private final BufferAllocator allocator = new RootAllocator();
  private final BatchLog log = new BatchLog("ArrowStream[id, name]", SCHEMA);

  @AfterEach
  void nothingLeaks() {
    log.close();
    allocator.close();
  }

  @Test
  void offersWhatWasAppendedAndReplaysItUntilCommitted() throws IOException {
    StreamSource view = log.openView();
    assertThat(view.latestOffset(null)).isNull();

    append(row(1, "a"), row(2, null));
    append(row(3, "c"));

    assertThat(view.latestOffset(null)).isEqualTo("{\"offset\":2}");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(rows(view, null, "{\"offset\":2}", "id", "name"))
          .containsExactly(row(1, "a"), row(2, null), row(3, "c"));
    }
    assertThat(rows(view, "{\"offset\":1}", "{\"offset\":2}", "name", "id"))
        .containsExactly(Row.of("c", 3L));
    assertThat(view.latestOffset("{\"offset\":2}")).isEqualTo("{\"offset\":2}");

    view.committed("{\"offset\":1}");
    assertThat(log.heldCount()).isEqualTo(1);
    assertThatThrownBy(() -> view.plan(null, "{\"offset\":2}", List.of("id")))
        .isInstanceOfSatisfying(
            ArrowmillException.class,
            e -> assertThat(e.condition()).isEqualTo("OFFSET_OUT_OF_RANGE"))
        .hasMessageContaining("asked=(0, 2], held=(1, 2]");
  }

  @Test
  void countsRowsWhereNoColumnIsWanted() throws IOException {
    StreamSource view = log.openView();
    append(row(1, "a"), row(2, "b"));

    InputSplit split = view.plan(null, "{\"offset\":1}", List.of()).getFirst();
    try (BatchReader reader = split.open(allocator);
        RecordBatch batch = requireNonNull(reader.next())) {
      assertThat(batch.rowCount()).isEqualTo(2);
      assertThat(batch.columns()).isEmpty();
    }
  }

  @Test
  void keepsABatchUntilTheSlowestQueryHasCommittedIt() throws IOException {
    StreamSource fast = log.openView();
    StreamSource slow = log.openView();
    append(row(1, "a"));

    fast.committed("{\"offset\":1}");
    assertThat(log.heldCount()).isEqualTo(1);
    assertThat(rows(slow, null, "{\"offset\":1}", "id")).containsExactly(Row.of(1L));
    slow.committed("{\"offset\":1}");
    assertThat(log.heldCount()).isZero();
  }

  @Test
  void aQueryThatIsStartedAgainFindsWhatTheStoppedOneHadNotCommitted() throws IOException {
    append(row(1, "a"));
    StreamSource stopped = log.openView();
    append(row(2, "b"));
    stopped.committed("{\"offset\":1}");
    stopped.close();
    append(row(3, "c"));

    try (StreamSource again = log.openView()) {
      assertThat(again.latestOffset("{\"offset\":1}")).isEqualTo("{\"offset\":3}");
      assertThat(rows(again, "{\"offset\":1}", "{\"offset\":3}", "id"))
          .containsExactly(Row.of(2L), Row.of(3L));
    }
  }

  @Test
  void saysThatItCannotGoOnFromACheckpointOfAnotherProcess() throws IOException {
    StreamSource view = log.openView();
    append(row(1, "a"));
    view.committed("{\"offset\":7}");

    assertThatThrownBy(() -> view.latestOffset("{\"offset\":7}"))
        .hasMessageContaining("[OFFSET_OUT_OF_RANGE]")
        .hasMessageContaining("it lives and dies with the process");
  }

  @Test
  void signalsArrivalsUntilTheViewIsClosed() throws IOException {
    AtomicInteger signals = new AtomicInteger();
    StreamSource view = log.openView();
    view.onArrival(signals::incrementAndGet);

    append(row(1, "a"));
    append(row(2, "a"));
    view.close();
    append(row(3, "a"));

    assertThat(signals).hasValue(2);
  }

  @Test
  void availableNowOffersOnlyWhatWasThere() throws IOException {
    StreamSource view = log.openView();
    append(row(1, "a"));
    view.prepareForAvailableNow();
    append(row(2, "b"));

    assertThat(view.latestOffset(null)).isEqualTo("{\"offset\":1}");
    assertThat(view.latestOffset("{\"offset\":1}")).isEqualTo("{\"offset\":1}");
    assertThat(view.reportLatestOffset()).isEqualTo("{\"offset\":2}");
  }

  @Test
  void readsALargeAppendInPieces() throws IOException {
    StructType ids = StructType.fromDDL("id BIGINT");
    try (BatchLog large = new BatchLog("large", ids)) {
      int count = RecordBatch.ROWS_MAX + 65;
      large.append(largeBatch(ids, count));
      InputSplit split = large.openView().plan(null, "{\"offset\":1}", List.of("id")).getFirst();

      List<Integer> sizes = new ArrayList<>();
      List<Long> read = new ArrayList<>();
      try (BatchReader reader = split.open(allocator)) {
        for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
          sizes.add(batch.rowCount());
          RowReader.rows(batch).forEach(row -> read.add(row.getLong(0)));
          batch.close();
        }
      }

      assertThat(sizes).containsExactly(RecordBatch.ROWS_MAX, 65);
      assertThat(read).isEqualTo(LongStream.range(0, count).boxed().toList());
    }
  }

  @Test
  void refusesOtherColumnsAndFreesTheBatch() {
    RecordBatch other =
        BatchBuilder.batch(StructType.fromDDL("x INT"), List.of(Row.of(1)), allocator);

    assertThatThrownBy(() -> log.append(other))
        .hasMessageContaining("expected=id BIGINT,name STRING, batch=x INT");
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @Test
  void takesBatchesFromManyThreadsWhileTwoQueriesRead() throws Exception {
    int threads = 4;
    int each = 200;
    StreamSource first = log.openView();
    StreamSource second = log.openView();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> appends = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        long base = thread * 1_000L;
        appends.add(
            pool.submit(
                () -> LongStream.range(base, base + each).forEach(id -> append(row(id, "x")))));
      }
      List<Long> read = drain(first, threads * each);
      List<Long> readAgain = drain(second, threads * each);
      for (Future<?> done : appends) {
        done.get();
      }
      assertThat(readAgain).isEqualTo(read);
      assertThat(read).doesNotHaveDuplicates().hasSize(threads * each);
      assertThat(log.heldCount()).isZero();
    }
  }

  private List<Long> drain(StreamSource view, int count) throws IOException {
    List<Long> ids = new ArrayList<>();
    @Nullable String start = null;
    while (ids.size() < count) {
      String end = view.latestOffset(start);
      if (end == null || end.equals(start)) {
        Thread.onSpinWait();
        continue;
      }
      rows(view, start, end, "id").forEach(row -> ids.add(row.getLong(0)));
      view.committed(end);
      start = end;
    }
    return ids;
  }

  private static Row row(long id, @Nullable String name) {
    return Row.of(id, name);
  }

  private void append(Row... rows) {
    log.append(BatchBuilder.batch(SCHEMA, List.of(rows), allocator));
  }

  private List<Row> rows(StreamSource source, @Nullable String start, String end, String... columns)
      throws IOException {
    return ConnectorRows.read(source.plan(start, end, List.of(columns)), allocator);
  }

  private RecordBatch largeBatch(StructType schema, int count) {
    BigIntVector ids = new BigIntVector("id", allocator);
    ids.allocateNew(count);
    for (int i = 0; i < count; i++) {
      ids.set(i, i);
    }
    ids.setValueCount(count);
    return new RecordBatch(schema, List.of(ids), count);
  }
}
