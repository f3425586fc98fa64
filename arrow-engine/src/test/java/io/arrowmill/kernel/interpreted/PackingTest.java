package io.arrowmill.kernel.interpreted;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Packed values come back, and their bytes have the order of the values. */
class PackingTest {
  /** Packs arrays of one element each, given in ascending order. */
  private static void checkOrder(DataType element, @Nullable Object... ascending) {
    DataType type = DataTypes.array(element);
    byte[] before = Packing.pack(List.of(), type, false);
    for (Object value : ascending) {
      List<@Nullable Object> list = Arrays.asList(value);
      byte[] packed = Packing.pack(list, type, false);
      assertThat(Packing.unpack(packed, type)).isEqualTo(list);
      assertThat(Arrays.compareUnsigned(before, packed)).as("%s", value).isNegative();
      before = packed;
    }
  }

  @Test
  void bytesHaveTheOrderOfValues() {
    checkOrder(DataTypes.BOOLEAN, null, false, true);
    checkOrder(DataTypes.BYTE, null, Byte.MIN_VALUE, (byte) -1, (byte) 0, Byte.MAX_VALUE);
    checkOrder(DataTypes.SHORT, Short.MIN_VALUE, (short) -1, (short) 0, Short.MAX_VALUE);
    checkOrder(DataTypes.INTEGER, Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE);
    checkOrder(DataTypes.LONG, null, Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
    checkOrder(
        DataTypes.FLOAT, Float.NEGATIVE_INFINITY, -1f, -0f, 0f, Float.MIN_VALUE, 1f, Float.NaN);
    checkOrder(
        DataTypes.DOUBLE, Double.NEGATIVE_INFINITY, -2.5, -1.0, -0.0, 0.0, 1e300, Double.NaN);
    checkOrder(DataTypes.STRING, null, "", "\0", "\0\0", "\0a", "a", "a\0", "aa", "b", "é", "日");
    checkOrder(
        DataTypes.decimal(38, 2),
        new BigDecimal("-" + "9".repeat(36) + ".99"),
        new BigDecimal("-0.01"),
        new BigDecimal("0.00"),
        new BigDecimal("184467440737095516.16"),
        new BigDecimal("9".repeat(36) + ".99"));
    checkOrder(DataTypes.DATE, LocalDate.of(-1, 1, 1), LocalDate.EPOCH, LocalDate.of(9999, 12, 31));
    checkOrder(
        DataTypes.TIMESTAMP,
        Instant.parse("1900-01-01T00:00:00.000001Z"),
        Instant.parse("1969-12-31T23:59:59.999999Z"),
        Instant.EPOCH,
        Instant.parse("2200-01-01T00:00:00Z"));
    checkOrder(
        DataTypes.array(DataTypes.INTEGER),
        null,
        List.of(),
        Arrays.asList((Integer) null),
        List.of(-5),
        List.of(-5, Integer.MIN_VALUE),
        List.of(3));
  }

  @Test
  void structsAreOrderedByTheirFields() {
    DataType type =
        DataTypes.struct(
            DataTypes.field("a", DataTypes.STRING), DataTypes.field("b", DataTypes.INTEGER));
    byte[] less = Packing.pack(Row.of("a", 7), type, false);
    byte[] more = Packing.pack(Row.of("ab", -7), type, false);
    assertThat(Arrays.compareUnsigned(less, more)).isNegative();
    assertThat(Packing.unpack(less, type)).isEqualTo(Row.of("a", 7));
  }

  @Test
  void keysKnowOneZeroAndOneNan() {
    DataType type = DataTypes.array(DataTypes.DOUBLE);
    assertThat(Packing.pack(List.of(-0.0), type, true))
        .isEqualTo(Packing.pack(List.of(0.0), type, true));
    double otherNan = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);
    assertThat(Packing.pack(List.of(otherNan), type, true))
        .isEqualTo(Packing.pack(List.of(Double.NaN), type, true));
  }
}
