package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** LIKE and the functions on regular expressions, which are those of {@link Pattern}. */
final class Patterns {
  private Patterns() {}

  /** A function that matches its second argument as a pattern. */
  @FunctionalInterface
  private interface Matching {
    @Nullable Object apply(CallSite site, Object[] arguments, Pattern pattern);
  }

  static void register(FunctionTable table) {
    like(table, "like", 0);
    like(table, "ilike", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    regex(table, "rlike regexp regexp_like", (site, a, p) -> p.matcher((String) a[0]).find());
    regex(table, "regexp_count", (site, a, p) -> (int) p.matcher((String) a[0]).results().count());
    regex(table, "regexp_extract", Patterns::extract);
    regex(table, "regexp_extract_all", Patterns::extractAll);
    regex(table, "regexp_replace", Patterns::replace);
    regex(table, "regexp_substr", (site, a, p) -> substring(p.matcher((String) a[0])));
    regex(table, "regexp_instr", Patterns::position);
    regex(table, "split", (site, a, p) -> split(a, p));
  }

  private static void regex(FunctionTable table, String names, Matching function) {
    table.bound(
        names,
        (site, arguments) -> {
          Memo<String, Pattern> patterns = new Memo<>(text -> compile(site, text));
          return FunctionTable.strict(
              site, arguments, (s, a) -> function.apply(s, a, patterns.get((String) a[1])));
        });
  }

  private static Pattern compile(CallSite site, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw site.fault(
          "INVALID_PARAMETER_VALUE.PATTERN",
          "regular expression must be well-formed (" + e.getDescription() + ")",
          "correct the pattern",
          text);
    }
  }

  private static void like(FunctionTable table, String name, int flags) {
    table.bound(
        name,
        (site, arguments) -> {
          Memo<List<String>, Pattern> patterns =
              new Memo<>(key ->
                  Pattern.compile(
                      likeRegex(site, key.get(0), key.get(1).codePointAt(0)),
                      Pattern.DOTALL | flags));
          return FunctionTable.strict(
              site,
              arguments,
              (s, a) -> {
                String escape = a.length > 2 ? (String) a[2] : "\\";
                Pattern pattern = patterns.get(List.of((String) a[1], escape));
                return pattern.matcher((String) a[0]).matches();
              });
        });
  }

  /** The regular expression of a LIKE pattern. */
  static String likeRegex(CallSite site, String pattern, int escape) {
    StringBuilder out = new StringBuilder();
    int[] points = pattern.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      int c = points[i];
      if (c == escape) {
        i++;
        if (i == points.length || (points[i] != '_' && points[i] != '%' && points[i] != escape)) {
          throw badEscape(site, pattern, i == points.length);
        }
        out.append(Pattern.quote(Character.toString(points[i])));
      } else if (c == '_') {
        out.append('.');
      } else if (c == '%') {
        out.append(".*");
      } else {
        out.append(Pattern.quote(Character.toString(c)));
      }
    }
    return out.toString();
  }

  private static ArrowmillException badEscape(CallSite site, String pattern, boolean atEnd) {
    return site.fault(
        atEnd ? "INVALID_FORMAT.ESC_AT_THE_END" : "INVALID_FORMAT.ESC_IN_THE_MIDDLE",
        "the escape character must stand before %, _ or itself",
        "double it to match it",
        pattern);
  }

  private static int group(CallSite site, Object[] a, Pattern pattern) {
    int group = a.length > 2 ? Numbers.toInt(a[2]) : 1;
    int count = pattern.matcher("").groupCount();
    if (group < 0 || group > count) {
      throw site.fault(
          "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
          "group must be one that the pattern has: groupCount=" + count,
          "pass an index from 0 to the number of groups",
          group,
          a[1]);
    }
    return group;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Object extract(CallSite site, Object[] a, Pattern pattern) {
    int group = group(site, a, pattern);
    Matcher matcher = pattern.matcher((String) a[0]);
    return matcher.find() ? orEmpty(matcher.group(group)) : "";
  }

  private static Object extractAll(CallSite site, Object[] a, Pattern pattern) {
    int group = group(site, a, pattern);
    return pattern
        .matcher((String) a[0])
        .results()
        .map(match -> orEmpty(match.group(group)))
        .toList();
  }

  private static Object replace(CallSite site, Object[] a, Pattern pattern) {
    String text = (String) a[0];
    int position = a.length > 3 ? Numbers.toInt(a[3]) : 1;
    if (position < 1) {
      throw site.invalidParameter("position must be 1 or more", position);
    }
    if (position > Text.length(text) + 1) {
      return text;
    }
    int start = text.offsetByCodePoints(0, position - 1);
    Matcher matcher = pattern.matcher(text).region(start, text.length());
    StringBuilder out = new StringBuilder();
    try {
      // The first append copies what stands before the region, too.
      while (matcher.find()) {
        matcher.appendReplacement(out, (String) a[2]);
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw site.invalidParameter("replacement must refer to groups that there are", a[1], a[2]);
    }
    return matcher.appendTail(out).toString();
  }

  private static @Nullable Object substring(Matcher matcher) {
    return matcher.find() ? matcher.group() : null;
  }

  private static Object position(CallSite site, Object[] a, Pattern pattern) {
    String text = (String) a[0];
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? text.codePointCount(0, matcher.start()) + 1 : 0;
  }

  /**
   * The characters one by one; the last of {@code limit} parts, if that is positive, has the rest.
   */
  private static List<String> characters(String text, int limit) {
    int length = Text.length(text);
    int count = limit <= 0 ? length : Math.min(limit, length);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(Text.slice(text, i, i == count - 1 ? length : i + 1));
    }
    return parts;
  }

  private static Object split(Object[] a, Pattern pattern) {
    String text = (String) a[0];
    int limit = a.length > 2 ? Numbers.toInt(a[2]) : -1;
    if (pattern.pattern().isEmpty() && !text.isEmpty()) {
      return characters(text, limit);
    }
    return Arrays.asList(pattern.split(text, limit <= 0 ? -1 : limit));
  }
}
