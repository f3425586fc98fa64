package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Room for values of any length: strings of keys and of accumulators.
 *
 * <p>Small blocks are cut from chunks in size classes (16, 24, 32, 48, 64, 96 … 32,768 bytes), and
 * a freed one goes to its class's list, so that a table whose keys come and go stays as large as
 * its largest moment. Larger ones are the memory source's own. Owned by one table; one thread at a
 * time.
 */
public final class BytesArena implements AutoCloseable {
  private static final int CLASSES = 23;
  private static final long SMALL_BYTES_MAX = 32_768;
  private static final long CHUNK_BYTES_MIN = 4_096;
  private static final long CHUNK_BYTES_MAX = 1 << 20;

  private final MemorySource memory;
  private final long[] freeHeads = new long[CLASSES];
  private final Map<Long, Long> largeBlocks = new HashMap<>();
  private long[] chunks = new long[4];
  private long[] chunkBytes = new long[4];
  private int chunkCount;
  private long next;
  private long end;
  private long totalBytes;

  BytesArena(MemorySource memory) {
    this.memory = memory;
  }

  /** Bytes that {@link #allocate} really sets aside for a value of {@code bytes} bytes. */
  public static long capacityFor(long bytes) {
    return bytes > SMALL_BYTES_MAX ? (bytes + 63) & -64L : classBytes(classOf(bytes));
  }

  private static int classOf(long bytes) {
    if (bytes <= 16) {
      return 0;
    }
    int log2 = 63 - Long.numberOfLeadingZeros(bytes - 1);
    boolean upperHalf = ((bytes - 1) >>> (log2 - 1) & 1) != 0;
    return (log2 - 4) * 2 + (upperHalf ? 2 : 1);
  }

  private static long classBytes(int sizeClass) {
    long base = 16L << (sizeClass >>> 1);
    return (sizeClass & 1) == 0 ? base : base + (base >>> 1);
  }

  /** Sets aside a block for {@code bytes} bytes; its content is undefined. */
  public long allocate(long bytes) {
    if (bytes > SMALL_BYTES_MAX) {
      long capacity = capacityFor(bytes);
      long address = memory.allocate(capacity);
      largeBlocks.put(address, capacity);
      totalBytes += capacity;
      return address;
    }
    int sizeClass = classOf(bytes);
    long head = freeHeads[sizeClass];
    if (head != 0) {
      freeHeads[sizeClass] = getLong(head);
      return head;
    }
    long capacity = classBytes(sizeClass);
    if (end - next < capacity) {
      addChunk(capacity);
    }
    long address = next;
    next += capacity;
    return address;
  }

  /** Gives back what {@link #allocate} set aside for {@code bytes} bytes, or for its capacity. */
  public void free(long address, long bytes) {
    if (bytes > SMALL_BYTES_MAX) {
      long capacity = capacityFor(bytes);
      largeBlocks.remove(address);
      memory.free(address, capacity);
      totalBytes -= capacity;
      return;
    }
    int sizeClass = classOf(bytes);
    putLong(address, freeHeads[sizeClass]);
    freeHeads[sizeClass] = address;
  }

  private void addChunk(long bytesMin) {
    long wanted = Math.min(CHUNK_BYTES_MAX, CHUNK_BYTES_MIN << Math.min(20, chunkCount));
    wanted = Math.max(wanted, bytesMin);
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
      chunkBytes = Arrays.copyOf(chunkBytes, chunkCount * 2);
    }
    long address = memory.allocate(wanted);
    chunks[chunkCount] = address;
    chunkBytes[chunkCount] = wanted;
    chunkCount++;
    totalBytes += wanted;
    next = address;
    end = address + wanted;
  }

  /** Bytes held from the memory source. */
  public long memoryBytes() {
    return totalBytes;
  }

  /** Gives everything back to the memory source; the arena can be filled anew. */
  void clear() {
    while (chunkCount > 0) {
      chunkCount--;
      memory.free(chunks[chunkCount], chunkBytes[chunkCount]);
    }
    largeBlocks.forEach(memory::free);
    largeBlocks.clear();
    Arrays.fill(freeHeads, 0);
    next = 0;
    end = 0;
    totalBytes = 0;
  }

  @Override
  public void close() {
    clear();
  }
}
