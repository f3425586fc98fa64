package io.arrowmill.codegen.table;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.arrowmill.codegen.memory.MemorySource;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory of the C heap that fills every block with junk, counts, and refuses when told to. Blocks
 * begin at any multiple of eight bytes, if not told otherwise. What is written beside one is found
 * when it is freed.
 */
@SuppressWarnings("restricted")
final class TestMemory implements MemorySource, AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle ALIGNED_ALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("aligned_alloc"),
          FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

  private static final int GUARD_BYTES = 64;
  private static final byte GUARD = 0x5A;

  private final Map<Long, Block> blocks = new HashMap<>();
  private final boolean aligned;
  private int made;
  private long allocated;
  private long allocatedMax;
  private long allocationsLeft = Long.MAX_VALUE;

  /** A block with guards around it; {@code whole} is what the heap gave. */
  private record Block(MemorySegment whole, long before, long bytes) {
    void guard() {
      whole.asSlice(0, before).fill(GUARD);
      whole.asSlice(before + bytes).fill(GUARD);
    }

    boolean isWhole() {
      return isGuard(0, before) && isGuard(before + bytes, whole.byteSize());
    }

    private boolean isGuard(long from, long to) {
      for (long at = from; at < to; at++) {
        if (whole.get(JAVA_BYTE, at) != GUARD) {
          return false;
        }
      }
      return true;
    }
  }

  TestMemory() {
    this(false);
  }

  /**
   * Memory.
   *
   * @param aligned whether every block begins with a cache line
   */
  TestMemory(boolean aligned) {
    this.aligned = aligned;
  }

  /** Lets {@code count} allocations through and refuses the others. */
  void refuseAfter(long count) {
    allocationsLeft = count;
  }

  @Override
  public long allocate(long bytes) {
    if (allocationsLeft-- <= 0) {
      throw new IllegalStateException("memory limit reached: bytes=" + bytes);
    }
    try {
      long before = GUARD_BYTES + (aligned ? 0 : 8L * (made++ & 7));
      long all = (before + bytes + GUARD_BYTES + 63) & -64L;
      MemorySegment whole = ((MemorySegment) ALIGNED_ALLOC.invokeExact(64L, all)).reinterpret(all);
      if (bytes <= 1 << 16) {
        whole.fill((byte) 0xA5);
      }
      Block block = new Block(whole, before, bytes);
      block.guard();
      long address = whole.address() + before;
      blocks.put(address, block);
      allocated += bytes;
      allocatedMax = Math.max(allocatedMax, allocated);
      return address;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void free(long address, long bytes) {
    Block block = blocks.remove(address);
    if (block == null || block.bytes() != bytes) {
      throw new AssertionError("freed what was not allocated: bytes=" + bytes + ", was=" + block);
    }
    if (!block.isWhole()) {
      throw new AssertionError("written beside a block: bytes=" + bytes);
    }
    allocated -= bytes;
    try {
      FREE.invokeExact(block.whole());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  long allocated() {
    return allocated;
  }

  long allocatedMax() {
    return allocatedMax;
  }

  /** Closing is the leak check. */
  @Override
  public void close() {
    if (!blocks.isEmpty()) {
      throw new AssertionError("leaked: blocks=" + blocks.size() + ", bytes=" + allocated);
    }
  }
}
