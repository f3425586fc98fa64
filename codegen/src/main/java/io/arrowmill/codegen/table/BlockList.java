package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;

/**
 * A list of fixed-width elements in blocks that never move: an element's address is good until
 * {@link #clear}.
 *
 * <p>Owns its blocks. One thread at a time.
 */
final class BlockList implements AutoCloseable {
  private static final long BLOCK_BYTES_MAX = 1 << 20;
  private static final long FRAMED_BYTES_MIN = BLOCK_BYTES_MAX;
  private static final int CACHE_LINE = 64;

  private final MemorySource memory;
  private final int width;
  private final long firstBlockBytes;

  /** Elements of a large block begin and end at a multiple of this. */
  private final long frameBytes;

  private long[] blocks = new long[4];
  private long[] blockBytes = new long[4];
  private int[] counts = new int[4];
  private int blockCount;
  private long next;
  private long end;
  private long totalBytes;

  BlockList(MemorySource memory, int width, long firstBlockBytes) {
    this(memory, width, firstBlockBytes, CACHE_LINE);
  }

  /**
   * A list whose large blocks are made of whole frames: no other block has elements there.
   *
   * @param frameBytes a power of two, at least a cache line
   */
  BlockList(MemorySource memory, int width, long firstBlockBytes, long frameBytes) {
    this.frameBytes = frameBytes;
    this.memory = memory;
    this.width = width;
    this.firstBlockBytes = firstBlockBytes;
  }

  int width() {
    return width;
  }

  int blockCount() {
    return blockCount;
  }

  long block(int index) {
    // Elements begin at a cache line, so that those of 32 or 64 bytes do not lie across two.
    long address = blocks[index];
    long align = isFramed(index) ? frameBytes : CACHE_LINE;
    long aligned = (address + align - 1) & -align;
    return aligned + width <= address + blockBytes[index] ? aligned : address;
  }

  /** Whether a block is made of whole frames. */
  boolean isFramed(int index) {
    return frameBytes > CACHE_LINE && blockBytes[index] >= FRAMED_BYTES_MIN;
  }

  /** Elements that block {@code index} holds. */
  int count(int index) {
    return index == blockCount - 1 ? (int) ((next - block(index)) / width) : counts[index];
  }

  long memoryBytes() {
    return totalBytes;
  }

  /** Makes sure that the next {@link #append} needs no memory. */
  void reserve() {
    if (next == end) {
      addBlock();
    }
  }

  /** How many elements can be added without memory; they lie behind the last one. */
  int room() {
    return (int) ((end - next) / width);
  }

  /** Adds an element of undefined content and returns its address. */
  long append() {
    if (next == end) {
      addBlock();
    }
    long address = next;
    next += width;
    return address;
  }

  /** Where the next element will lie; there is {@link #room} for it. */
  long tail() {
    return next;
  }

  /** Adds elements that were written from {@link #tail} on, no more than there was room for. */
  void extend(int count) {
    next += (long) count * width;
  }

  private void addBlock() {
    long wanted = Math.min(BLOCK_BYTES_MAX, firstBlockBytes << Math.min(20, blockCount));
    while (wanted < width) {
      wanted <<= 1;
    }
    if (blockCount == blocks.length) {
      int length = blockCount * 2;
      blocks = Arrays.copyOf(blocks, length);
      blockBytes = Arrays.copyOf(blockBytes, length);
      counts = Arrays.copyOf(counts, length);
    }
    long address = memory.allocate(wanted);
    if (blockCount > 0) {
      counts[blockCount - 1] = count(blockCount - 1);
    }
    blocks[blockCount] = address;
    blockBytes[blockCount] = wanted;
    blockCount++;
    totalBytes += wanted;
    restart();
  }

  private void restart() {
    int last = blockCount - 1;
    next = block(last);
    long limit = blocks[last] + blockBytes[last];
    long framesEnd = isFramed(last) ? limit & -frameBytes : limit;
    end = next + (framesEnd - next) / width * width;
  }

  /** Gives back every block but the first. */
  void clear() {
    release(1);
    if (blockCount > 0) {
      restart();
    }
  }

  private void release(int keep) {
    while (blockCount > keep) {
      blockCount--;
      memory.free(blocks[blockCount], blockBytes[blockCount]);
      totalBytes -= blockBytes[blockCount];
    }
  }

  @Override
  public void close() {
    release(0);
    next = 0;
    end = 0;
  }
}
