package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.OffHeap;

/**
 * Eight bytes of text at a time, in a long whose lowest byte is the first. Nothing beyond the text
 * is read: what is left over at its end is read once more from within, or put together.
 *
 * <p>Flags are the highest bit of each byte for which something holds. See Warren, Hacker's
 * Delight, 6-1, for finding a byte in a word.
 */
public final class TextWords {
  static final int BYTES = 8;

  /** One in each byte. */
  static final long ONES = 0x0101_0101_0101_0101L;

  /** The highest bit of each byte. */
  public static final long HIGH = ONES << 7;

  private static final long LOW = ~HIGH;

  private TextWords() {}

  /** A text of less than eight bytes, followed by zeros. */
  public static long shortText(long address, int length) {
    if (length >= 4) {
      long first = OffHeap.getInt(address) & 0xFFFF_FFFFL;
      return first | (OffHeap.getInt(address + length - 4) & 0xFFFF_FFFFL) << (8 * (length - 4));
    }
    if (length >= 2) {
      long first = OffHeap.getShort(address) & 0xFFFFL;
      return first | (OffHeap.getShort(address + length - 2) & 0xFFFFL) << (8 * (length - 2));
    }
    return length == 0 ? 0 : OffHeap.getByte(address) & 0xFFL;
  }

  /** The flags of the bytes that are zero. */
  static long zeros(long word) {
    return ~(((word & LOW) + LOW) | word | LOW);
  }

  /** The flags of the bytes that go on with a character of UTF-8. */
  static long continuations(long word) {
    return word & ~(word << 1) & HIGH;
  }

  /** How many characters a text has: all its bytes but those that go on with one. */
  static int characters(long address, int length) {
    if (length < BYTES) {
      return length - Long.bitCount(continuations(shortText(address, length)));
    }
    int more = 0;
    int at = 0;
    for (; at <= length - BYTES; at += BYTES) {
      more += Long.bitCount(continuations(OffHeap.getLong(address + at)));
    }
    if (at < length) {
      // The last word overlaps the one before: what was counted is shifted out.
      long last = OffHeap.getLong(address + length - BYTES) >>> (8 * (at + BYTES - length));
      more += Long.bitCount(continuations(last));
    }
    return length - more;
  }

  /** Whether no byte of a text has its highest bit set. */
  public static boolean isAscii(long address, int length) {
    if (length < BYTES) {
      return (shortText(address, length) & HIGH) == 0;
    }
    long all = OffHeap.getLong(address + length - BYTES);
    for (int at = 0; at < length - BYTES; at += BYTES) {
      all |= OffHeap.getLong(address + at);
    }
    return (all & HIGH) == 0;
  }

  /** Copies ASCII text with letters of one case in the other. */
  public static void flipCase(long address, int length, long to, LetterCase letters) {
    if (length < BYTES) {
      long flipped = letters.flip(shortText(address, length));
      for (int i = 0; i < length; i++) {
        OffHeap.putByte(to + i, (byte) (flipped >>> (8 * i)));
      }
      return;
    }
    for (int at = 0; at < length - BYTES; at += BYTES) {
      OffHeap.putLong(to + at, letters.flip(OffHeap.getLong(address + at)));
    }
    long last = OffHeap.getLong(address + length - BYTES);
    OffHeap.putLong(to + length - BYTES, letters.flip(last));
  }

  /**
   * Where the first occurrence of some bytes begins, or -1. The first two bytes are looked for
   * together: one alone is found so often that a branch on it is guessed wrongly.
   */
  static int indexOf(long address, int length, long part, int partLength) {
    if (partLength == 0) {
      return 0;
    }
    int last = length - partLength;
    long first = ONES * (OffHeap.getByte(part) & 0xFF);
    boolean isPair = partLength > 1;
    long second = isPair ? ONES * (OffHeap.getByte(part + 1) & 0xFF) : 0;
    int next = isPair ? 1 : 0;
    int at = 0;
    for (; at <= last && at <= length - BYTES - next; at += BYTES) {
      long flags = zeros(OffHeap.getLong(address + at) ^ first);
      if (isPair) {
        flags &= zeros(OffHeap.getLong(address + at + 1) ^ second);
      }
      int found = firstMatch(address, flags, at, last, part, partLength);
      if (found >= 0) {
        return found;
      }
    }
    if (at > last) {
      return -1;
    }
    // At most eight bytes are left. A flag behind them would lie beyond the last place.
    int left = length - at;
    long word = left == BYTES ? OffHeap.getLong(address + at) : shortText(address + at, left);
    long flags = zeros(word ^ first);
    if (isPair) {
      flags &= zeros((word >>> Byte.SIZE) ^ second);
    }
    return firstMatch(address, flags, at, last, part, partLength);
  }

  /** The first flagged place, counted from {@code at}, where the part is; at most {@code last}. */
  private static int firstMatch(
      long address, long flags, int at, int last, long part, int partLength) {
    for (long left = flags; left != 0; left &= left - 1) {
      int place = at + (Long.numberOfTrailingZeros(left) >>> 3);
      if (place > last) {
        return -1;
      }
      if (OffHeap.equal(address + place, part, partLength)) {
        return place;
      }
    }
    return -1;
  }
}
