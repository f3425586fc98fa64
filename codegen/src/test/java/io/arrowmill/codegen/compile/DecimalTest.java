package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Trees.column;
import static io.arrowmill.codegen.compile.Trees.in;
import static io.arrowmill.codegen.compile.Trees.typeOf;
import static io.arrowmill.codegen.ir.PhysicalType.DECIMAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.kernel.KernelMode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Decimals against values worked out by hand; null stands for what has no result. */
@Tag("lanes")
class DecimalTest {

  private static final Site SITE = new Site("(a ? b)");
  private static final String NINES = "9".repeat(38);

  static List<Arguments> sums() {
    return Arrays.asList(
        Arguments.of(ArithmeticOp.ADD, "1.50", "2.505", "4.005", 10),
        Arguments.of(ArithmeticOp.SUBTRACT, "1.50", "2.505", "-1.005", 10),
        Arguments.of(ArithmeticOp.SUBTRACT, "0", "0.001", "-0.001", 4),
        Arguments.of(ArithmeticOp.ADD, "-1.5", "1.5", "0.0", 2),
        Arguments.of(ArithmeticOp.ADD, "9223372036854775807", "1", "9223372036854775808", 38),
        Arguments.of(
            ArithmeticOp.SUBTRACT, "-9223372036854775808", "1", "-9223372036854775809", 38),
        Arguments.of(ArithmeticOp.ADD, NINES, "0", NINES, 38),
        Arguments.of(ArithmeticOp.ADD, NINES, "1", null, 38),
        Arguments.of(ArithmeticOp.SUBTRACT, "-" + NINES, "1", null, 38),
        Arguments.of(ArithmeticOp.ADD, "99", "1", null, 2),
        Arguments.of(ArithmeticOp.ADD, "-99", "-1", null, 2),
        Arguments.of(ArithmeticOp.MULTIPLY, "1.5", "-2.5", "-3.75", 5),
        Arguments.of(ArithmeticOp.MULTIPLY, "9223372036854775807", "2", "18446744073709551614", 38),
        Arguments.of(ArithmeticOp.MULTIPLY, NINES, "10", null, 38),
        Arguments.of(
            ArithmeticOp.MULTIPLY, "18446744073709551616", "-3", "-55340232221128654848", 38),
        Arguments.of(
            ArithmeticOp.MULTIPLY, "-3", "-18446744073709551616", "55340232221128654848", 38),
        Arguments.of(
            ArithmeticOp.MULTIPLY, "-9223372036854775809", "-1", "9223372036854775809", 38),
        Arguments.of(ArithmeticOp.MULTIPLY, NINES, "-1", "-" + NINES, 38),
        Arguments.of(ArithmeticOp.MULTIPLY, NINES, "9223372036854775807", null, 38),
        Arguments.of(
            ArithmeticOp.MULTIPLY, "18446744073709551616", "9223372036854775807", null, 38),
        Arguments.of(ArithmeticOp.DIVIDE, "-9223372036854775808", "-1", "9223372036854775808", 38),
        Arguments.of(ArithmeticOp.DIVIDE, "-1", "8", "-0.13", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "1", "-1.6", "-0.6", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "7", NINES, "0.00", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "1", "0.0000001", "10000000", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "1", "3", "0.3333", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "-2", "3", "-0.6667", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "1", "8", "0.13", 10),
        Arguments.of(ArithmeticOp.DIVIDE, "1", "0", null, 10),
        Arguments.of(ArithmeticOp.REMAINDER, "-7.5", "2", "-1.5", 10),
        Arguments.of(ArithmeticOp.POSITIVE_REMAINDER, "-7.5", "2", "0.5", 10),
        Arguments.of(ArithmeticOp.REMAINDER, "7.5", "0.0", null, 10));
  }

  private static Condition byZero(ArithmeticOp op) {
    return op == ArithmeticOp.DIVIDE ? Condition.DIVIDE_BY_ZERO : Condition.REMAINDER_BY_ZERO;
  }

  @ParameterizedTest
  @MethodSource("sums")
  void arithmetic(
      ArithmeticOp op, String left, String right, @Nullable String expected, int precision) {
    BigDecimal l = new BigDecimal(left);
    BigDecimal r = new BigDecimal(right);
    int scale = expected == null ? 0 : new BigDecimal(expected).scale();
    for (KernelMode mode : KernelMode.values()) {
      KernelRunner runner =
          new KernelRunner(
              mode,
              List.of(column(DECIMAL, l.unscaledValue()), column(DECIMAL, r.unscaledValue())),
              false);
      Ir[] nodes = new Ir[2];
      for (OnError onError : List.of(OnError.FAIL, OnError.NULL)) {
        nodes[onError == OnError.FAIL ? 0 : 1] =
            new Ir.DecimalArithmetic(
                op,
                in(0, DECIMAL),
                l.scale(),
                in(1, DECIMAL),
                r.scale(),
                precision,
                scale,
                onError,
                SITE);
      }
      if (expected != null) {
        BigInteger unscaled = new BigDecimal(expected).unscaledValue();
        assertThat(runner.project(nodes[0], 0, 1)).containsExactly(unscaled);
        assertThat(runner.project(nodes[1], 0, 1)).containsExactly(unscaled);
      } else {
        boolean zero = op.divides();
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> runner.project(nodes[0], 0, 1))
            .satisfies(e ->
                assertThat(e.condition())
                    .isEqualTo(zero ? byZero(op) : Condition.NUMERIC_VALUE_OUT_OF_RANGE))
            .withMessageContaining("expression=(a ? b)");
        assertThat(runner.project(nodes[1], 0, 1)).containsExactly((Object) null);
      }
    }
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static BigInteger pow10(int exponent) {
    return BigInteger.TEN.pow(exponent);
  }

