package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The format's hybrid of run lengths and bit packing, in which levels, dictionary codes and
 * booleans are stored.
 *
 * <pre>
 * run: varint header | packed or repeated
 * header even: header / 2 times the value in the next ceil(width / 8) bytes
 * header odd:  header / 2 groups of eight values, packed
 * </pre>
 *
 * <p>Used again for page after page. Confined to one thread.
 */
final class RunDecoder {
  private MemorySegment bytes = MemorySegment.NULL;
  private long position;
  private long end;
  private int width;

  /** Values left in the run, and whether they are all {@link #repeated}. */
  private long left;

  private boolean isRepeated;
  private int repeated;

  /** The bit at which the next value of a packed run begins. */
  private long bit;

  /**
   * Starts on a range.
   *
   * @param in readable for eight bytes behind {@code to}
   */
  void start(MemorySegment in, long from, long to, int bits) {
    checkRange("bits of a packed value", bits, 0, 32);
    bytes = in;
    position = from;
    end = to;
    width = bits;
    left = 0;
  }

  /** Goes to where another one is. */
  void copyFrom(RunDecoder other) {
    bytes = other.bytes;
    position = other.position;
    end = other.end;
    width = other.width;
    left = other.left;
    isRepeated = other.isRepeated;
    repeated = other.repeated;
    bit = other.bit;
  }

  /** Passes over the next {@code count} values. */
  void skip(int count) {
    long ahead = count;
    while (ahead > 0) {
      if (left == 0) {
        nextRun();
      }
      long take = Math.min(left, ahead);
      bit += isRepeated ? 0 : take * width;
      left -= take;
      ahead -= take;
    }
  }

  /** Reads the next {@code count} values. */
  void read(int[] out, int from, int count) {
    int index = from;
    int to = from + count;
    while (index < to) {
      if (left == 0) {
        nextRun();
      }
      int take = (int) Math.min(left, to - index);
      if (isRepeated) {
        Arrays.fill(out, index, index + take, repeated);
      } else {
        BitUnpacking.unpack(bytes, bit, width, out, index, take);
        bit += (long) take * width;
      }
      index += take;
      left -= take;
    }
  }

  /** Reads the next {@code count} values of one bit as bits; returns how many are set. */
  int readBits(MemorySegment out, long from, int count) {
    check(width == 1, "levels and booleans must have one bit");
    int set = 0;
    int done = 0;
    while (done < count) {
      if (left == 0) {
        nextRun();
      }
      int take = (int) Math.min(left, count - done);
      if (isRepeated) {
        checkRange("a level or boolean", repeated, 0, 1);
        Bits.fill(out, from + done, take, repeated == 1);
        set += repeated * take;
      } else {
        Bits.copy(bytes, bit, out, from + done, take);
        bit += take;
        set += Bits.count(out, from + done, take);
      }
      done += take;
      left -= take;
    }
    return set;
  }

  private void nextRun() {
    long header = varint();
    check(header > 1, "a run must not be empty");
    isRepeated = (header & 1) == 0;
    if (isRepeated) {
      left = header >>> 1;
      repeated = fixed();
    } else {
      // The last group may be cut off behind the last value.
      long packed = Math.min((header >>> 1) * width, end - position);
      left = width == 0 ? (header >>> 1) << 3 : (packed << 3) / width;
      check(left > 0, "a page ends inside its values");
      bit = position << 3;
      position += packed;
    }
  }

  private int fixed() {
    int count = (width + 7) >>> 3;
    check(end - position >= count, "a page ends inside its values");
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes.get(Layouts.BYTE, position++) & 0xFF) << (i << 3);
    }
    return value;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      check(position < end, "a page ends inside its values");
      int next = bytes.get(Layouts.BYTE, position++) & 0xFF;
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedParquetException("a run is too long");
  }
}
