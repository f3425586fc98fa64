package io.arrowmill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBuilderTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  record TypeCase(DataType type, List<Object> values) {}

  static Stream<TypeCase> types() {
    StructType point =
        new StructType().add("x", DataTypes.INTEGER).add("tags", "array<map<string, int>>");
    Map<String, Integer> tag = new LinkedHashMap<>();
    tag.put("b", 1);
    tag.put("a", null);
    return Stream.of(
        new TypeCase(DataTypes.BOOLEAN, List.of(true, false)),
        new TypeCase(DataTypes.BYTE, List.of(Byte.MIN_VALUE, Byte.MAX_VALUE)),
        new TypeCase(DataTypes.SHORT, List.of(Short.MIN_VALUE, Short.MAX_VALUE)),
        new TypeCase(DataTypes.INTEGER, List.of(Integer.MIN_VALUE, Integer.MAX_VALUE)),
        new TypeCase(DataTypes.LONG, List.of(Long.MIN_VALUE, Long.MAX_VALUE)),
        new TypeCase(DataTypes.FLOAT, List.of(Float.NaN, -0.0f, Float.NEGATIVE_INFINITY)),
        new TypeCase(DataTypes.DOUBLE, List.of(Double.NaN, -0.0, Double.MIN_VALUE)),
        new TypeCase(
            DataTypes.decimal(38, 2),
            List.of(new BigDecimal("-" + "9".repeat(36) + ".99"), new BigDecimal("0.00"))),
        new TypeCase(
            DataTypes.STRING, List.of("", "ab\u0000", "\u4e2d\ud83d\ude00", "x".repeat(70_000))),
        new TypeCase(
            DataTypes.DATE,
            List.of(LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31), LocalDate.EPOCH)),
        new TypeCase(
            DataTypes.TIMESTAMP,
            List.of(
                Instant.parse("0001-01-01T00:00:00Z"),
                Instant.parse("1969-12-31T23:59:59.999999Z"))),
        new TypeCase(
            DataTypes.TIMESTAMP_NTZ, List.of(LocalDateTime.of(1900, 1, 1, 0, 0, 0, 1_000))),
        new TypeCase(
            DataTypes.dayTimeInterval(),
            List.of(Duration.ofDays(-3).plusNanos(1_000), Duration.ZERO)),
        new TypeCase(
            DataTypes.yearMonthInterval(), List.of(Period.of(1, 2, 0), Period.of(-1, -11, 0))),
        new TypeCase(
            DataTypes.array(DataTypes.LONG),
            List.of(List.of(), Arrays.asList(1L, null, 3L), Collections.nCopies(3_000, 5L))),
        new TypeCase(DataTypes.map(DataTypes.STRING, DataTypes.INTEGER), List.of(Map.of(), tag)),
        new TypeCase(
            point, List.of(Row.of(1, Arrays.asList(tag, null, Map.of())), Row.of(null, null))));
  }

  @ParameterizedTest
  @MethodSource("types")
  void readsBackWhatWasWritten(TypeCase given) {
    StructType schema = new StructType().add("c", given.type());
    for (int count : new int[] {0, 1, 63, 64, 65, 3_000}) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        // Text of 70,000 characters only now and then, nulls between all others.
        values.add(i % 3 == 2 ? null : given.values().get((i / 97) % given.values().size()));
      }
      List<Row> rows = values.stream().map(Row::of).toList();
      try (RecordBatch batch = BatchBuilder.batch(schema, rows, allocator)) {
        assertThat(batch.rowCount()).isEqualTo(count);
        assertThat(RowReader.rows(batch)).isEqualTo(rows);
        if (count > 5) {
          try (RecordBatch slice = batch.slice(3, count - 4, allocator)) {
            assertThat(RowReader.rows(slice)).isEqualTo(rows.subList(3, count - 1));
          }
        }
      }
    }
  }

  @Test
  void readsBinaryAndVoid() {
    StructType schema = new StructType().add("b", DataTypes.BINARY).add("n", DataTypes.NULL);
    List<Row> rows =
        List.of(Row.of(new byte[] {0, -1}, null), Row.of(null, null), Row.of(new byte[0], null));
    try (RecordBatch batch = BatchBuilder.batch(schema, rows, allocator)) {
      assertThat(RowReader.rows(batch)).isEqualTo(rows);
      assertThat(new RowReader(batch).value(0, 0)).isEqualTo(new byte[] {0, -1});
    }
  }

  @Test
  void widensNumbersWithoutLoss() {
    StructType schema =
        StructType.fromDDL("l bigint, i int, d double, f float, m decimal(20,2), n decimal(5,1)");
    Row given = Row.of(7, (byte) 7, 1.5f, (short) 3, BigInteger.TEN, new BigDecimal("1.25"));
    try (RecordBatch batch = BatchBuilder.batch(schema, List.of(given), allocator)) {
      assertThat(new RowReader(batch).read(0))
          .isEqualTo(Row.of(7L, 7, 1.5, 3.0f, new BigDecimal("10.00"), new BigDecimal("1.3")));
    }
  }

  @Test
  void rejectsValuesOfAnotherClass() {
    Map<String, Object> wrong = new LinkedHashMap<>();
    wrong.put("INT", 1L);
    wrong.put("BIGINT", 1.0);
    wrong.put("DOUBLE", 1L);
    wrong.put("STRING", 1);
    wrong.put("DATE", Instant.EPOCH);
    wrong.put("ARRAY<INT>", List.of("a"));
    wrong.put("DECIMAL(5,2)", 1.0);
    wrong.forEach((type, value) ->
        assertThatThrownBy(() -> build(new StructType().add("c", type), Row.of(value)))
            .isInstanceOfSatisfying(
                ArrowmillException.class,
                e -> assertThat(e.condition()).isEqualTo("ROW_VALUE_TYPE_MISMATCH"))
            .hasMessageContaining("column=c"));
  }

  @Test
  void rejectsNullsOutOfRangeAndWrongSize() {
    assertThatThrownBy(() -> build(StructType.fromDDL("c int not null"), Row.of((Object) null)))
        .hasMessageContaining("[NOT_NULL_ASSERT_VIOLATION]")
        .hasMessageContaining("column=c");
    assertThatThrownBy(
            () -> build(StructType.fromDDL("c decimal(3,1)"), Row.of(new BigDecimal("99.95"))))
        .hasMessageContaining("[NUMERIC_VALUE_OUT_OF_RANGE]")
        .hasMessageContaining("value=99.95");
    assertThatThrownBy(() -> build(StructType.fromDDL("c int"), Row.of(1, 2)))
        .hasMessageContaining("[ROW_SIZE_MISMATCH]");
  }

  @ParameterizedTest
  @ValueSource(ints = {RecordBatch.ROWS_MAX, RecordBatch.ROWS_MAX + 1})
  void fillsBatchesAndGoesOn(int total) {
    StructType schema = StructType.fromDDL("c int");
    int built = 0;
    try (BatchBuilder builder = new BatchBuilder(schema, allocator)) {
      for (int i = 0; i < total; i++) {
        builder.append(Row.of(i));
        if (builder.isFull()) {
          RecordBatch batch = builder.build();
          built += batch.rowCount();
          batch.close();
        }
      }
      try (RecordBatch last = builder.build()) {
        assertThat(built + last.rowCount()).isEqualTo(total);
        assertThat(built).isEqualTo(RecordBatch.ROWS_MAX);
      }
      builder.append(Row.of(1));
    }
  }

  private void build(StructType schema, Row row) {
    BatchBuilder.batch(schema, List.of(row), allocator).close();
  }
}
