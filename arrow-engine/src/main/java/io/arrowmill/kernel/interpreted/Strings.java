package io.arrowmill.kernel.interpreted;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that make strings of strings. Positions count code points, from 1. */
final class Strings {
  private Strings() {}

  static void register(FunctionTable table) {
    table.strict1("lower lcase", (site, a) -> ((String) a).toLowerCase(Locale.ROOT));
    table.strict1("upper ucase", (site, a) -> ((String) a).toUpperCase(Locale.ROOT));
    table.strict1("initcap", (site, a) -> initCap((String) a));
    table.strict("substring substr", (site, a) -> substring(a));
    table.strict2("left", (site, a, b) -> left(a, Numbers.toInt(b)));
    table.strict2("right", (site, a, b) -> right(a, Numbers.toInt(b)));
    table.strict("lpad", (site, a) -> pad(a, true));
    table.strict("rpad", (site, a) -> pad(a, false));
    table.strict("trim btrim", (site, a) -> trim(a, true, true));
    table.strict("ltrim", (site, a) -> trim(a, true, false));
    table.strict("rtrim", (site, a) -> trim(a, false, true));
    table.strict2("repeat", (site, a, b) -> ((String) a).repeat(Math.max(0, Numbers.toInt(b))));
    table.strict("replace", (site, a) -> replace(a));
    table.strict("translate", (site, a) -> translate((String) a[0], (String) a[1], (String) a[2]));
    table.strict("overlay", (site, a) -> overlay(a));
    table.strict1("space", (site, a) -> " ".repeat(Math.max(0, Numbers.toInt(a))));
    table.strict1("chr char", (site, a) -> character(Numbers.toLong(a)));
    table.lenient("concat_ws", Strings::concatWithSeparator);
    registerLengths(table);
    registerEncodings(table);
  }

  private static void registerLengths(FunctionTable table) {
    table.strict1(
        "length char_length character_length len",
        (site, a) -> a instanceof byte[] bytes ? bytes.length : Text.length((String) a));
    table.strict1("octet_length", (site, a) -> bytes(a).length);
    table.strict1("bit_length", (site, a) -> bytes(a).length * 8);
    table.strict1("ascii", (site, a) -> ((String) a).isEmpty() ? 0 : ((String) a).codePointAt(0));
  }

