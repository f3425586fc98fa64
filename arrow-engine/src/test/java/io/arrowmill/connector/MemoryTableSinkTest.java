package io.arrowmill.connector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryTableSinkTest {
  private static final StructType SCHEMA = StructType.fromDDL("word STRING, count BIGINT");

  private final BufferAllocator root = new RootAllocator();
  private final BufferAllocator rows = root.newChildAllocator("table", 0, 64 * 1024);
  private final MemoryTable table = new MemoryTable("counts", SCHEMA, rows);
  private final StreamSink sink = new MemoryTableSink(table);

  @AfterEach
  void nothingLeaks() {
    sink.close();
    table.close();
    rows.close();
    root.close();
  }

  @Test
  void appendAddsAndIsSeenOnlyWhenPublished() throws IOException {
    write(0, OutputMode.APPEND, Row.of("a", 1L)).prepare();
    assertThat(read("word", "count")).isEmpty();

    sink.publish(0);
    write(1, OutputMode.UPDATE, Row.of("a", 2L)).prepare();
    sink.publish(1);
    sink.publish(1);

    assertThat(read("count", "word")).containsExactly(Row.of(1L, "a"), Row.of(2L, "a"));
    assertThat(table.rowCount()).isEqualTo(2);
  }

  @Test
  void completeReplaces() throws IOException {
    write(0, OutputMode.COMPLETE, Row.of("a", 1L), Row.of("b", 1L)).prepare();
    sink.publish(0);
    write(1, OutputMode.COMPLETE, Row.of("a", 5L)).prepare();
    sink.publish(1);

    assertThat(read("word", "count")).containsExactly(Row.of("a", 5L));
  }

  @Test
  void ordersRowsByTask() throws IOException {
    SinkBatch output = sink.begin(0, SCHEMA, OutputMode.APPEND);
    SinkWriter second = output.writer(1);
    SinkWriter first = output.writer(0);
    write(second, Row.of("b", 1L));
    write(first, Row.of("a", 1L));
    output.prepare();
    sink.publish(0);

    assertThat(read("word")).containsExactly(Row.of("a"), Row.of("b"));
  }

  @Test
  void abortAndWritingAgainLeaveOneCopy() throws IOException {
    write(0, OutputMode.APPEND, Row.of("lost", 1L)).abort();
    write(0, OutputMode.APPEND, Row.of("replaced", 1L)).prepare();
    write(0, OutputMode.APPEND, Row.of("kept", 1L)).prepare();
    sink.publish(0);

    assertThat(read("word")).containsExactly(Row.of("kept"));
  }

  @Test
  void recoveryPublishesWhatWasCommittedAndDropsTheRest() throws IOException {
    write(0, OutputMode.APPEND, Row.of("committed", 1L)).prepare();
    write(1, OutputMode.APPEND, Row.of("not", 1L)).prepare();
    sink.recover(UUID.randomUUID(), 0);
    sink.publish(1);

    assertThat(read("word")).containsExactly(Row.of("committed"));
  }

  @Test
  void aReaderSeesTheTableAsOfWhenItOpened() throws IOException {
    write(0, OutputMode.COMPLETE, Row.of("before", 1L)).prepare();
    sink.publish(0);
    try (BatchReader reader = table.splits(List.of("word")).getFirst().open(root)) {
      write(1, OutputMode.COMPLETE, Row.of("after", 1L)).prepare();
      sink.publish(1);
      try (RecordBatch batch = requireNonNull(reader.next())) {
        assertThat(RowReader.rows(batch)).containsExactly(Row.of("before"));
      }
      assertThat(reader.next()).isNull();
    }
    assertThat(read("word")).containsExactly(Row.of("after"));
  }

  @Test
  void refusesMoreThanItsMemory() throws IOException {
    Row large = Row.of("x".repeat(40 * 1024), 1L);
    write(0, OutputMode.APPEND, large).prepare();
    sink.publish(0);
    SinkBatch tooMuch = write(1, OutputMode.APPEND, large);

    assertThatThrownBy(tooMuch::prepare)
        .isInstanceOfSatisfying(
            ArrowmillException.class,
            e -> assertThat(e.condition()).isEqualTo("MEMORY_LIMIT_EXCEEDED"))
        .hasMessageContaining("table=counts, bytes=", "limitBytes=65536");
    tooMuch.abort();
    SinkBatch instead = write(1, OutputMode.COMPLETE, large);
    instead.prepare();
    sink.publish(1);
    assertThat(table.rowCount()).isEqualTo(1);
  }

  @Test
  void outlivesTheSinkButNotItsOwnClose() throws IOException {
    write(0, OutputMode.APPEND, Row.of("a", 1L)).prepare();
    sink.publish(0);
    sink.close();
    assertThat(read("word")).containsExactly(Row.of("a"));
    table.close();
    assertThatThrownBy(() -> read("word")).hasMessageContaining("table=counts");
  }

  private SinkBatch write(long batchId, OutputMode mode, Row... values) throws IOException {
    SinkBatch output = sink.begin(batchId, SCHEMA, mode);
    write(output.writer(0), values);
    return output;
  }

  private void write(SinkWriter writer, Row... values) throws IOException {
    try (writer;
        RecordBatch batch = BatchBuilder.batch(SCHEMA, List.of(values), root)) {
      writer.write(batch);
    }
  }

  private List<Row> read(String... columns) throws IOException {
    return ConnectorRows.read(table.splits(List.of(columns)), root);
  }
}
