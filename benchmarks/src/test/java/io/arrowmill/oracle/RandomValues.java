package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random values of a type: mostly small ones that meet again, and the awkward ones. */
final class RandomValues {
  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "A",
    "ab",
    "a b",
    "a  b c ",
    "héllo wörld",
    "日本 語",
    "😀 x",
    "%_\\",
    "null",
    "0",
    "12",
    "-7",
    "1.5",
    "2021-03-04",
    "x,y,,z",
    "ÀÉ",
    "ß",
    "the quick brown fox"
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    -2.25,
    0.1,
    1e10,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    Double.MIN_VALUE
  };

  private final SplittableRandom random;

  RandomValues(SplittableRandom random) {
    this.random = random;
  }

  /** A value of the type, or null one time in six. */
  @Nullable Object nullable(DataType type) {
    return random.nextInt(6) == 0 ? null : value(type);
  }

  /** Rows of values, any of which may be null. */
  List<Row> rows(StructType schema, int count) {
    List<Row> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(
          Row.withSchema(
              schema,
              new ArrayList<@Nullable Object>(
                  java.util.Arrays.asList(
                      schema.fields().stream().map(field -> nullable(field.type())).toArray()))));
    }
    return rows;
  }

  /** A value of the type, never null at the top. */
  Object value(DataType type) {
    return switch (type) {
      case AtomicType atomic -> atomic(atomic);
      case DecimalType decimal -> decimal(decimal);
      case ArrayType array -> {
        List<@Nullable Object> elements = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
          elements.add(nullable(array.element()));
        }
        yield elements;
      }
      case StructType struct -> rows(struct, 1).getFirst();
      default -> throw new IllegalArgumentException("type must be one of these: " + type.sql());
    };
  }

  private Object atomic(AtomicType type) {
    boolean extreme = random.nextInt(8) == 0;
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case BYTE -> extreme ? pick(Byte.MIN_VALUE, Byte.MAX_VALUE) : (byte) small();
      case SHORT -> extreme ? pick(Short.MIN_VALUE, Short.MAX_VALUE) : (short) small();
      case INTEGER -> extreme ? pick(Integer.MIN_VALUE, Integer.MAX_VALUE) : (Object) small();
      case LONG -> extreme ? pick(Long.MIN_VALUE, Long.MAX_VALUE) : (Object) (long) small();
      case FLOAT ->
          extreme
              ? pick(Float.NaN, -0.0f, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 0.1f)
              : (Object) (small() * 0.25f);
      case DOUBLE ->
          extreme ? (Object) DOUBLES[random.nextInt(DOUBLES.length)] : (Object) (small() * 0.25);
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BINARY ->
          extreme
              ? new byte[] {(byte) random.nextInt(256), 0}
              : TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
      case DATE -> date(extreme);
      case TIMESTAMP -> instant(extreme);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant(extreme), ZoneOffset.UTC);
      default -> throw new IllegalArgumentException("type must be one of these: " + type.sql());
    };
  }

  private int small() {
    return random.nextInt(-9, 10);
  }

  private Object pick(Object... values) {
    return values[random.nextInt(values.length)];
  }

  private LocalDate date(boolean extreme) {
    return extreme
        ? LocalDate.of(random.nextInt(1600, 9999), 1 + random.nextInt(12), 28)
        : LocalDate.ofEpochDay(random.nextInt(-800, 20_000));
  }

  private Instant instant(boolean extreme) {
    long second =
        extreme
            ? random.nextLong(-12_000_000_000L, 200_000_000_000L)
            : random.nextInt(-90_000, 90_000);
    long micros = random.nextBoolean() ? 0 : random.nextInt(1_000_000);
    return Instant.ofEpochSecond(second, micros * 1_000);
  }

  private BigDecimal decimal(DecimalType type) {
    BigInteger unscaled = BigInteger.valueOf(random.nextInt(-9_999, 10_000));
    if (random.nextInt(8) == 0) {
      unscaled = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
      unscaled = random.nextBoolean() ? unscaled : unscaled.negate();
    }
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    return new BigDecimal(unscaled.remainder(limit), type.scale());
  }
}
