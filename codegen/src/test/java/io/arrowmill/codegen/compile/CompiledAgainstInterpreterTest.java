package io.arrowmill.codegen.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.interpret.IrInterpreter;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random expressions over random columns: generated code, run every way, against the interpreter.
 */
@Tag("lanes")
class CompiledAgainstInterpreterTest {

  private static final List<PhysicalType> TYPES = List.of(PhysicalType.values());
  private static final int EXPRESSIONS = Integer.getInteger("arrowmill.test.expressions", 60);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200})
  void agrees(int rows) {
    long seed = Long.getLong("arrowmill.test.seed", System.nanoTime());
    System.out.println("CompiledAgainstInterpreterTest rows=" + rows + " seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < EXPRESSIONS; i++) {
      List<TestColumn> columns = new ArrayList<>();
      int lead = random.nextInt(20);
      for (PhysicalType type : PhysicalType.values()) {
        columns.add(new RandomValues(random).column(type, lead + rows));
        columns.add(new RandomValues(random).column(type, lead + rows));
      }
      PhysicalType type = TYPES.get(i % TYPES.size());
      Ir expression = new RandomIr(random, columns).next(type, 1 + random.nextInt(6));
      String context = "seed=" + seed + ", i=" + i + ", start=" + lead + ", ir=" + expression;
      KernelRunner runner = new KernelRunner(pick(random), columns, random.nextBoolean());
      List<Integer> range = range(lead, rows);
      List<Integer> scattered = range.stream().filter(_ -> random.nextInt(3) > 0).toList();

      assertThat(outcome(() -> runner.project(expression, lead, rows)))
          .as(context)
          .isEqualTo(outcome(() -> expected(expression, columns, range)));
      assertThat(outcome(() -> runner.project(expression, scattered, 0)))
          .as(context)
          .isEqualTo(outcome(() -> expected(expression, columns, scattered)));
      if (type == PhysicalType.BOOL) {
        assertThat(outcome(() -> runner.filter(expression, lead, rows)))
            .as(context)
            .isEqualTo(outcome(() -> expectedRows(expression, columns, range)));
        assertThat(outcome(() -> runner.filter(expression, scattered)))
            .as(context)
            .isEqualTo(outcome(() -> expectedRows(expression, columns, scattered)));
      }
    }
  }

  private static KernelMode pick(Random random) {
    return random.nextBoolean() ? KernelMode.SCALAR : KernelMode.SIMD;
  }

  private static List<Integer> range(int start, int count) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(start + i);
    }
    return rows;
  }

  private interface Work {
    Object run();
  }

  /** The result, or the condition of the error. */
  private static Object outcome(Work work) {
    try {
      return work.run();
    } catch (KernelException e) {
      return e.condition();
    }
  }

  private static List<@Nullable Object> expected(
      Ir expression, List<TestColumn> columns, List<Integer> rows) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int row : rows) {
      values.add(
          IrInterpreter.evaluate(expression, (column, _) -> columns.get(column).values().get(row)));
    }
    return values;
  }

  private static List<Integer> expectedRows(
      Ir expression, List<TestColumn> columns, List<Integer> rows) {
    List<@Nullable Object> values = expected(expression, columns, rows);
    List<Integer> selected = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (Boolean.TRUE.equals(values.get(i))) {
        selected.add(rows.get(i));
      }
    }
    return selected;
  }
}
