package io.arrowmill.sql;

/** What a string token stands for. */
final class Strings {
  private Strings() {}

  /**
   * Takes off the quotes and reads the escapes: {@code \n \t \r \b \0 \Z}, {@code \\uXXXX}, {@code
   * \}octal, a doubled quote. {@code \%} and {@code \_} keep their backslash, which is LIKE's.
   * After {@code r} nothing is an escape.
   */
  static String unquote(String token) {
    if (token.charAt(0) == 'r' || token.charAt(0) == 'R') {
      return token.substring(2, token.length() - 1);
    }
    char quote = token.charAt(0);
    StringBuilder out = new StringBuilder(token.length());
    int end = token.length() - 1;
    int i = 1;
    while (i < end) {
      char c = token.charAt(i);
      if (c == '\\' && i + 1 < end) {
        i = escape(token, i + 1, end, out);
      } else {
        out.append(c);
        i += c == quote ? 2 : 1;
      }
    }
    return out.toString();
  }

  /** Reads the escape whose letter is at {@code i}; returns the index after it. */
  private static int escape(String token, int i, int end, StringBuilder out) {
    char c = token.charAt(i);
    int unicode = digits(token, i + 1, end, 4, 16);
    if (c == 'u' && unicode >= 0) {
      out.append((char) unicode);
      return i + 5;
    }
    int wide = digits(token, i + 1, end, 8, 16);
    if (c == 'U' && wide >= 0 && Character.isValidCodePoint(wide)) {
      out.appendCodePoint(wide);
      return i + 9;
    }
    int octal = digits(token, i, end, 3, 8);
    if (octal >= 0 && octal <= 0xFF) {
      out.append((char) octal);
      return i + 3;
    }
    switch (c) {
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'b' -> out.append('\b');
      case '0' -> out.append('\0');
      case 'Z' -> out.append('\u001A');
      case '%', '_' -> out.append('\\').append(c);
      default -> out.append(c);
    }
    return i + 1;
  }

  private static int digits(String token, int start, int end, int count, int radix) {
    if (start + count > end) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < start + count; i++) {
      int digit = Character.digit(token.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
