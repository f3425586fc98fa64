package io.arrowmill.codegen.runtime;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * What static methods and generated code hand each other beyond one primitive: second halves of
 * results, nullness, and scratch memory for the bytes that a row's functions make.
 *
 * <p>One a thread; kernels fetch it at the start of a call. Scratch is reused row by row and holds
 * the largest row's worth of intermediate text; it goes with the thread.
 */
public final class KernelContext {

  private static final ThreadLocal<KernelContext> CURRENT =
      ThreadLocal.withInitial(KernelContext::new);
  private static final int FIRST_BLOCK_BYTES = 4096;

  /** The length of the BYTES result just returned. */
  public int length;

  /** The high half of the DECIMAL result just returned. */
  public long high;

  /** Whether the result just returned is null (1) or not (0). */
  public int isNull;

  private static final Block NONE = new Block(0, 0, Arena.global());

  private final List<Block> blocks = new ArrayList<>();
  private Block selection = NONE;
  private Block bits = NONE;
  private int block;
  private long used;

  private record Block(long address, long bytes, Arena arena) {}

  private KernelContext() {}

  /** The calling thread's context. */
  public static KernelContext current() {
    return CURRENT.get();
  }

  /** Forgets what the previous row put into scratch. */
  public void startRow() {
    block = 0;
    used = 0;
  }

  /** Scratch memory that is good until the next row. */
  public long scratch(long bytes) {
    while (block < blocks.size()) {
      Block current = blocks.get(block);
      if (used + bytes <= current.bytes()) {
        long address = current.address() + used;
        used += bytes;
        return address;
      }
      block++;
      used = 0;
    }
    long last = blocks.isEmpty() ? FIRST_BLOCK_BYTES / 2 : blocks.getLast().bytes();
    long size = Math.max(bytes, last * 2);
    Arena arena = Arena.ofAuto();
    long address = arena.allocate(size, 8).address();
    blocks.add(new Block(address, size, arena));
    used = bytes;
    return address;
  }

  /** Memory for the indices of so many rows, until the next call asks for it. */
  public long selection(int rows) {
    selection = atLeast(selection, 4L * rows);
    return selection.address();
  }

  /** Memory for bits of outputs, until the next call asks for it. */
  public long bits(long bytes) {
    bits = atLeast(bits, bytes);
    return bits.address();
  }

  private static Block atLeast(Block block, long bytes) {
    if (bytes <= block.bytes()) {
      return block;
    }
    long size = Math.max(bytes, 2 * block.bytes());
    Arena arena = Arena.ofAuto();
    return new Block(arena.allocate(size, 8).address(), size, arena);
  }

  /** Says that the result is null; to be called just before returning any value. */
  public void setNull() {
    isNull = 1;
  }
}
