package io.arrowmill.kernel.interpreted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that look for strings in strings. Positions count code points, from 1. */
final class StringSearch {
  private StringSearch() {}

  static void register(FunctionTable table) {
    table.strict2(
        "startswith",
        (site, a, b) ->
            a instanceof byte[] bytes
                ? regionMatches(bytes, 0, (byte[]) b)
                : ((String) a).startsWith((String) b));
    table.strict2(
        "endswith",
        (site, a, b) ->
            a instanceof byte[] bytes
                ? regionMatches(bytes, bytes.length - ((byte[]) b).length, (byte[]) b)
                : ((String) a).endsWith((String) b));
    table.strict2(
        "contains",
        (site, a, b) ->
            a instanceof byte[] bytes
                ? containsBytes(bytes, (byte[]) b)
                : ((String) a).contains((String) b));
    table.strict2("instr", (site, a, b) -> Text.position((String) a, (String) b, 1));
    table.strict(
        "locate position",
        (site, a) ->
            Text.position((String) a[1], (String) a[0], a.length > 2 ? Numbers.toInt(a[2]) : 1));
    table.strict(
        "substring_index",
        (site, a) -> substringIndex((String) a[0], (String) a[1], Numbers.toInt(a[2])));
    table.strict("split_part", StringSearch::splitPart);
    table.strict2("find_in_set", (site, a, b) -> findInSet((String) a, (String) b));
    table.strict("levenshtein", (site, a) -> levenshtein(a));
    table.lenient("elt", StringSearch::element);
  }

  private static boolean regionMatches(byte[] bytes, int start, byte[] part) {
    int end = start + part.length;
    return start >= 0
        && end <= bytes.length
        && Arrays.equals(bytes, start, end, part, 0, part.length);
  }

  private static boolean containsBytes(byte[] bytes, byte[] part) {
    for (int start = 0; start + part.length <= bytes.length; start++) {
      if (regionMatches(bytes, start, part)) {
        return true;
      }
    }
    return false;
  }

  private static String substringIndex(String text, String delimiter, int count) {
    if (delimiter.isEmpty() || count == 0) {
      return "";
    }
    if (count > 0) {
      int index = -1;
      for (int i = 0; i < count; i++) {
        index = text.indexOf(delimiter, index + 1);
        if (index < 0) {
          return text;
        }
      }
      return text.substring(0, index);
    }
    int index = text.length() - delimiter.length() + 1;
    for (int i = 0; i > count; i--) {
      index = text.lastIndexOf(delimiter, index - 1);
      if (index < 0) {
        return text;
      }
    }
    return text.substring(index + delimiter.length());
  }

  /**
   * The parts of text between all occurrences of a delimiter; an empty delimiter does not divide.
   */
  private static List<String> parts(String text, String delimiter) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int end = delimiter.isEmpty() ? -1 : text.indexOf(delimiter);
    while (end >= 0) {
      parts.add(text.substring(start, end));
      start = end + delimiter.length();
      end = text.indexOf(delimiter, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Object splitPart(CallSite site, Object[] a) {
    List<String> parts = parts((String) a[0], (String) a[1]);
    int number = Numbers.toInt(a[2]);
    if (number == 0) {
      throw Containers.indexOfZero(site, a[0], number);
    }
    int index = number > 0 ? number - 1 : parts.size() + number;
    return index >= 0 && index < parts.size() ? parts.get(index) : "";
  }

  private static int findInSet(String text, String set) {
    return text.contains(",") ? 0 : Arrays.asList(set.split(",", -1)).indexOf(text) + 1;
  }

  private static int levenshtein(Object[] a) {
    int[] left = ((String) a[0]).codePoints().toArray();
    int[] right = ((String) a[1]).codePoints().toArray();
    int[] row = new int[right.length + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length; i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    int distance = row[right.length];
    return a.length > 2 && distance > Numbers.toInt(a[2]) ? -1 : distance;
  }

  private static @Nullable Object element(CallSite site, @Nullable Object[] a) {
    Object index = a[0];
    if (index == null) {
      return null;
    }
    int position = Numbers.toInt(index);
    if (position < 1 || position >= a.length) {
      throw Containers.indexOutOfBounds(site, "INVALID_ARRAY_INDEX", position, a.length - 1);
    }
    return a[position];
  }
}
