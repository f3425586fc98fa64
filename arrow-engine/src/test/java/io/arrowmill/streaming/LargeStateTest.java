package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Session;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten million groups: all of them off-heap, in a bounded number of bytes, and given back. */
@Timeout(180)
class LargeStateTest {
  private static final int KEYS = 10_000_000;
  private static final int ROUNDS = 10;
  private static final int BATCH_ROWS = 50_000;
  private static final long BYTES_MAX = 600_000_000;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // odd: no two keys become the same
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("key", new ArrowType.Int(64, true)),
              Field.nullable("value", new ArrowType.Int(64, true))));

  @Test
  void tenMillionKeysStayWithinTheirBytes() {
    LongAdder counts = new LongAdder();
    LongAdder sums = new LongAdder();
    try (Session session = Session.builder().getOrCreate()) {
      ArrowStream stream = ArrowStream.of(session, SCHEMA);
      StreamingQuery query =
          stream
              .toDF()
              .groupBy("key")
              .agg(count(lit(1)).as("count"), sum(col("value")).as("sum"))
              .writeStream()
              .outputMode("update")
              .foreachArrow((root, batchId) -> {
                add(root, "count", counts);
                add(root, "sum", sums);
              })
              .start();
      for (int round = 0; round < ROUNDS; round++) {
        append(session, stream, round * (KEYS / ROUNDS), (round + 1) * (KEYS / ROUNDS));
        query.processAllAvailable();
      }
      assertThat(counts.sum()).isEqualTo(KEYS);
      assertThat(sums.sum()).isEqualTo((long) KEYS * (KEYS - 1) / 2);

      append(session, stream, 0, 1_000);
      query.processAllAvailable();
      assertThat(counts.sum())
          .as("each of these keys is given again, with 2")
          .isEqualTo(KEYS + 2_000);
      StreamingQueryProgress progress = requireNonNull(query.lastProgress());
      StateOperatorProgress state = progress.stateOperators().getFirst();
      assertThat(state.numRowsTotal()).isEqualTo(KEYS);
      assertThat(state.memoryUsedBytes()).isBetween(KEYS * 24L, BYTES_MAX);
    }
  }

  private static void append(Session session, ArrowStream stream, int from, int to) {
    for (int start = from; start < to; start += BATCH_ROWS) {
      int rows = Math.min(BATCH_ROWS, to - start);
      try (VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, session.allocator())) {
        BigIntVector keys = (BigIntVector) root.getVector("key");
        BigIntVector values = (BigIntVector) root.getVector("value");
        keys.allocateNew(rows);
        values.allocateNew(rows);
        for (int row = 0; row < rows; row++) {
          keys.set(row, (start + row) * SPREAD);
          values.set(row, start + row);
        }
        root.setRowCount(rows);
        stream.append(root);
      }
    }
  }

  private static void add(VectorSchemaRoot root, String column, LongAdder total) {
    BigIntVector values = (BigIntVector) root.getVector(column);
    for (int row = 0; row < root.getRowCount(); row++) {
      total.add(values.get(row));
    }
  }
}
