package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Trees.arithmetic;
import static io.arrowmill.codegen.compile.Trees.column;
import static io.arrowmill.codegen.compile.Trees.constant;
import static io.arrowmill.codegen.compile.Trees.in;
import static io.arrowmill.codegen.compile.Trees.typeOf;
import static io.arrowmill.codegen.ir.PhysicalType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.ir.UnaryOp;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no result: an error under FAIL, null under NULL; in all modes alike. */
@Tag("lanes")
class AnsiErrorsTest {

  static List<Arguments> arithmeticErrors() {
    return List.of(
        Arguments.of(ArithmeticOp.ADD, (byte) 127, (byte) 1, Condition.BINARY_ARITHMETIC_OVERFLOW),
        Arguments.of(
            ArithmeticOp.SUBTRACT, (short) -32768, (short) 1, Condition.BINARY_ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.ADD, Integer.MAX_VALUE, 1, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.MULTIPLY, 65536, 32768, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.ADD, Long.MAX_VALUE, 1L, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.SUBTRACT, Long.MIN_VALUE, 1L, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.MULTIPLY, 1L << 32, 1L << 31, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.DIVIDE, Long.MIN_VALUE, -1L, Condition.ARITHMETIC_OVERFLOW),
        Arguments.of(
            ArithmeticOp.DIVIDE, (byte) -128, (byte) -1, Condition.BINARY_ARITHMETIC_OVERFLOW),
        Arguments.of(ArithmeticOp.DIVIDE, 1, 0, Condition.DIVIDE_BY_ZERO),
        Arguments.of(ArithmeticOp.DIVIDE, 1.0, 0.0, Condition.DIVIDE_BY_ZERO),
        Arguments.of(ArithmeticOp.DIVIDE, 1f, -0f, Condition.DIVIDE_BY_ZERO),
        Arguments.of(ArithmeticOp.REMAINDER, 1L, 0L, Condition.REMAINDER_BY_ZERO),
        Arguments.of(
            ArithmeticOp.POSITIVE_REMAINDER, (short) 1, (short) 0, Condition.REMAINDER_BY_ZERO));
  }

