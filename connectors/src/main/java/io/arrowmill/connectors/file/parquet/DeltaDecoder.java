package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

import java.lang.foreign.MemorySegment;

/**
 * Whole numbers as packed differences.
 *
 * <pre>
 * varint values of a block | varint miniblocks of a block | varint count | zigzag first value | blocks
 * block: zigzag smallest difference | a byte for the bits of each miniblock | miniblocks
 * miniblock: differences, less the smallest one, packed
 * </pre>
 *
 * <p>Confined to one thread.
 */
final class DeltaDecoder {
  private static final String CUT = "a page ends inside its values";
  private static final int BLOCK_VALUES_MAX = 1 << 20;

  private final MemorySegment bytes;
  private final long end;
  private final int miniblocks;
  private final int miniblockValues;
  private final long count;
  private long position;

  /** Values not read yet, and those of them in the current miniblock. */
  private long left;

  private int inMiniblock;
  private boolean firstIsNext = true;
  private long value;
  private long smallest;

  /** Where the bits of the current block's miniblocks stand, and which miniblock it is. */
  private long widths;

  private int miniblock;
  private int width;
  private long bit;

  DeltaDecoder(PageBytes page) {
    bytes = page.memory();
    position = page.from();
    end = page.to();
    long blockValues = varint();
    long perBlock = varint();
    checkRange("values of a block", blockValues, 1, BLOCK_VALUES_MAX);
    checkRange("miniblocks of a block", perBlock, 1, blockValues);
    check(blockValues % (perBlock * 8) == 0, "miniblocks must have a multiple of 8 values");
    miniblocks = (int) perBlock;
    miniblockValues = (int) (blockValues / perBlock);
    count = varint();
    checkRange("values of a page", count, 0, Integer.MAX_VALUE);
    value = zigzag();
    left = count;
    miniblock = miniblocks;
  }

  long count() {
    return count;
  }

  /** Reads the next {@code count} values. */
  void read(long[] out, int count) {
    check(count <= left, "a page must have as many values as it says");
    int index = 0;
    if (firstIsNext && count > 0) {
      out[index++] = value;
      firstIsNext = false;
    }
    left -= count;
    while (index < count) {
      if (inMiniblock == 0) {
        nextMiniblock();
      }
      int take = Math.min(inMiniblock, count - index);
      check((bit + (long) take * width + 7) >>> 3 <= end, CUT);
      long sum = value;
      for (int i = index; i < index + take; i++) {
        sum += smallest + packed();
        out[i] = sum;
      }
      value = sum;
      index += take;
      inMiniblock -= take;
    }
  }

  private long packed() {
    int shift = (int) (bit & 7);
    long result = bytes.get(Layouts.LONG, bit >>> 3) >>> shift;
    if (shift + width > 64) {
      result |= (long) bytes.get(Layouts.BYTE, (bit >>> 3) + 8) << (64 - shift);
    }
    bit += width;
    return width == 64 ? result : result & ((1L << width) - 1);
  }

  private void nextMiniblock() {
    if (miniblock == miniblocks) {
      smallest = zigzag();
      check(end - position >= miniblocks, CUT);
      widths = position;
      position += miniblocks;
      miniblock = 0;
    }
    width = bytes.get(Layouts.BYTE, widths + miniblock) & 0xFF;
    checkRange("bits of a difference", width, 0, 64);
    miniblock++;
    bit = position << 3;
    position += (long) miniblockValues / 8 * width;
    inMiniblock = miniblockValues;
  }

  /** Passes over all values, none of which was read, and returns where they end. */
  long skipAll() {
    for (long rest = count - 1; rest > 0; rest -= miniblockValues) {
      nextMiniblock();
      check(position <= end, CUT);
    }
    return position;
  }

  private long zigzag() {
    long encoded = varint();
    return (encoded >>> 1) ^ -(encoded & 1);
  }

  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      check(position < end, CUT);
      int next = bytes.get(Layouts.BYTE, position++) & 0xFF;
      result |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return result;
      }
    }
    throw new DamagedParquetException("a number is too long");
  }
}
