package io.arrowmill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Owners of the same rows; closing an allocator checks that all it accounts for is back. */
class RecordBatchTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "n BIGINT, t STRING, s STRUCT<a: INT, b: STRING>, l ARRAY<INT>," + " m MAP<STRING, INT>");

  private static Row row(int i) {
    return i % 5 == 4
        ? Row.of(null, null, null, null, null)
        : Row.of((long) i, "t" + i, Row.of(i, "b" + i), List.of(i, i + 1), Map.of("k" + i, i));
  }

  @ParameterizedTest
  @CsvSource({"0,0,0", "1,0,1", "65,0,65", "65,1,64", "65,8,8", "65,63,2", "129,64,65"})
  void sliceOutlivesTheBatchAndItsAllocator(int rows, int start, int count) {
    try (BufferAllocator root = new RootAllocator();
        BufferAllocator target = root.newChildAllocator("target", 0, Long.MAX_VALUE)) {
      List<Row> all = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        all.add(row(i));
      }
      RecordBatch slice;
      try (BufferAllocator source = root.newChildAllocator("source", 0, Long.MAX_VALUE);
          RecordBatch batch = BatchBuilder.batch(SCHEMA, all, source)) {
        slice = batch.slice(start, count, target);
      }
      try (slice) {
        assertThat(RowReader.rows(slice)).isEqualTo(all.subList(start, start + count));
      }
    }
  }

  @Test
  void closingTwiceGivesCodesBackOnce() {
    StructType schema = StructType.fromDDL("a BIGINT");
    try (BufferAllocator allocator = new RootAllocator();
        RecordBatch rows = BatchBuilder.batch(schema, List.of(Row.of(1L)), allocator);
        RecordBatch slice = rows.retain(allocator)) {
      RowCodes codes = new RowCodes(allocator.buffer(4), 1);
      RowCodes others = codes.share();
      RecordBatch coded =
          new RecordBatch(schema, slice.columns(), new RowCodes[] {codes}, rows.rowCount());
      coded.close();
      coded.close();
      assertThat(others.values().refCnt()).isEqualTo(1);
      others.close();
    }
  }

  @Test
  void rootHasTheNamesOfTheSchema() {
    StructType named = StructType.fromDDL("a BIGINT, b STRING");
    StructType other = StructType.fromDDL("x BIGINT, y STRING");
    try (BufferAllocator allocator = new RootAllocator();
        RecordBatch batch = BatchBuilder.batch(other, List.of(Row.of(1L, "t")), allocator)) {
      VectorSchemaRoot root = new RecordBatch(named, batch.columns(), 1).asRoot();
      assertThat(root.getVector("a")).isSameAs(batch.column(0));
      assertThat(root.getVector("b")).isSameAs(batch.column(1));
      assertThat(root.getSchema().getFields()).hasSize(2);
    }
  }
}