  @ParameterizedTest
  @MethodSource("arithmeticErrors")
  void arithmetic_fails(ArithmeticOp op, Object left, Object right, Condition condition) {
    PhysicalType type = typeOf(left);
    TestColumn[] columns = {column(type, left), column(type, right)};
    for (KernelRunner runner : runners(columns)) {
      Ir strict = arithmetic(op, OnError.FAIL, in(0, type), in(1, type));
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> runner.project(strict, 0, 1))
          .satisfies(e -> assertThat(e.condition()).isEqualTo(condition))
          .withMessageContaining("expression=(left " + op.symbol() + " right)")
          .withMessageContaining("left=" + left)
          .withMessageContaining("to get NULL instead");
      Ir tolerant = arithmetic(op, OnError.NULL, in(0, type), in(1, type));
      assertThat(runner.project(tolerant, 0, 1)).containsExactly((Object) null);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ArithmeticOp.class,
      names = {"DIVIDE", "REMAINDER", "POSITIVE_REMAINDER"})
  void divisions_lookAtTheDivisorFirst(ArithmeticOp op) {
    for (KernelRunner runner : runners(column(I64, Long.MAX_VALUE), column(I64, (Object) null))) {
      Ir overflow = arithmetic(ArithmeticOp.ADD, OnError.FAIL, in(0, I64), constant(1L));
      assertThat(runner.project(arithmetic(op, OnError.FAIL, overflow, in(1, I64)), 0, 1))
          .containsExactly((Object) null);
      Ir failing = arithmetic(op, OnError.FAIL, in(1, I64), overflow);
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> runner.project(failing, 0, 1))
          .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.ARITHMETIC_OVERFLOW));
    }
  }

  @Test
  void overflow_namesTheValuesAndTheRemedy() {
    KernelRunner runner =
        KernelRunner.scalar(
            column(PhysicalType.I32, 1, Integer.MAX_VALUE), column(PhysicalType.I32, 1, 2));
    Ir sum =
        arithmetic(
            ArithmeticOp.ADD, OnError.FAIL, in(0, PhysicalType.I32), in(1, PhysicalType.I32));
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> runner.project(sum, 0, 2))
        .withMessage(
            "[ARITHMETIC_OVERFLOW] integer overflow: expression=(left + right), left=2147483647,"
                + " operator=+, right=2; use try_add to get NULL instead");
  }

  @Test
  void productOfTwoConstants_isNullOnlyWhereItOverflows() {
    for (KernelRunner runner : runners(column(PhysicalType.I64, 1L))) {
      for (long[] factors : new long[][] {{2, 1L << 61}, {1L << 61, 2}}) {
        Ir left = new Ir.Const(PhysicalType.I64, factors[0]);
        Ir right = new Ir.Const(PhysicalType.I64, factors[1]);
        Ir product = arithmetic(ArithmeticOp.MULTIPLY, OnError.NULL, left, right);
        assertThat(runner.project(product, 0, 1)).containsExactly(1L << 62);
      }
    }
  }

  static List<Arguments> unaryErrors() {
    return List.of(
        Arguments.of(UnaryOp.NEGATE, Byte.MIN_VALUE, Byte.MIN_VALUE),
        Arguments.of(UnaryOp.ABS, Short.MIN_VALUE, Short.MIN_VALUE),
        Arguments.of(UnaryOp.NEGATE, Integer.MIN_VALUE, Integer.MIN_VALUE),
        Arguments.of(UnaryOp.ABS, Long.MIN_VALUE, Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("unaryErrors")
  void unary_fails(UnaryOp op, Object value, Object wrapped) {
    PhysicalType type = typeOf(value);
    Site site = new Site("unary");
    for (KernelRunner runner : runners(column(type, value))) {
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(
              () -> runner.project(new Ir.Unary(op, type, in(0, type), OnError.FAIL, site), 0, 1))
          .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.ARITHMETIC_OVERFLOW));
      assertThat(runner.project(new Ir.Unary(op, type, in(0, type), OnError.NULL, site), 0, 1))
          .containsExactly((Object) null);
      assertThat(runner.project(new Ir.Unary(op, type, in(0, type), OnError.WRAP, site), 0, 1))
          .containsExactly(wrapped);
    }
  }

  static List<Arguments> casts() {
    return Arrays.asList(
        Arguments.of(128L, PhysicalType.I8, null),
        Arguments.of(127.9, PhysicalType.I8, (byte) 127),
        Arguments.of(-128.9, PhysicalType.I8, (byte) -128),
        Arguments.of(128.0f, PhysicalType.I8, null),
        Arguments.of(40000, PhysicalType.I16, null),
        Arguments.of(1L << 31, PhysicalType.I32, null),
        Arguments.of(-(1L << 31), PhysicalType.I32, Integer.MIN_VALUE),
        Arguments.of(2147483647.5, PhysicalType.I32, Integer.MAX_VALUE),
        Arguments.of(2147483648.0, PhysicalType.I32, null),
        Arguments.of(Double.NaN, PhysicalType.I64, null),
        Arguments.of(1e19, PhysicalType.I64, null),
        Arguments.of(-0x1p63, PhysicalType.I64, Long.MIN_VALUE),
        Arguments.of(Double.POSITIVE_INFINITY, PhysicalType.I32, null),
        Arguments.of(true, PhysicalType.I64, 1L),
        Arguments.of(-1, PhysicalType.BOOL, true),
        Arguments.of(-0.0, PhysicalType.BOOL, false),
        Arguments.of((byte) -1, PhysicalType.F64, -1.0));
  }

  @ParameterizedTest
  @MethodSource("casts")
  void cast_failsWhereTheTargetIsTooNarrow(Object value, PhysicalType to, Object expected) {
    PhysicalType from = typeOf(value);
    Site site = new Site("CAST(v AS x)");
    for (KernelRunner runner : runners(column(from, value))) {
      Ir strict = new Ir.Cast(in(0, from), to, OnError.FAIL, site);
      Ir tolerant = new Ir.Cast(in(0, from), to, OnError.NULL, site);
      assertThat(runner.project(tolerant, 0, 1)).containsExactly(expected);
      if (expected != null) {
        assertThat(runner.project(strict, 0, 1)).containsExactly(expected);
      } else {
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> runner.project(strict, 0, 1))
            .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.CAST_OVERFLOW))
            .withMessageContaining("expression=CAST(v AS x), value=" + value)
            .withMessageContaining("use try_cast");
      }
    }
  }

  private static List<KernelRunner> runners(TestColumn... columns) {
    return KernelRunner.inAllModes(columns);
  }
}
