package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.LaneBits;
import io.arrowmill.codegen.runtime.LetterCase;
import io.arrowmill.codegen.runtime.TextWords;
import org.jspecify.annotations.Nullable;

/**
 * {@code char_length}, {@code upper} or {@code lower} of a column. Where all texts of a range of
 * rows are ASCII, which one loop over their bytes finds out, they are not looked at one by one:
 * lengths are differences of offsets, and cases are flipped in lanes. All other rows are left to
 * scalar code.
 */
final class AsciiProject implements ProjectKernel {
  /** How much is looked at before a byte that is not ASCII ends the search. */
  private static final int SEARCH_BYTES = 4_096;

  private final int column;
  private final int output;
  private final @Nullable CaseLanes lanes;
  private final ProjectKernel scalar;

  private AsciiProject(int column, int output, @Nullable CaseLanes lanes, ProjectKernel scalar) {
    this.column = column;
    this.output = output;
    this.lanes = lanes;
    this.scalar = scalar;
  }

  static boolean has(Ir expression) {
    return expression instanceof Ir.Call call
        && call.operands().getFirst() instanceof Ir.Input
        && switch (call.function()) {
          case CHAR_LENGTH, UPPER, LOWER -> true;
          default -> false;
        };
  }

  /** The kernel of an output whose expression it {@link #has}. */
  static ProjectKernel of(LaneProgram.Output output, LaneStart start, ProjectKernel scalar) {
    Ir.Call call = (Ir.Call) output.expression();
    Ir.Input text = (Ir.Input) call.operands().getFirst();
    CaseLanes lanes =
        call.function() == Function.CHAR_LENGTH
            ? null
            : CaseLanes.of(
                call.function() == Function.UPPER ? LetterCase.LOWER : LetterCase.UPPER, start);
    return new AsciiProject(text.column(), output.index(), lanes, scalar);
  }

  @Override
  public void project(long columns, long selection, int start, int count, KernelOutputs outputs) {
    long text = ColumnDescriptor.at(columns, column);
    if (selection != 0 || count == 0 || !isAscii(text, start, count)) {
      scalar.project(columns, selection, start, count, outputs);
      return;
    }
    long offsets = ColumnDescriptor.offsets(text) + 4L * start;
    if (lanes == null) {
      writeLengths(offsets, count, outputs.dataAddress(output));
    } else {
      BytesOutput target = outputs.bytes(output);
      target.begin(count);
      long begin = OffHeap.getInt(offsets);
      int bytes = (int) (OffHeap.getInt(offsets + 4L * count) - begin);
      long to = target.appendAsLongAs(offsets, count);
      lanes.flip(ColumnDescriptor.data(text) + begin, bytes, to);
    }
    long validity = ColumnDescriptor.validity(text);
    int nulls = validity == 0 ? 0 : copyBits(validity, start, count, outputs);
    outputs.setNullCount(output, nulls);
  }

  private static boolean isAscii(long text, int start, int count) {
    long offsets = ColumnDescriptor.offsets(text) + 4L * start;
    long data = ColumnDescriptor.data(text);
    long end = OffHeap.getInt(offsets + 4L * count);
    for (long at = OffHeap.getInt(offsets); at < end; at += SEARCH_BYTES) {
      if (!TextWords.isAscii(data + at, (int) Math.min(SEARCH_BYTES, end - at))) {
        return false;
      }
    }
    return true;
  }

  private static void writeLengths(long offsets, int count, long out) {
    for (long i = 0; i < count; i++) {
      int length = OffHeap.getInt(offsets + 4 * i + 4) - OffHeap.getInt(offsets + 4 * i);
      OffHeap.putInt(out + 4 * i, length);
    }
  }

  /** Copies validity; returns how many nulls there are. */
  private int copyBits(long validity, int start, int count, KernelOutputs outputs) {
    long out = outputs.validityAddress(output);
    int blocks = count & -Long.SIZE;
    int valid = 0;
    for (int row = 0; row < blocks; row += Long.SIZE) {
      long bits = LaneBits.word(validity, start + row);
      OffHeap.putLong(out + row / Byte.SIZE, bits);
      valid += Long.bitCount(bits);
    }
    long rest = 0;
    for (int row = blocks; row < count; row++) {
      long bit = OffHeap.getBit(validity, (long) start + row) ? 1 : 0;
      rest |= bit << (row - blocks);
    }
    if (blocks < count) {
      OffHeap.putLong(out + blocks / Byte.SIZE, rest);
    }
    return count - valid - Long.bitCount(rest);
  }
}
