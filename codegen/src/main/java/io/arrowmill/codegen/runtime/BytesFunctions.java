package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.OffHeap;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The functions of group BYTES, one method a function, over UTF-8 text given as address and length.
 *
 * <p>A result is a slice of an operand where it can be, otherwise it lies in the context's scratch.
 */
public final class BytesFunctions {

  private BytesFunctions() {}

  public static int octetLength(long address, int length) {
    return length;
  }

  public static int charLength(long address, int length) {
    return TextWords.characters(address, length);
  }

  public static boolean startsWith(long address, int length, long prefix, int prefixLength) {
    return prefixLength <= length && OffHeap.equal(address, prefix, prefixLength);
  }

  public static boolean endsWith(long address, int length, long suffix, int suffixLength) {
    return suffixLength <= length
        && OffHeap.equal(address + length - suffixLength, suffix, suffixLength);
  }

  public static boolean contains(long address, int length, long part, int partLength) {
    return TextWords.indexOf(address, length, part, partLength) >= 0;
  }

  public static long upper(KernelContext context, long address, int length) {
    return TextWords.isAscii(address, length)
        ? flipCase(context, address, length, LetterCase.LOWER)
        : throughString(context, address, length, text -> text.toUpperCase(Locale.ROOT));
  }

  public static long lower(KernelContext context, long address, int length) {
    return TextWords.isAscii(address, length)
        ? flipCase(context, address, length, LetterCase.UPPER)
        : throughString(context, address, length, text -> text.toLowerCase(Locale.ROOT));
  }

  public static long trim(KernelContext context, long address, int length) {
    int begin = leadingSpaces(address, length);
    context.length = length - begin - trailingSpaces(address + begin, length - begin);
    return address + begin;
  }

  public static long trimLeft(KernelContext context, long address, int length) {
    int begin = leadingSpaces(address, length);
    context.length = length - begin;
    return address + begin;
  }

  public static long trimRight(KernelContext context, long address, int length) {
    context.length = length - trailingSpaces(address, length);
    return address;
  }

  public static long substring(
      KernelContext context, long address, int length, int position, int count) {
    long first = position > 0 ? position - 1L : position;
    if (position < 0) {
      first += charLength(address, length);
    }
    long last = first + count;
    int begin = skipCharacters(address, length, 0, Math.max(0, first));
    int end = skipCharacters(address, length, begin, last - Math.max(0, first));
    context.length = end - begin;
    return address + begin;
  }

  public static long concat(
      KernelContext context, long left, int leftLength, long right, int rightLength) {
    long result = context.scratch((long) leftLength + rightLength);
    OffHeap.copy(left, result, leftLength);
    OffHeap.copy(right, result + leftLength, rightLength);
    context.length = Math.addExact(leftLength, rightLength);
    return result;
  }

  /** Puts text into scratch. */
  static long text(KernelContext context, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long result = context.scratch(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      OffHeap.putByte(result + i, bytes[i]);
    }
    context.length = bytes.length;
    return result;
  }

  /** Reads text. */
  static String string(long address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = OffHeap.getByte(address + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long throughString(
      KernelContext context, long address, int length, UnaryOperator<String> function) {
    return text(context, function.apply(string(address, length)));
  }

  private static long flipCase(
      KernelContext context, long address, int length, LetterCase letters) {
    long result = context.scratch(length);
    TextWords.flipCase(address, length, result, letters);
    context.length = length;
    return result;
  }

  private static int leadingSpaces(long address, int length) {
    int spaces = 0;
    while (spaces < length && OffHeap.getByte(address + spaces) == ' ') {
      spaces++;
    }
    return spaces;
  }

  private static int trailingSpaces(long address, int length) {
    int spaces = 0;
    while (spaces < length && OffHeap.getByte(address + length - 1 - spaces) == ' ') {
      spaces++;
    }
    return spaces;
  }

  /** The byte index after that many characters from {@code begin}. */
  private static int skipCharacters(long address, int length, int begin, long characters) {
    int at = begin;
    for (long left = characters; left > 0 && at < length; left--) {
      at = nextCharacter(address, length, at);
    }
    return at;
  }

  /** The byte index after the character that begins at {@code at}. */
  static int nextCharacter(long address, int length, int at) {
    int next = at + 1;
    while (next < length && isContinuation(OffHeap.getByte(address + next))) {
      next++;
    }
    return next;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
