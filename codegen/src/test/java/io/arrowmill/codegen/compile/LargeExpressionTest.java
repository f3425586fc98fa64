package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Trees.arithmetic;
import static io.arrowmill.codegen.compile.Trees.column;
import static io.arrowmill.codegen.compile.Trees.compare;
import static io.arrowmill.codegen.compile.Trees.constant;
import static io.arrowmill.codegen.compile.Trees.in;
import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.kernel.KernelMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Expressions as deep and as wide as machines write them. */
class LargeExpressionTest {

  private static final TestColumn NUMBERS = column(I64, 1L, null, -3L, 1000L);

  /** {@code v + 1 + 1 + ...}, nested to the left or to the right. */
  private static Ir sum(int ones, boolean left) {
    Ir sum = in(0, I64);
    for (int i = 0; i < ones; i++) {
      sum =
          left
              ? arithmetic(ArithmeticOp.ADD, OnError.FAIL, sum, constant(1L))
              : arithmetic(ArithmeticOp.ADD, OnError.FAIL, constant(1L), sum);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void nestsAThousandDeep(KernelMode mode) {
    KernelRunner runner = new KernelRunner(mode, List.of(NUMBERS), false);
    assertThat(runner.project(sum(1000, true), 0, 4)).containsExactly(1001L, null, 997L, 2000L);
    assertThat(runner.project(sum(1000, false), 0, 4)).containsExactly(1001L, null, 997L, 2000L);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void nestsToTheLimit(KernelMode mode) {
    KernelRunner runner = new KernelRunner(mode, List.of(NUMBERS), false);
    Ir deepest = sum(Traversal.DEPTH_MAX - 1, true);
    assertThat(runner.project(deepest, 3, 1)).containsExactly(999L + Traversal.DEPTH_MAX);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void beyondTheLimit_saysWhatToDo(KernelMode mode) {
    KernelRunner runner = new KernelRunner(mode, List.of(NUMBERS), false);
    Ir tooDeep = sum(Traversal.DEPTH_MAX, true);
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> runner.project(tooDeep, 0, 4))
        .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.EXPRESSION_TOO_LARGE))
        .withMessageContaining("depth=10001")
        .withMessageContaining("split it into several columns");
  }

  static List<Arguments> modes() {
    List<Arguments> modes = new ArrayList<>();
    for (KernelMode mode : KernelMode.values()) {
      modes.add(Arguments.of(mode, false));
      modes.add(Arguments.of(mode, true));
    }
    return modes;
  }

  private static KernelRunner runner(KernelMode mode) {
    return new KernelRunner(mode, List.of(NUMBERS), false);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void conjunctionsOfAThousand(KernelMode mode, boolean mayFail) {
    Ir all = compare(CompareOp.GREATER, in(0, I64), constant(-1L));
    for (long i = 1; i < 1000; i++) {
      Ir v = in(0, I64);
      Ir shifted = mayFail ? arithmetic(ArithmeticOp.ADD, OnError.FAIL, v, constant(0L)) : v;
      all = new Ir.And(all, compare(CompareOp.NOT_EQUAL, shifted, constant(i + 1)));
    }
    assertThat(runner(mode).filter(all, 0, 4)).containsExactly(0);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void caseOfFiveThousandBranches(KernelMode mode) {
    List<Ir.CaseWhen.Branch> branches = new ArrayList<>();
    for (long i = 0; i < 5000; i++) {
      Ir matches = compare(CompareOp.EQUAL, in(0, I64), constant(i));
      branches.add(new Ir.CaseWhen.Branch(matches, constant(i * 2)));
    }
    Ir node = new Ir.CaseWhen(I64, branches, constant(-1L));
    assertThat(runner(mode).project(node, 0, 4)).containsExactly(2L, -1L, -1L, 2000L);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void listOfAHundredThousandConstants(KernelMode mode) {
    List<Ir.Const> constants = new ArrayList<>();
    for (long i = 0; i < 100_000; i++) {
      constants.add(new Ir.Const(I64, i * 10));
    }
    assertThat(runner(mode).filter(new Ir.In(in(0, I64), constants), 0, 4)).containsExactly(3);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void sharedNodesAreCompiledOnce(KernelMode mode) {
    Ir doubled = in(0, I64);
    for (int i = 0; i < 12; i++) {
      doubled = arithmetic(ArithmeticOp.ADD, OnError.WRAP, doubled, doubled);
    }
    assertThat(runner(mode).project(doubled, 0, 4))
        .containsExactly(4096L, null, -3 * 4096L, 4_096_000L);
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void tenThousandOutputs(KernelMode mode) {
    List<Ir> expressions = new ArrayList<>();
    for (long i = 0; i < 10_000; i++) {
      expressions.add(
          i % 10 == 0
              ? compare(CompareOp.GREATER, in(0, I64), constant(i))
              : arithmetic(ArithmeticOp.ADD, OnError.FAIL, in(0, I64), constant(i)));
    }
    List<List<Object>> results = runner(mode).projectAll(expressions, null, 0, 4);
    assertThat(results).hasSize(10_000);
    for (int i = 0; i < 10_000; i++) {
      long l = i;
      if (i % 10 == 0) {
        assertThat(results.get(i)).containsExactly(1 > l, null, -3 > l, 1000 > l);
      } else {
        assertThat(results.get(i)).containsExactly(1 + l, null, l - 3, 1000 + l);
      }
      assertThat(results.get(i).get(1) == null).isEqualTo(true);
    }
    assertThat(expressions.getFirst().type()).isEqualTo(BOOL);
  }
}
