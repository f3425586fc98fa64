package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForeachSinkTest {
  private static final StructType SCHEMA = StructType.fromDDL("id INT");

  private final BufferAllocator allocator = new RootAllocator();
  private final List<String> calls = new ArrayList<>();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void opensGivesAndClosesOnePartitionAfterTheOther() throws IOException {
    SinkBatch batch = sink().begin(5, SCHEMA, OutputMode.APPEND);
    SinkWriter second = batch.writer(1);
    SinkWriter first = batch.writer(0);
    write(second, 20);
    write(first, 10, null);
    write(second, 21);
    assertThat(calls).isEmpty();

    batch.prepare();

    assertThat(calls)
        .containsExactly(
            "open 0 5", "[10]", "[null]", "close null", "open 1 5", "[20]", "[21]", "close null");
  }

  @Test
  void givesNoRowsWhereOpenSaysNo() throws IOException {
    SinkBatch batch = sink().begin(-1, SCHEMA, OutputMode.UPDATE);
    write(batch.writer(0), 1);
    batch.prepare();

    assertThat(calls).containsExactly("open 0 -1", "close null");
  }

  @Test
  void closesWithTheErrorAndFreesTheRows() throws IOException {
    SinkBatch batch = sink().begin(0, SCHEMA, OutputMode.APPEND);
    write(batch.writer(0), 1, 666, 2);

    assertThatThrownBy(batch::prepare).isInstanceOf(IllegalStateException.class).hasMessage("666");
    batch.abort();

    assertThat(calls)
        .containsExactly("open 0 0", "[1]", "close java.lang.IllegalStateException: 666");
  }

  @Test
  void anAbortedBatchIsNotGiven() throws IOException {
    SinkBatch batch = sink().begin(0, SCHEMA, OutputMode.APPEND);
    write(batch.writer(0), 1);
    batch.abort();

    assertThat(calls).isEmpty();
  }

  private ForeachSink<Row> sink() {
    return new ForeachSink<>(new Recorder(), row -> row, allocator);
  }

  private void write(SinkWriter writer, @Nullable Integer... ids) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Integer id : ids) {
      rows.add(Row.of(id));
    }
    try (writer;
        RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, allocator)) {
      writer.write(batch);
    }
  }

  private final class Recorder extends ForeachWriter<Row> {
    @Override
    public boolean open(long partitionId, long epochId) {
      calls.add("open " + partitionId + " " + epochId);
      return epochId >= 0;
    }

    @Override
    public void process(Row row) {
      if (Integer.valueOf(666).equals(row.get(0))) {
        throw new IllegalStateException("666");
      }
      calls.add(row.toString());
    }

    @Override
    public void close(@Nullable Throwable errorOrNull) {
      calls.add("close " + errorOrNull);
    }
  }
}