  static List<Arguments> casts() {
    return Arrays.asList(
        Arguments.of(5, 0, DECIMAL, 3, 2, big(500)),
        Arguments.of(10, 0, DECIMAL, 3, 2, null),
        Arguments.of(Long.MIN_VALUE, 0, DECIMAL, 19, 0, big(Long.MIN_VALUE)),
        Arguments.of(Long.MIN_VALUE, 0, DECIMAL, 18, 0, null),
        Arguments.of(0.125, 0, DECIMAL, 5, 2, big(13)),
        Arguments.of(-0.125, 0, DECIMAL, 5, 2, big(-13)),
        Arguments.of(1e30, 0, DECIMAL, 38, 2, new BigInteger("1" + "0".repeat(32))),
        Arguments.of(1e30, 0, DECIMAL, 32, 2, null),
        Arguments.of(0.1f, 0, DECIMAL, 9, 8, big(10_000_000)),
        Arguments.of(ByteString.of(" 1.005 "), 0, DECIMAL, 5, 2, big(101)),
        Arguments.of(ByteString.of("1e2"), 0, DECIMAL, 5, 1, big(1000)),
        Arguments.of(ByteString.of("one"), 0, DECIMAL, 5, 1, null),
        Arguments.of(big(1250), 3, DECIMAL, 5, 1, big(13)),
        Arguments.of(big(125), 1, DECIMAL, 5, 3, big(12500)),
        Arguments.of(big(125), 1, DECIMAL, 5, 4, null),
        Arguments.of(big(-1250), 3, DECIMAL, 5, 1, big(-13)),
        Arguments.of(
            big(Long.MIN_VALUE), 3, DECIMAL, 38, 20, pow10(17).multiply(big(Long.MIN_VALUE))),
        Arguments.of(pow10(37), 20, DECIMAL, 18, 0, pow10(17)),
        Arguments.of(
            big(9_007_199_254_740_993L),
            3,
            PhysicalType.F64,
            0,
            0,
            Double.parseDouble("9007199254740.993")),
        Arguments.of(pow10(30), 22, PhysicalType.F64, 0, 0, 1e8),
        Arguments.of(big(123_456), 3, PhysicalType.F32, 0, 0, 123.456f),
        Arguments.of(big(Long.MIN_VALUE), 0, PhysicalType.I64, 0, 0, Long.MIN_VALUE),
        Arguments.of(big(40_000), 0, PhysicalType.I16, 0, 0, null),
        Arguments.of(big(-32_768_9), 1, PhysicalType.I16, 0, 0, (short) -32_768),
        Arguments.of(big(1259), 1, PhysicalType.I8, 0, 0, (byte) 125),
        Arguments.of(big(1289), 1, PhysicalType.I8, 0, 0, null),
        Arguments.of(big(-19), 1, PhysicalType.I32, 0, 0, -1),
        Arguments.of(BigInteger.TWO.pow(63), 0, PhysicalType.I64, 0, 0, null),
        Arguments.of(big(125), 2, PhysicalType.F64, 0, 0, 1.25),
        Arguments.of(big(0), 8, PhysicalType.BYTES, 0, 0, ByteString.of("0.00000000")),
        Arguments.of(big(-5), 2, PhysicalType.BYTES, 0, 0, ByteString.of("-0.05")));
  }

  @ParameterizedTest
  @MethodSource("casts")
  void cast(
      Object value,
      int valueScale,
      PhysicalType to,
      int precision,
      int scale,
      @Nullable Object expected) {
    PhysicalType from = typeOf(value);
    for (KernelMode mode : KernelMode.values()) {
      KernelRunner runner = new KernelRunner(mode, List.of(column(from, null, value)), false);
      Ir tolerant =
          new Ir.DecimalCast(in(0, from), valueScale, to, precision, scale, OnError.NULL, SITE);
      Ir strict =
          new Ir.DecimalCast(in(0, from), valueScale, to, precision, scale, OnError.FAIL, SITE);
      assertThat(runner.project(tolerant, 0, 2)).as("%s", mode).containsExactly(null, expected);
      if (expected == null) {
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> runner.project(strict, 0, 2));
      } else {
        assertThat(runner.project(strict, 0, 2)).containsExactly(null, expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void whatIsNoNumberIsNoDecimal(KernelMode mode) {
    Object[] values = {Double.NaN, Double.POSITIVE_INFINITY, -1.5};
    KernelRunner runner = new KernelRunner(mode, List.of(column(PhysicalType.F64, values)), false);
    for (OnError onError : List.of(OnError.FAIL, OnError.NULL)) {
      Ir cast = new Ir.DecimalCast(in(0, PhysicalType.F64), 0, DECIMAL, 5, 2, onError, SITE);
      assertThat(runner.project(cast, 0, 3)).containsExactly(null, null, big(-150));
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void orderSpansBothHalves(KernelMode mode) {
    BigInteger high = BigInteger.ONE.shiftLeft(64);
    TestColumn left = column(DECIMAL, high, high.negate(), big(-1), big(Long.MIN_VALUE));
    TestColumn right = column(DECIMAL, big(-1), big(1), big(1), high.shiftRight(1));
    KernelRunner runner = new KernelRunner(mode, List.of(left, right), false);
    Ir less = new Ir.Compare(CompareOp.LESS, in(0, DECIMAL), in(1, DECIMAL));
    assertThat(runner.filter(less, 0, 4)).containsExactly(1, 2, 3);
    Ir least = new Ir.Extremum(false, DECIMAL, List.of(in(0, DECIMAL), in(1, DECIMAL)));
    assertThat(runner.project(least, 0, 4))
        .containsExactly(big(-1), high.negate(), big(-1), big(Long.MIN_VALUE));
  }
}
