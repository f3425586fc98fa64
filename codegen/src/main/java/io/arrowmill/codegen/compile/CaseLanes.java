package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.BitwiseOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.runtime.BytesFunctions;
import io.arrowmill.codegen.runtime.KernelContext;
import java.util.List;

/**
 * Copies ASCII text with the case of its upper or of its lower letters flipped, as words of eight
 * bytes in lanes, which are generated as those of expressions are. Any thread may call it.
 */
final class CaseLanes {
  private static final CaseLanes LOWER_LETTERS = new CaseLanes('a', LaneStart.WHEN_FAST);
  private static final CaseLanes UPPER_LETTERS = new CaseLanes('A', LaneStart.WHEN_FAST);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH = ONES << 7;
  private static final int LETTERS = 26;
  private static final int BITS_TO_CASE = 2;

  private final char first;
  private final LaneSite site;

  private CaseLanes(char first, LaneStart start) {
    this.first = first;
    LaneProgram.Output output = new LaneProgram.Output(0, Lowering.lower(flipped(first)));
    this.site = new LaneSite(new LaneProgram(null, false, List.of(output)), this::scalar, start);
  }

  /** Of the letters from {@code first} on, {@code a} or {@code A}. */
  static CaseLanes of(char first, LaneStart start) {
    if (start == LaneStart.AT_ONCE) {
      return new CaseLanes(first, start);
    }
    return first == 'a' ? LOWER_LETTERS : UPPER_LETTERS;
  }

  /** All bytes are below 128, so that sums of two such bytes stay in theirs. */
  private static Ir flipped(char first) {
    Ir word = new Ir.Input(0, I64, false);
    Ir atLeast = plus(word, ONES * (128 - first));
    Ir beyond = plus(word, ONES * (128 - first - LETTERS));
    Ir within =
        new Ir.Bitwise(
            BitwiseOp.AND, I64, atLeast, new Ir.Bitwise(BitwiseOp.XOR, I64, beyond, of(-1)));
    Ir letters = new Ir.Bitwise(BitwiseOp.AND, I64, within, of(HIGH));
    Ir cases =
        new Ir.Bitwise(
            BitwiseOp.SHIFT_RIGHT_UNSIGNED, I64, letters, new Ir.Const(I32, BITS_TO_CASE));
    return new Ir.Bitwise(BitwiseOp.XOR, I64, word, cases);
  }

  private static Ir of(long value) {
    return new Ir.Const(I64, value);
  }

  private static Ir plus(Ir word, long value) {
    return new Ir.Arithmetic(
        ArithmeticOp.ADD, I64, word, of(value), OnError.WRAP, new Site("case of a text"));
  }

  private int scalar(
      long columns, int start, int count, long selection, KernelOutputs outputs, int position) {
    long from = ColumnDescriptor.data(ColumnDescriptor.at(columns, 0)) + 8L * start;
    BytesFunctions.flipCase(from, 8 * count, outputs.dataAddress(0) + 8L * position, first);
    return position + count;
  }

  /** Copies so many bytes, none of which has its highest bit set. */
  void flip(long from, int bytes, long to) {
    int blocks = (bytes / Long.BYTES) & -LaneKernel.BLOCK_ROWS;
    int done = 0;
    if (blocks > 0) {
      long column = KernelContext.current().bits(ColumnDescriptor.BYTES);
      ColumnDescriptor.set(column, 0, from, 0);
      LaneKernel kernel = site.kernel(column, 0, blocks);
      if (kernel != null) {
        KernelOutputs outputs = new KernelOutputs(1);
        outputs.setFixed(0, to, 0);
        kernel.run(column, 0, blocks, 0, outputs, 0);
        done = Long.BYTES * blocks;
      }
    }
    BytesFunctions.flipCase(from + done, bytes - done, to + done, first);
  }
}
