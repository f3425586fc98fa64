package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Trees.arithmetic;
import static io.arrowmill.codegen.compile.Trees.column;
import static io.arrowmill.codegen.compile.Trees.compare;
import static io.arrowmill.codegen.compile.Trees.constant;
import static io.arrowmill.codegen.compile.Trees.in;
import static io.arrowmill.codegen.compile.Trees.none;
import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.kernel.KernelMode;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables whose expected values were worked out by hand from SQL's rules. */
@Tag("lanes")
class SemanticsTest {

  private static KernelRunner runner(KernelMode mode, TestColumn... columns) {
    return new KernelRunner(mode, List.of(columns), false);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void logicIsThreeValued(KernelMode mode) {
    TestColumn left = column(BOOL, true, true, true, false, false, false, null, null, null);
    TestColumn right = column(BOOL, true, false, null, true, false, null, true, false, null);
    KernelRunner runner = runner(mode, left, right);
    Ir l = in(0, BOOL);
    Ir r = in(1, BOOL);
    assertThat(runner.project(new Ir.And(l, r), 0, 9))
        .containsExactly(true, false, null, false, false, false, null, false, null);
    assertThat(runner.project(new Ir.Or(l, r), 0, 9))
        .containsExactly(true, true, true, true, false, null, true, null, null);
    assertThat(runner.project(new Ir.Not(l), 0, 9))
        .containsExactly(false, false, false, true, true, true, null, null, null);
    assertThat(runner.project(new Ir.NullSafeEqual(l, r), 0, 9))
        .containsExactly(true, false, false, false, true, false, false, false, true);
    assertThat(runner.filter(new Ir.Or(l, r), 0, 9)).containsExactly(0, 1, 2, 3, 6);
    assertThat(runner.filter(new Ir.Not(new Ir.And(l, r)), 0, 9)).containsExactly(1, 3, 4, 5, 7);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void nanEqualsNanAndIsGreatest(KernelMode mode) {
    double nan = Double.NaN;
    TestColumn left = column(F64, nan, nan, 1.0, -0.0, Double.POSITIVE_INFINITY);
    TestColumn right = column(F64, nan, 1.0, nan, 0.0, nan);
    KernelRunner runner = runner(mode, left, right);
    Ir l = in(0, F64);
    Ir r = in(1, F64);
    assertThat(runner.filter(compare(CompareOp.EQUAL, l, r), 0, 5)).containsExactly(0, 3);
    assertThat(runner.filter(compare(CompareOp.NOT_EQUAL, l, r), 0, 5)).containsExactly(1, 2, 4);
    assertThat(runner.filter(compare(CompareOp.LESS, l, r), 0, 5)).containsExactly(2, 4);
    assertThat(runner.filter(compare(CompareOp.LESS_OR_EQUAL, l, r), 0, 5))
        .containsExactly(0, 2, 3, 4);
    assertThat(runner.filter(compare(CompareOp.GREATER, l, r), 0, 5)).containsExactly(1);
    assertThat(runner.filter(compare(CompareOp.GREATER_OR_EQUAL, l, r), 0, 5))
        .containsExactly(0, 1, 3);
    assertThat(runner.filter(compare(CompareOp.GREATER, l, constant(5.0)), 0, 5))
        .containsExactly(0, 1, 4);
    assertThat(runner.project(new Ir.Extremum(true, F64, List.of(l, r)), 0, 5))
        .containsExactly(nan, nan, nan, -0.0, nan);
    Ir inList = new Ir.In(l, List.of(new Ir.Const(F64, nan), new Ir.Const(F64, 0.0)));
    assertThat(runner.filter(inList, 0, 5)).containsExactly(0, 1, 3);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void branchesAreEvaluatedLazily(KernelMode mode) {
    TestColumn divisor = column(I32, 2, 0, null, 5);
    KernelRunner runner = runner(mode, divisor);
    Ir d = in(0, I32);
    Ir quotient = arithmetic(ArithmeticOp.DIVIDE, OnError.FAIL, constant(10), d);
    Ir isZero = compare(CompareOp.EQUAL, d, constant(0));
    assertThat(runner.project(new Ir.If(I32, isZero, constant(-1), quotient), 0, 4))
        .containsExactly(5, -1, null, 2);
    Ir guarded =
        new Ir.And(
            compare(CompareOp.NOT_EQUAL, d, constant(0)),
            compare(CompareOp.GREATER, quotient, constant(3)));
    assertThat(runner.filter(guarded, 0, 4)).containsExactly(0);
    Ir either = new Ir.Or(isZero, compare(CompareOp.LESS, quotient, constant(3)));
    assertThat(runner.filter(either, 0, 4)).containsExactly(1, 3);
    assertThat(runner.project(new Ir.Coalesce(I32, List.of(constant(7), quotient)), 0, 4))
        .containsExactly(7, 7, 7, 7);
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> runner.project(quotient, 0, 4));
    assertThat(runner.project(quotient, List.of(0, 2, 3), 1)).containsExactly(null, 2);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void membershipIsNullWhereANullCouldMatch(KernelMode mode) {
    KernelRunner runner = runner(mode, column(I64, 1L, 2L, null));
    Ir.Const one = new Ir.Const(I64, 1L);
    Ir.Const nothing = new Ir.Const(I64, null);
    assertThat(runner.project(new Ir.In(in(0, I64), List.of(one)), 0, 3))
        .containsExactly(true, false, null);
    assertThat(runner.project(new Ir.In(in(0, I64), List.of(one, nothing)), 0, 3))
        .containsExactly(true, null, null);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void caseWhenTakesTheFirstTrueBranch(KernelMode mode) {
    KernelRunner runner = runner(mode, column(I32, 1, 2, 3, null));
    Ir v = in(0, I32);
    Ir node =
        new Ir.CaseWhen(
            I32,
            List.of(
                new Ir.CaseWhen.Branch(compare(CompareOp.LESS, v, constant(2)), constant(10)),
                new Ir.CaseWhen.Branch(compare(CompareOp.LESS, v, constant(3)), constant(20))),
            none(I32));
    assertThat(runner.project(node, 0, 4)).containsExactly(10, 20, null, null);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void windowsStartAtMultiplesOfTheSlide(KernelMode mode) {
    KernelRunner runner = runner(mode, column(I64, 0L, 9L, 10L, -1L, -10L, -11L, 13L));
    Ir start =
        new Ir.Call(
            Function.WINDOW_START, List.of(in(0, I64), constant(10L), constant(0L)), new Site("w"));
    assertThat(runner.project(start, 0, 7)).containsExactly(0L, 0L, 10L, -10L, -10L, -20L, 10L);
    Ir shifted =
        new Ir.Call(
            Function.WINDOW_START, List.of(in(0, I64), constant(10L), constant(3L)), new Site("w"));
    assertThat(runner.project(shifted, 0, 7)).containsExactly(-7L, 3L, 3L, -7L, -17L, -17L, 13L);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void windowsStartWithinTheRange(KernelMode mode) {
    long slide = 10_000_000L;
    long[] offsets = {0, 3, -3};
    for (long offset : offsets) {
      Ir start =
          new Ir.Call(
              Function.WINDOW_START,
              List.of(in(0, I64), constant(slide), constant(offset)),
              new Site("w"));
      for (long time : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 2, Long.MAX_VALUE - 1}) {
        BigInteger since = BigInteger.valueOf(time).subtract(BigInteger.valueOf(offset));
        BigInteger expected =
            BigInteger.valueOf(time).subtract(since.mod(BigInteger.valueOf(slide)));
        // Rows enough to fill lanes, of which the last but one is the one in question.
        KernelRunner runner = runner(mode, column(I64, 0L, 1L, 2L, 3L, 4L, 5L, 6L, time, 7L));
        if (expected.bitLength() < 64 && since.bitLength() < 64) {
          assertThat(runner.project(start, 0, 9).get(7)).isEqualTo(expected.longValue());
        } else {
          assertThatExceptionOfType(KernelException.class)
              .as("mode=%s, offset=%s, time=%s", mode, offset, time)
              .isThrownBy(() -> runner.project(start, 0, 9))
              .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.ARITHMETIC_OVERFLOW));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void calendarFields(KernelMode mode) {
    int leapDay = (int) LocalDate.of(2024, 2, 29).toEpochDay();
    int newYear = (int) LocalDate.of(2027, 1, 1).toEpochDay();
    int beforeEpoch = (int) LocalDate.of(1969, 12, 31).toEpochDay();
    KernelRunner runner = runner(mode, column(I32, leapDay, newYear, beforeEpoch));
    assertThat(field(runner, Function.YEAR)).containsExactly(2024, 2027, 1969);
    assertThat(field(runner, Function.MONTH)).containsExactly(2, 1, 12);
    assertThat(field(runner, Function.DAY_OF_MONTH)).containsExactly(29, 1, 31);
    assertThat(field(runner, Function.DAY_OF_YEAR)).containsExactly(60, 1, 365);
    // Thursday, Friday, Wednesday
    assertThat(field(runner, Function.DAY_OF_WEEK)).containsExactly(5, 6, 4);
    assertThat(field(runner, Function.WEEK_OF_YEAR)).containsExactly(9, 53, 1);
  }

  private static List<Object> field(KernelRunner runner, Function function) {
    return runner.project(new Ir.Call(function, List.of(in(0, I32)), new Site("f")), 0, 3);
  }
}
