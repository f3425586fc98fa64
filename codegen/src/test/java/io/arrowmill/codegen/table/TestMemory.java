package io.arrowmill.codegen.table;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.arrowmill.codegen.memory.MemorySource;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/** Memory of the C heap that fills every block with junk, counts, and refuses when told to. */
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

  private final Map<Long, Long> blocks = new HashMap<>();
  private long allocated;
  private long allocatedMax;
  private long allocationsLeft = Long.MAX_VALUE;

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
      MemorySegment block = (MemorySegment) ALIGNED_ALLOC.invokeExact(64L, (bytes + 63) & -64L);
      if (bytes <= 1 << 16) {
        block.reinterpret(bytes).fill((byte) 0xA5);
      }
      blocks.put(block.address(), bytes);
      allocated += bytes;
      allocatedMax = Math.max(allocatedMax, allocated);
      return block.address();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void free(long address, long bytes) {
    Long size = blocks.remove(address);
    if (size == null || size != bytes) {
      throw new AssertionError("freed what was not allocated: bytes=" + bytes + ", size=" + size);
    }
    allocated -= bytes;
    try {
      FREE.invokeExact(MemorySegment.ofAddress(address));
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
