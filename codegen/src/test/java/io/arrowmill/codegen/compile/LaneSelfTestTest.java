package io.arrowmill.codegen.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.OffHeap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The self-test passes here, and sees each kind of wrong answer. */
class LaneSelfTestTest {

  @Test
  void lanesPassHere() {
    assertThat(LaneSelfTest.passed()).isTrue();
  }

  @Test
  void programsHaveLanesOfAllTypes() {
    Set<PhysicalType> types = EnumSet.noneOf(PhysicalType.class);
    Set<Boolean> selections = new HashSet<>();
    for (LaneProgram program : LaneSelfTest.programs()) {
      selections.add(program.writesSelection());
      for (Ir expression : program.expressions()) {
        assertThat(LaneSupport.has(expression)).isTrue();
        types.add(expression.type());
      }
    }
    assertThat(types)
        .containsExactlyInAnyOrder(
            PhysicalType.BOOL,
            PhysicalType.I32,
            PhysicalType.I64,
            PhysicalType.F32,
            PhysicalType.F64);
    assertThat(selections).containsExactlyInAnyOrder(true, false);
  }

  /** Changes what correct lane code has written. */
  @FunctionalInterface
  private interface Fault {
    int apply(int kept, long selection, KernelOutputs outputs);
  }

  private static boolean passes(LaneProgram program, boolean hasNulls, Fault fault) {
    LaneKernel correct = LaneCompiler.compile(program, hasNulls);
    LaneKernel faulty =
        (columns, start, count, selection, outputs, position) ->
            fault.apply(
                correct.run(columns, start, count, selection, outputs, position),
                selection,
                outputs);
    return LaneSelfTest.passes(program, faulty, hasNulls);
  }

  @Test
  void seesWrongAnswersOfEveryProgram() {
    for (LaneProgram program : LaneSelfTest.programs()) {
      for (boolean hasNulls : new boolean[] {false, true}) {
        assertThat(passes(program, hasNulls, (kept, _, _) -> kept)).isTrue();
        assertThat(passes(program, hasNulls, (kept, _, _) -> kept - 1)).isFalse();
        if (program.writesSelection()) {
          assertThat(
                  passes(
                      program,
                      hasNulls,
                      (kept, selection, _) -> {
                        flip(selection + 4L * (kept - 1));
                        return kept;
                      }))
              .isFalse();
        }
        for (LaneProgram.Output output : program.outputs()) {
          assertThat(passes(program, hasNulls, wrongValue(output))).isFalse();
          assertThat(passes(program, hasNulls, oneNullMore(output))).isFalse();
        }
      }
    }
  }

  /** Changes the last value that is not null. */
  private static Fault wrongValue(LaneProgram.Output output) {
    return (kept, _, outputs) -> {
      int index = output.index();
      int row = kept - 1;
      while (row >= 0
          && outputs.nullCount(index) > 0
          && !OffHeap.getBit(outputs.validityAddress(index), row)) {
        row--;
      }
      assertThat(row).describedAs("a value of %s", output.expression()).isNotNegative();
      PhysicalType type = output.expression().type();
      long data = outputs.dataAddress(index);
      if (type == PhysicalType.BOOL) {
        OffHeap.putBit(data, row, !OffHeap.getBit(data, row));
      } else {
        // The sign, so that a NaN becomes another number.
        long end = data + (row + 1L) * type.width() - 4;
        OffHeap.putInt(end, OffHeap.getInt(end) == 0 ? 1 << 30 : 0);
      }
      return kept;
    };
  }

  private static Fault oneNullMore(LaneProgram.Output output) {
    return (kept, _, outputs) -> {
      outputs.addNullCount(output.index(), 1);
      return kept;
    };
  }

  private static void flip(long address) {
    OffHeap.putInt(address, OffHeap.getInt(address) ^ 1);
  }

  @Test
  void anyNanIsAsGoodAsAnother() {
    LaneProgram program =
        new LaneProgram(
            null,
            false,
            List.of(new LaneProgram.Output(0, new Ir.Input(3, PhysicalType.F64, true))));
    assertThat(
            passes(
                program,
                false,
                (kept, _, outputs) -> {
                  for (int row = 0; row < kept; row++) {
                    long at = outputs.dataAddress(0) + 8L * row;
                    if (Double.isNaN(Double.longBitsToDouble(OffHeap.getLong(at)))) {
                      OffHeap.putLong(at, Double.doubleToRawLongBits(Double.NaN) | 1L << 63 | 5);
                    }
                  }
                  return kept;
                }))
        .isTrue();
  }
}
