package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.equal;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * A text as rows keep it as a key: {@link ValueKind#TEXT_KEY_BYTES} bytes, by their address.
 *
 * <pre>
 *   up to 20 bytes      | int32 length | the bytes, and zeros behind them     |
 *   longer              | int32 length | int32 hash | int64 address |  zeros   |
 * </pre>
 *
 * So texts are hashed and compared as three words; those that differ in length or in their first
 * bytes, or in their hash, differ in the first word.
 */
final class TextSlot {
  /** A slot has room for so many bytes of text; longer ones lie elsewhere. */
  static final int INLINE_BYTES_MAX = 20;

  private static final int INLINE_OFFSET = 4;
  private static final int HASH_SHIFT = 32;
  private static final int SECOND_OFFSET = 8;
  private static final int THIRD_OFFSET = 16;

  /** Up to this length words are compared one by one. */
  private static final int WORDS_BYTES_MAX = 128;

  private TextSlot() {}

  /** Bytes of the text. */
  static int length(long slot) {
    return getInt(slot);
  }

  /** Whether the text lies elsewhere. */
  static boolean isLong(long slot) {
    return getInt(slot) > INLINE_BYTES_MAX;
  }

  /** Where the text lies. */
  static long address(long slot) {
    return isLong(slot) ? getLong(slot + SECOND_OFFSET) : slot + INLINE_OFFSET;
  }

  /** Makes it the empty text. */
  static void clear(long slot) {
    putInt(slot, 0);
  }

  /** A long text lies there from now on. */
  static void moved(long slot, long address) {
    putLong(slot + SECOND_OFFSET, address);
  }

  /** Writes a text, but that a longer one stays where it is; reads no byte behind it. */
  static void put(long slot, long address, int length, KeyHash hash) {
    if (length > INLINE_BYTES_MAX) {
      putLong(slot, (length & 0xFFFF_FFFFL) | (long) hash.bytes(address, length) << HASH_SHIFT);
      putLong(slot + SECOND_OFFSET, address);
      putLong(slot + THIRD_OFFSET, 0);
      return;
    }
    putInt(slot, length);
    putLong(slot + 4, shortWord(address, Math.min(length, 8)));
    putLong(slot + 12, shortWord(address + 8, Math.clamp(length - 8L, 0, 8)));
    putInt(slot + 20, (int) shortWord(address + 16, Math.max(0, length - 16)));
  }

  /** Writes a text that fits; as many bytes as a slot has may be read from its address on. */
  static void putWide(long slot, long address, int length) {
    putInt(slot, length);
    putLong(slot + 4, getLong(address) & lowBytes(Math.min(length, 8)));
    putLong(slot + 12, getLong(address + 8) & lowBytes(Math.clamp(length - 8L, 0, 8)));
    putInt(slot + 20, getInt(address + 16) & (int) lowBytes(Math.max(0, length - 16)));
  }

  /** A mask of the lowest 0 to 8 bytes; shifts in two steps, for one takes 64 for none. */
  private static long lowBytes(int count) {
    int half = 32 - 4 * count;
    return -1L >>> half >>> half;
  }

  /**
   * At most eight bytes as a word, the first one lowest; reads overlap rather than pass the end.
   */
  static long shortWord(long address, int length) {
    if (length == 8) {
      return getLong(address);
    }
    if (length >= 4) {
      long low = getInt(address) & 0xFFFF_FFFFL;
      long high = getInt(address + length - 4) & 0xFFFF_FFFFL;
      return low | high << (8 * (length - 4));
    }
    if (length == 0) {
      return 0;
    }
    long first = getByte(address) & 0xFFL;
    long middle = getByte(address + (length >> 1)) & 0xFFL;
    long last = getByte(address + length - 1) & 0xFFL;
    return first | middle << (8 * (length >> 1)) | last << (8 * (length - 1));
  }

  /** The hash of keys before it, and of the text. */
  static long hash(long slot, long state, KeyHash hash) {
    return isLong(slot)
        ? hash.combine(state, getLong(slot))
        : hash.combine(
            state, getLong(slot), getLong(slot + SECOND_OFFSET), getLong(slot + THIRD_OFFSET));
  }

  /** Whether two slots hold the same text. */
  static boolean matches(long slot, long kept) {
    if (getLong(slot) != getLong(kept)) {
      return false; // lengths differ, or what follows them
    }
    int length = getInt(slot);
    long left = getLong(slot + SECOND_OFFSET);
    long right = getLong(kept + SECOND_OFFSET);
    if (length <= INLINE_BYTES_MAX) {
      return ((left ^ right) | (getLong(slot + THIRD_OFFSET) ^ getLong(kept + THIRD_OFFSET))) == 0;
    }
    return length > WORDS_BYTES_MAX ? equal(left, right, length) : equalWords(left, right, length);
  }

  /** Compares more than eight bytes word by word; the last word overlaps the one before. */
  private static boolean equalWords(long left, long right, int length) {
    for (int at = 0; at < length - 8; at += 8) {
      if (getLong(left + at) != getLong(right + at)) {
        return false;
      }
    }
    return getLong(left + length - 8) == getLong(right + length - 8);
  }
}
