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
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.WordHash;
import java.util.List;

/**
 * {@link WordHash#combine} of whole columns in lanes, generated as those of expressions are: used
 * as soon as it was seen to be faster than scalar code. Any thread may call it.
 */
public final class HashLanes {
  /** Of all tables: the code depends on nothing of theirs. */
  public static final HashLanes SHARED = new HashLanes(LaneStart.WHEN_FAST);

  private static final int STATE = 0;
  private static final int WORD = 1;

  private final LaneSite site;

  /** Lanes of their own. */
  public HashLanes(LaneStart start) {
    LaneProgram program =
        new LaneProgram(
            null, false, List.of(new LaneProgram.Output(0, Lowering.lower(expression()))));
    site = new LaneSite(program, HashLanes::scalar, start);
  }

  /** The hash as an expression of two columns, the state and the word. */
  static Ir expression() {
    return hash(new Ir.Input(STATE, I64, false), new Ir.Input(WORD, I64, false));
  }

  /** The hash as an expression of a state and a word, int64 both. */
  public static Ir hash(Ir state, Ir word) {
    Ir mixed = xor(state, word);
    return folded(times(folded(times(mixed, WordHash.FIRST_FACTOR)), WordHash.SECOND_FACTOR));
  }

  private static Ir folded(Ir value) {
    Ir upper =
        new Ir.Bitwise(
            BitwiseOp.SHIFT_RIGHT_UNSIGNED, I64, value, new Ir.Const(I32, WordHash.FOLD_BITS));
    return xor(value, upper);
  }

  private static Ir xor(Ir left, Ir right) {
    return new Ir.Bitwise(BitwiseOp.XOR, I64, left, right);
  }

  private static Ir times(Ir value, long factor) {
    return new Ir.Arithmetic(
        ArithmeticOp.MULTIPLY,
        I64,
        value,
        new Ir.Const(I64, factor),
        OnError.WRAP,
        new Site("hash of a key"));
  }

  private static int scalar(
      long columns, int start, int count, long selection, KernelOutputs outputs, int position) {
    long states = ColumnDescriptor.data(ColumnDescriptor.at(columns, STATE));
    long words = ColumnDescriptor.data(ColumnDescriptor.at(columns, WORD));
    long out = outputs.dataAddress(0) + 8L * position;
    for (long i = 0; i < count; i++) {
      long state = OffHeap.getLong(states + 8 * (start + i));
      long word = OffHeap.getLong(words + 8 * (start + i));
      OffHeap.putLong(out + 8 * i, WordHash.combine(state, word));
    }
    return position + count;
  }

  /**
   * Hashes the first rows, whole blocks of them, if lanes are to be used now.
   *
   * @param columns address of the descriptors of the states and the words, int64 without nulls
   * @param outputs one, for the hashes, int64; it may be the column of the states
   * @return how many rows were hashed; 0 if lanes are better not used yet
   */
  public int run(long columns, int count, KernelOutputs outputs) {
    int blocks = count & -LaneKernel.BLOCK_ROWS;
    LaneKernel kernel = site.kernel(columns, 0, blocks);
    return kernel == null || blocks == 0 ? 0 : kernel.run(columns, 0, blocks, 0, outputs, 0);
  }
}
