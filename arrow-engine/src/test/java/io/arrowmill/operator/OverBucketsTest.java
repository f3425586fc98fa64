package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions over windows of so many rows that several tasks share the partitions. */
class OverBucketsTest {
  private static final int ROWS = 150_000;
  private static final int BATCH_ROWS = 7_000;
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id INT, t STRING, d DOUBLE, f FLOAT, m DECIMAL(38,2), b BOOLEAN, a ARRAY<INT>");

  /** A NaN of other bits is the same value. */
  private static final double[] DOUBLES = {
    0.0, -0.0, Double.NaN, Double.longBitsToDouble(0xFFF8_0000_0000_0001L), 1.5, -7
  };

  private static final List<Row> TABLE = rows();
  private static final Session SESSION =
      Session.builder().config("arrowmill.workers", 3).getOrCreate();

  @BeforeAll
  static void hold() {
    List<RecordBatch> batches = new ArrayList<>();
    for (int from = 0; from < ROWS; from += BATCH_ROWS) {
      List<Row> rows = TABLE.subList(from, Math.min(ROWS, from + BATCH_ROWS));
      try (RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, SESSION.allocator())) {
        batches.add(coded(batch));
      }
    }
    DataFrame held = SESSION.engine().hold("held", SCHEMA, batches);
    batches.forEach(RecordBatch::close);
    held.createOrReplaceTempView("t");
  }

  /** The batch with codes for a column: one for all values is of no use, but counts as one. */
  private static RecordBatch coded(RecordBatch batch) {
    RecordBatch slice = batch.slice(0, batch.rowCount(), SESSION.allocator());
    ArrowBuf numbers = SESSION.allocator().buffer(4L * batch.rowCount());
    for (int row = 0; row < batch.rowCount(); row++) {
      numbers.setInt(4L * row, row);
    }
    @Nullable RowCodes[] codes = new RowCodes[SCHEMA.size()];
    codes[1] = new RowCodes(numbers, batch.rowCount());
    return new RecordBatch(SCHEMA, slice.columns(), codes, batch.rowCount());
  }

  @AfterAll
  static void close() {
    SESSION.close(); // which is the leak check
  }

  private static List<Row> rows() {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      @Nullable Object[] values = {
        id,
        "a beginning that all texts share, " + random.nextInt(300),
        DOUBLES[random.nextInt(DOUBLES.length)],
        (float) DOUBLES[random.nextInt(DOUBLES.length)],
        new BigDecimal("123456789012345678901234567890.25").multiply(BigDecimal.valueOf(id % 5)),
        random.nextBoolean(),
        List.of(random.nextInt(4)),
      };
      int none = random.nextInt(30);
      if (none > 0 && none < values.length) {
        values[none] = null;
      }
      rows.add(Row.withSchema(SCHEMA, Arrays.asList(values)));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "d", "f", "m", "b", "a", "d, t", "m, b", "a, f", "t, d, f, m, b, a"})
  void rowsOfOnePartitionMeet(String partition) {
    Map<List<@Nullable Object>, Integer> counts = new HashMap<>();
    Map<Integer, Integer> expected = new HashMap<>();
    for (Row row : TABLE) {
      expected.put(row.getInt(0), counts.merge(key(row, partition), 1, Integer::sum));
    }
    String over = " OVER (PARTITION BY " + partition;
    List<Row> found =
        SESSION
            .sql(
                "SELECT id, row_number()%1$s ORDER BY id) AS n, count(*)%1$s) AS c FROM t"
                    .formatted(over))
            .collect();
    assertThat(found).hasSize(ROWS);
    Map<Integer, Row> byId = new HashMap<>();
    found.forEach(row -> byId.put(row.getInt(0), row));
    for (Row row : TABLE) {
      assertThat(byId.get(row.getInt(0)))
          .isEqualTo(
              Row.of(
                  row.getInt(0),
                  expected.get(row.getInt(0)),
                  (long) counts.getOrDefault(key(row, partition), 0)));
    }
  }

  /** Java tells -0.0 from 0.0, but knows one NaN. */
  private static List<@Nullable Object> key(Row row, String partition) {
    List<@Nullable Object> key = new ArrayList<>();
    for (String column : partition.split(", ", -1)) {
      Object value = row.getAs(column);
      key.add(
          value instanceof Double d
              ? (Object) (d + 0.0)
              : value instanceof Float f ? (Object) (f + 0.0f) : value);
    }
    return key;
  }
}
