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

  private final MemorySource memory;
  private final int width;
  private final long firstBlockBytes;
  private long[] blocks = new long[4];
  private long[] blockBytes = new long[4];
  private int[] counts = new int[4];
  private int blockCount;
  private long next;
  private long end;
  private long totalBytes;

  BlockList(MemorySource memory, int width, long firstBlockBytes) {
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
    return alignedFits(index) ? (address + 63) & -64L : address;
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

  /** Adds an element of undefined content and returns its address. */
  long append() {
    if (next == end) {
      addBlock();
    }
    long address = next;
    next += width;
    return address;
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

  private boolean alignedFits(int index) {
    return (-blocks[index] & 63) + width <= blockBytes[index];
  }

  private void restart() {
    int last = blockCount - 1;
    next = block(last);
    end = next + (blocks[last] + blockBytes[last] - next) / width * width;
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
