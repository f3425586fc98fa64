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
import io.arrowmill.codegen.runtime.KernelContext;
import io.arrowmill.codegen.runtime.LetterCase;
import io.arrowmill.codegen.runtime.TextWords;
import java.util.List;

/**
 * Copies ASCII text with the case of its upper or of its lower letters flipped, as words of eight
 * bytes in lanes, which are generated as those of expressions are. Any thread may call it.
 */
final class CaseLanes {
  private static final CaseLanes LOWER_LETTERS =
      new CaseLanes(LetterCase.LOWER, LaneStart.WHEN_FAST);
  private static final CaseLanes UPPER_LETTERS =
      new CaseLanes(LetterCase.UPPER, LaneStart.WHEN_FAST);

  private final LetterCase letters;
  private final LaneSite site;

  private CaseLanes(LetterCase letters, LaneStart start) {
    this.letters = letters;
    LaneProgram.Output output = new LaneProgram.Output(0, Lowering.lower(flipped(letters)));
    this.site = new LaneSite(new LaneProgram(null, false, List.of(output)), this::scalar, start);
  }

  /** Of letters of one case. */
  static CaseLanes of(LetterCase letters, LaneStart start) {
    if (start == LaneStart.AT_ONCE) {
      return new CaseLanes(letters, start);
    }
    return letters == LetterCase.LOWER ? LOWER_LETTERS : UPPER_LETTERS;
  }

  /** What {@link LetterCase} does to a word. */
  private static Ir flipped(LetterCase letters) {
    Ir word = new Ir.Input(0, I64, false);
    Ir before = new Ir.Bitwise(BitwiseOp.XOR, I64, plus(word, letters.toBeyond()), of(-1));
    Ir within = new Ir.Bitwise(BitwiseOp.AND, I64, plus(word, letters.toFirst()), before);
    Ir flags = new Ir.Bitwise(BitwiseOp.AND, I64, within, of(TextWords.HIGH));
    Ir shift = new Ir.Const(I32, LetterCase.BITS_TO_CASE);
    Ir cases = new Ir.Bitwise(BitwiseOp.SHIFT_RIGHT_UNSIGNED, I64, flags, shift);
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
    TextWords.flipCase(from, 8 * count, outputs.dataAddress(0) + 8L * position, letters);
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
    TextWords.flipCase(from + done, bytes - done, to + done, letters);
  }
}
