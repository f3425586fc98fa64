package io.arrowmill.kernel;

import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.KernelContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Functions on UTF-8 text, given as address and length in bytes, that compiled expressions call.
 * What they make lives in the context's scratch or is a part of an operand.
 */
public final class TextKernels {
  private TextKernels() {}

  private static boolean startsCharacter(long address) {
    return (OffHeap.getByte(address) & 0xC0) != 0x80;
  }

  /** Number of code points. */
  public static int characters(long address, int length) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      count += startsCharacter(address + i) ? 1 : 0;
    }
    return count;
  }

  /** Number of bytes. */
  public static int bytes(long address, int length) {
    return length;
  }

  /** Whether the text begins with a part. */
  public static boolean startsWith(long address, int length, long part, int partLength) {
    return partLength <= length && OffHeap.equal(address, part, partLength);
  }

  /** Whether the text ends with a part. */
  public static boolean endsWith(long address, int length, long part, int partLength) {
    return partLength <= length && OffHeap.equal(address + length - partLength, part, partLength);
  }

  /** Whether a part occurs in the text. */
  public static boolean contains(long address, int length, long part, int partLength) {
    if (partLength == 0) {
      return true;
    }
    byte first = OffHeap.getByte(part);
    for (int at = 0; at <= length - partLength; at++) {
      if (OffHeap.getByte(address + at) == first && OffHeap.equal(address + at, part, partLength)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A part of the text.
   *
   * @param position of its first character, from 1; negative counts from the end
   * @param count how many characters
   */
  public static long substring(
      KernelContext context, long address, int length, int position, int count) {
    long start = position;
    if (position > 0) {
      start = position - 1L;
    } else if (position < 0) {
      start = (long) characters(address, length) + position;
    }
    int from = offset(address, length, start);
    int to = offset(address, length, start + count);
    context.length = Math.max(0, to - from);
    return address + from;
  }

  /** Where the character of that index begins, in bytes; within the text. */
  private static int offset(long address, int length, long index) {
    if (index <= 0) {
      return 0;
    }
    long seen = 0;
    for (int i = 0; i < length; i++) {
      if (startsCharacter(address + i) && seen++ == index) {
        return i;
      }
    }
    return length;
  }

  /** The text in lower case. */
  public static long lower(KernelContext context, long address, int length) {
    return cased(context, address, length, 'A', text -> text.toLowerCase(Locale.ROOT));
  }

  /** The text in upper case. */
  public static long upper(KernelContext context, long address, int length) {
    return cased(context, address, length, 'a', text -> text.toUpperCase(Locale.ROOT));
  }

  /** Flips the case of the 26 letters from {@code first} on; other than ASCII goes by strings. */
  private static long cased(
      KernelContext context, long address, int length, int first, UnaryOperator<String> general) {
    long to = context.scratch(length);
    for (int i = 0; i < length; i++) {
      byte b = OffHeap.getByte(address + i);
      if (b < 0) {
        return made(context, general.apply(text(address, length)));
      }
      boolean flips = b >= first && b < first + 26;
      OffHeap.putByte(to + i, (byte) (flips ? b ^ 0x20 : b));
    }
    context.length = length;
    return to;
  }

  private static String text(long address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = OffHeap.getByte(address + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long made(KernelContext context, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long to = context.scratch(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      OffHeap.putByte(to + i, bytes[i]);
    }
    context.length = bytes.length;
    return to;
  }

  /** One text after the other. */
  public static long concat(
      KernelContext context, long left, int leftLength, long right, int rightLength) {
    long to = context.scratch((long) leftLength + rightLength);
    OffHeap.copy(left, to, leftLength);
    OffHeap.copy(right, to + leftLength, rightLength);
    context.length = leftLength + rightLength;
    return to;
  }
}
