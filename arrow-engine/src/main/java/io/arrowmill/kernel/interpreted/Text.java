package io.arrowmill.kernel.interpreted;

import java.nio.charset.StandardCharsets;

/** Strings as sequences of code points. */
final class Text {
  private Text() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Number of code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The code points from {@code start} to {@code end}, both cut to what there is. */
  static String slice(String text, long start, long end) {
    int length = length(text);
    int from = Math.clamp(start, 0, length);
    int to = Math.clamp(end, 0, length);
    if (from >= to) {
      return "";
    }
    int first = text.offsetByCodePoints(0, from);
    return text.substring(first, text.offsetByCodePoints(first, to - from));
  }

  /**
   * The position, from 1, of {@code part} in {@code text} from position {@code from} on; 0 if there
   * is none.
   */
  static int position(String text, String part, int from) {
    if (from < 1 || from > length(text) + 1) {
      return 0;
    }
    int index = text.indexOf(part, text.offsetByCodePoints(0, from - 1));
    return index < 0 ? 0 : text.codePointCount(0, index) + 1;
  }
}
