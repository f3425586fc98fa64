package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.PhysicalType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes random values that are often small, often extreme, and often equal. */
record RandomValues(RandomGenerator random) {

  private static final String[] TEXTS = {
    "",
    "a",
    "A",
    " b ",
    "abc",
    "12",
    "-7",
    "true",
    "Zürich",
    "日本語",
    "3.5",
    "%_",
    "abcabc",
    "\uD83D\uDE00x"
  };

  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    2.5,
    -2.5,
    1e300,
    -1e300,
    127.9,
    128,
    1e10,
    0x1p63,
    -0x1p63,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE
  };

  Object next(PhysicalType type) {
    return switch (type) {
      case BOOL -> random.nextBoolean();
      case I8 -> (byte) integer(8);
      case I16 -> (short) integer(16);
      case I32 -> (int) integer(32);
      case I64 -> integer(64);
      case F32 -> (float) floating();
      case F64 -> floating();
      case DECIMAL -> BigInteger.valueOf(integer(64)).multiply(BigInteger.valueOf(integer(60)));
      case BYTES -> ByteString.of(TEXTS[random.nextInt(TEXTS.length)]);
    };
  }

  private long integer(int bits) {
    return switch (random.nextInt(6)) {
      case 0 -> -1L << (bits - 1);
      case 1 -> ~(-1L << (bits - 1));
      case 2 -> random.nextLong();
      default -> random.nextInt(7) - 3;
    };
  }

  private double floating() {
    return random.nextInt(3) == 0
        ? random.nextDouble(-1000, 1000)
        : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  /** A column with no nulls, all nulls, alternating nulls, the last one null, or some. */
  TestColumn column(PhysicalType type, int rows) {
    int nulls = random.nextInt(6);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      boolean isNull =
          switch (nulls) {
            case 0, 1 -> false;
            case 2 -> true;
            case 3 -> i % 2 == 0;
            case 4 -> i == rows - 1;
            default -> random.nextInt(4) == 0;
          };
      values.add(isNull ? null : next(type));
    }
    return new TestColumn(type, values);
  }
}
