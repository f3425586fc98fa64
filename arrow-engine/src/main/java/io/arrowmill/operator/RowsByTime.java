package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;

/**
 * Addresses of rows by their times, no two of one time, in blocks that follow each other in time.
 *
 * <pre>
 *   block  0        8        16       24
 *          +--------+--------+--------+--------+---
 *          | time   | row    | time   | row    | …    up to 256 pairs, none of a block before another
 *          +--------+--------+--------+--------+---
 * </pre>
 *
 * <p>Owns its blocks; used by one task at a time.
 */
final class RowsByTime implements AutoCloseable {
  static final int PAIRS_MAX = 256;
  private static final int PAIR_BYTES = 16;
  private static final long BLOCK_BYTES = (long) PAIR_BYTES * PAIRS_MAX;

  private final MemorySource memory;

  /** None of the blocks is empty. */
  private long[] blocks = new long[4];

  private int[] counts = new int[4];
  private int blockCount;

  RowsByTime(MemorySource memory) {
    this.memory = memory;
  }

  long memoryBytes() {
    return blockCount * BLOCK_BYTES;
  }

  /** The row of the last time that is not after {@code time}; 0 if there is none. */
  long lastUntil(long time) {
    int block = blockUntil(time);
    return block < 0 ? 0 : getLong(pair(block, countUntil(block, time) - 1) + 8);
  }

  /** Adds a row, or puts it in the place of the one that has its time. */
  void put(long time, long row) {
    int block = blockFor(time);
    int at = countUntil(block, time);
    if (at > 0 && getLong(pair(block, at - 1)) == time) {
      putLong(pair(block, at - 1) + 8, row);
      return;
    }
    long pair = pair(block, at);
    copy(pair, pair + PAIR_BYTES, (long) PAIR_BYTES * (counts[block] - at));
    putLong(pair, time);
    putLong(pair + 8, row);
    counts[block]++;
  }

  /** The block that a time belongs to, which has room for it. */
  private int blockFor(long time) {
    int block = Math.max(0, blockUntil(time));
    if (blockCount > 0 && counts[block] < PAIRS_MAX) {
      return block;
    }
    if (blockCount == 0 || (block == blockCount - 1 && lastTime(block) < time)) {
      insertBlock(blockCount);
      return blockCount - 1;
    }
    int half = PAIRS_MAX / 2;
    insertBlock(block + 1);
    copy(pair(block, half), blocks[block + 1], (long) PAIR_BYTES * half);
    counts[block] = half;
    counts[block + 1] = half;
    return getLong(blocks[block + 1]) <= time ? block + 1 : block;
  }

  /** Forgets the rows before a time. */
  void removeBefore(long time) {
    int gone = 0;
    while (gone < blockCount && lastTime(gone) < time) {
      memory.free(blocks[gone++], BLOCK_BYTES);
    }
    blockCount -= gone;
    System.arraycopy(blocks, gone, blocks, 0, blockCount);
    System.arraycopy(counts, gone, counts, 0, blockCount);
    int before = 0;
    while (blockCount > 0 && getLong(pair(0, before)) < time) {
      before++;
    }
    if (before > 0) {
      counts[0] -= before;
      copy(pair(0, before), blocks[0], (long) PAIR_BYTES * counts[0]);
    }
  }

  /** The last block that begins at or before a time; -1 if there is none. */
  private int blockUntil(long time) {
    int low = 0;
    int high = blockCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (getLong(blocks[middle]) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** How many pairs of a block are at or before a time. */
  private int countUntil(int block, long time) {
    int low = 0;
    int high = counts[block];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (getLong(pair(block, middle)) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long lastTime(int block) {
    return getLong(pair(block, counts[block] - 1));
  }

  private long pair(int block, int index) {
    return blocks[block] + (long) PAIR_BYTES * index;
  }

  /** Makes an empty block, which is to be filled. */
  private void insertBlock(int at) {
    if (blockCount == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * blockCount);
      counts = Arrays.copyOf(counts, 2 * blockCount);
    }
    long block = memory.allocate(BLOCK_BYTES);
    System.arraycopy(blocks, at, blocks, at + 1, blockCount - at);
    System.arraycopy(counts, at, counts, at + 1, blockCount - at);
    blocks[at] = block;
    counts[at] = 0;
    blockCount++;
  }

  @Override
  public void close() {
    while (blockCount > 0) {
      memory.free(blocks[--blockCount], BLOCK_BYTES);
    }
  }
}