  private static void registerEncodings(FunctionTable table) {
    table.strict1("base64", (site, a) -> Base64.getEncoder().encodeToString(bytes(a)));
    table.strict1("unbase64", (site, a) -> unbase64(site, (String) a));
    table.strict1("hex", (site, a) -> hex(a));
    table.strict1("unhex", (site, a) -> unhex((String) a));
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] bytes ? bytes : Text.utf8((String) value);
  }

  private static final int CAPITAL_IOTA = 0x0399;
  private static final int IOTA_BELOW = 0x0345;

  private static String initCap(String text) {
    StringBuilder out = new StringBuilder();
    boolean start = true;
    for (int c : text.toLowerCase(Locale.ROOT).codePoints().toArray()) {
      if (start) {
        out.append(titleCase(c));
      } else {
        out.appendCodePoint(c);
      }
      start = c == ' ';
    }
    return out.toString();
  }

  /** The letter as the first of a word; some become several, of which the first is a capital. */
  private static String titleCase(int letter) {
    int title = Character.toTitleCase(letter);
    String upper = Character.toString(letter).toUpperCase(Locale.ROOT);
    if (title != letter || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(title);
    }
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (int c : upper.codePoints().toArray()) {
      int lower = Character.toLowerCase(c);
      out.appendCodePoint(first ? c : c == CAPITAL_IOTA ? IOTA_BELOW : lower);
      first &= lower == c;
    }
    return out.toString();
  }

  private static long length(Object value) {
    return value instanceof byte[] bytes ? bytes.length : Text.length((String) value);
  }

  private static Object slice(Object value, long start, long end) {
    if (value instanceof byte[] bytes) {
      int from = Math.clamp(start, 0, bytes.length);
      int to = Math.clamp(end, 0, bytes.length);
      return Arrays.copyOfRange(bytes, from, Math.max(from, to));
    }
    return Text.slice((String) value, start, end);
  }

  private static Object substring(Object[] a) {
    long position = Numbers.toLong(a[1]);
    long start = position > 0 ? position - 1 : position < 0 ? length(a[0]) + position : 0;
    return slice(a[0], start, a.length > 2 ? start + Numbers.toInt(a[2]) : Integer.MAX_VALUE);
  }

  private static Object left(Object value, int count) {
    return slice(value, 0, count);
  }

  private static Object right(Object value, int count) {
    long length = length(value);
    return slice(value, length - Math.max(0, count), length);
  }

  private static Object pad(Object[] a, boolean left) {
    int length = Math.max(0, Numbers.toInt(a[1]));
    if (a[0] instanceof byte[] bytes) {
      byte[] filler = a.length > 2 ? (byte[]) a[2] : new byte[1];
      return padBytes(bytes, length, filler, left);
    }
    String text = (String) a[0];
    String filler = a.length > 2 ? (String) a[2] : " ";
    int missing = length - Text.length(text);
    if (missing <= 0 || filler.isEmpty()) {
      return Text.slice(text, 0, length);
    }
    String padding = Text.slice(filler.repeat(missing / Text.length(filler) + 1), 0, missing);
    return left ? padding + text : text + padding;
  }

  private static byte[] padBytes(byte[] bytes, int length, byte[] filler, boolean left) {
    int missing = length - bytes.length;
    if (missing <= 0 || filler.length == 0) {
      return Arrays.copyOf(bytes, Math.min(length, bytes.length));
    }
    byte[] padded = new byte[length];
    System.arraycopy(bytes, 0, padded, left ? missing : 0, bytes.length);
    int start = left ? 0 : bytes.length;
    for (int i = 0; i < missing; i++) {
      padded[start + i] = filler[i % filler.length];
    }
    return padded;
  }

  /** The arguments are the text and the characters to take off its ends: blanks if not given. */
  private static Object trim(Object[] a, boolean start, boolean end) {
    String text = (String) a[0];
    String characters = a.length > 1 ? (String) a[1] : " ";
    int[] points = text.codePoints().toArray();
    int from = 0;
    int to = points.length;
    while (start && from < to && characters.indexOf(points[from]) >= 0) {
      from++;
    }
    while (end && from < to && characters.indexOf(points[to - 1]) >= 0) {
      to--;
    }
    return new String(points, from, to - from);
  }

  private static Object replace(Object[] a) {
    String search = (String) a[1];
    String replacement = a.length > 2 ? (String) a[2] : "";
    return search.isEmpty() ? a[0] : ((String) a[0]).replace(search, replacement);
  }

  private static String translate(String text, String from, String to) {
    Map<Integer, Integer> targets = new HashMap<>();
    int[] sources = from.codePoints().toArray();
    int[] replacements = to.codePoints().toArray();
    for (int i = 0; i < sources.length; i++) {
      targets.putIfAbsent(sources[i], i < replacements.length ? replacements[i] : -1);
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> targets.getOrDefault(c, c))
        .filter(c -> c >= 0)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static String overlay(Object[] a) {
    String text = (String) a[0];
    String replacement = (String) a[1];
    long position = Numbers.toInt(a[2]);
    long length = a.length > 3 ? Numbers.toInt(a[3]) : -1;
    long removed = length >= 0 ? length : Text.length(replacement);
    return Text.slice(text, 0, position - 1)
        + replacement
        + Text.slice(text, position - 1 + removed, Integer.MAX_VALUE);
  }

  private static String character(long code) {
    if (code < 0) {
      return "";
    }
    return String.valueOf((char) (code & 0xFF));
  }

  private static @Nullable Object concatWithSeparator(CallSite site, @Nullable Object[] a) {
    Object separator = a[0];
    if (separator == null) {
      return null;
    }
    java.util.StringJoiner joiner = new java.util.StringJoiner((String) separator);
    for (int i = 1; i < a.length; i++) {
      Object value = a[i];
      if (value instanceof List<?> list) {
        list.stream().filter(java.util.Objects::nonNull).forEach(s -> joiner.add((String) s));
      } else if (value != null) {
        joiner.add((String) value);
      }
    }
    return joiner.toString();
  }

  private static Object unbase64(CallSite site, String text) {
    try {
      return Base64.getMimeDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw site.fault(
          "CONVERSION_INVALID_INPUT",
          "text must be in Base64",
          "correct the value, or use try_to_binary to get NULL instead",
          text);
    }
  }

  private static String hex(Object value) {
    return Numbers.isIntegral(value)
        ? Long.toHexString(Numbers.toLong(value)).toUpperCase(Locale.ROOT)
        : HexFormat.of().withUpperCase().formatHex(bytes(value));
  }

  private static byte @Nullable [] unhex(String text) {
    try {
      return HexFormat.of().parseHex(text.length() % 2 == 0 ? text : "0" + text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
