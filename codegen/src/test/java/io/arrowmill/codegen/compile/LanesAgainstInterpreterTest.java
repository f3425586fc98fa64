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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions that have lanes, in every kind of kernel, against the interpreter. */
@Tag("lanes")
class LanesAgainstInterpreterTest {

  private static final int EXPRESSIONS = Integer.getInteger("arrowmill.test.expressions", 30);

  /** Rows of a case: {@code rows} from row {@code lead} on. */
  private record Case(Random random, List<TestColumn> columns, int lead, int rows, String name) {

    KernelRunner runner() {
      return new KernelRunner(KernelMode.SIMD, columns, random.nextBoolean());
    }

    @Nullable Object value(Ir expression, int row) {
      return IrInterpreter.evaluate(
          expression, (column, _) -> columns.get(column).values().get(row));
    }

    List<Integer> range() {
      return IntStream.range(lead, lead + rows).boxed().toList();
    }

    List<Integer> selected(Ir predicate) {
      return range().stream().filter(row -> Boolean.TRUE.equals(value(predicate, row))).toList();
    }

    List<@Nullable Object> values(Ir expression, List<Integer> rowsOf) {
      List<@Nullable Object> values = new ArrayList<>();
      rowsOf.forEach(row -> values.add(value(expression, row)));
      return values;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 256, 300})
  void agrees(int rows) {
    long seed = Long.getLong("arrowmill.test.seed", System.nanoTime());
    System.out.println("LanesAgainstInterpreterTest rows=" + rows + " seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < EXPRESSIONS; i++) {
      List<TestColumn> columns = new ArrayList<>();
      int lead = random.nextInt(20);
      for (PhysicalType type : RandomLanes.TYPES) {
        columns.add(new RandomValues(random).column(type, lead + rows));
        columns.add(new RandomValues(random).column(type, lead + rows));
      }
      RandomLanes generator = new RandomLanes(random, columns, random.nextInt(3) == 0);
      Ir predicate = generator.next(PhysicalType.BOOL, 1 + random.nextInt(4));
      List<Ir> outputs = new ArrayList<>();
      for (int output = 0; output <= random.nextInt(4); output++) {
        PhysicalType type = RandomLanes.TYPES.get((i + output) % RandomLanes.TYPES.size());
        outputs.add(generator.next(type, random.nextInt(4)));
      }
      String name =
          "seed=%d, i=%d, predicate=%s, outputs=%s".formatted(seed, i, predicate, outputs);
      check(new Case(random, columns, lead, rows, name), predicate, outputs);
    }
  }

  private static void check(Case c, Ir predicate, List<Ir> outputs) {
    assertThat(outcome(() -> c.runner().filter(predicate, c.lead(), c.rows())))
        .as(c.name())
        .isEqualTo(outcome(() -> c.selected(predicate)));
    assertThat(outcome(() -> c.runner().projectAll(outputs, null, c.lead(), c.rows())))
        .as(c.name())
        .isEqualTo(
            outcome(() -> outputs.stream().map(output -> c.values(output, c.range())).toList()));
    for (boolean selects : new boolean[] {false, true}) {
      assertThat(
              outcome(
                  () -> c.runner().filterProject(predicate, outputs, selects, c.lead(), c.rows())))
          .as(c.name())
          .isEqualTo(
              outcome(() -> {
                List<Integer> kept = c.selected(predicate);
                return new KernelRunner.Kept(
                    selects ? kept : List.of(),
                    outputs.stream().map(output -> c.values(output, kept)).toList());
              }));
    }
  }

  private interface Work {
    Object run();
  }

  /** The result, or that there is an error: of several, which comes first is not defined. */
  private static Object outcome(Work work) {
    try {
      return work.run();
    } catch (KernelException e) {
      return "error";
    }
  }
}
