package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.chrono.ChronoLocalDate;
import java.time.chrono.ChronoLocalDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of values of one type: NaN equals NaN and is greatest, -0.0 equals 0.0, strings by the
 * bytes of their UTF-8 form, lists and structs by their first difference with NULL least.
 */
public final class Ordering {
  /** The order with NULL first. */
  public static final Comparator<@Nullable Object> NULLS_FIRST = Ordering::compareNullable;

  private Ordering() {}

  /** Compares two values of one type that are not null. */
  public static int compare(Object a, Object b) {
    return switch (a) {
      case String text -> compareText(text, (String) b);
      case Boolean bool -> Boolean.compare(bool, (Boolean) b);
      case Number number -> compareNumbers(number, (Number) b);
      case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) b);
      case LocalDate date -> date.compareTo((ChronoLocalDate) b);
      case Instant instant -> instant.compareTo((Instant) b);
      case LocalDateTime dateTime -> dateTime.compareTo((ChronoLocalDateTime<?>) b);
      case Duration duration -> duration.compareTo((Duration) b);
      case Period period -> Long.compare(period.toTotalMonths(), ((Period) b).toTotalMonths());
      case List<?> list -> compareLists(list, (List<?>) b);
      case Row row -> compareLists(row.values(), ((Row) b).values());
      case Map<?, ?> map -> compareMaps(map, (Map<?, ?>) b);
      default -> throw new IllegalArgumentException("values must be of SQL types: " + a.getClass());
    };
  }

  /** Whether two values are the same, NULL being the same as NULL. */
  public static boolean same(@Nullable Object a, @Nullable Object b) {
    return compareNullable(a, b) == 0;
  }

  private static int compareNullable(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a != null ? 1 : b != null ? -1 : 0;
    }
    return compare(a, b);
  }

  private static int compareText(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above all others, but their units do not.
        boolean surrogateX = Character.isSurrogate(x);
        boolean surrogateY = Character.isSurrogate(y);
        return surrogateX == surrogateY ? Character.compare(x, y) : surrogateX ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int compareNumbers(Number a, Number b) {
    if (Numbers.isFloating(a) || Numbers.isFloating(b)) {
      double x = a.doubleValue();
      double y = b.doubleValue();
      return x == y ? 0 : Double.compare(x, y);
    }
    if (a instanceof BigDecimal || b instanceof BigDecimal) {
      return Numbers.toDecimal(a).compareTo(Numbers.toDecimal(b));
    }
    return Long.compare(a.longValue(), b.longValue());
  }

  private static int compareLists(List<?> a, List<?> b) {
    Iterator<?> others = b.iterator();
    for (Object element : a) {
      if (!others.hasNext()) {
        return 1;
      }
      int order = compareNullable(element, others.next());
      if (order != 0) {
        return order;
      }
    }
    return others.hasNext() ? -1 : 0;
  }

  /**
   * Maps have no SQL order; this one tells equal maps from others whatever the order of their
   * entries.
   */
  private static int compareMaps(Map<?, ?> a, Map<?, ?> b) {
    int order = compareLists(sorted(a.keySet()), sorted(b.keySet()));
    if (order != 0) {
      return order;
    }
    return compareLists(
        sorted(a.keySet()).stream().map(key -> Maps.find(a, key)).toList(),
        sorted(b.keySet()).stream().map(key -> Maps.find(b, key)).toList());
  }

  private static List<Object> sorted(java.util.Set<?> keys) {
    return keys.stream().map(Object.class::cast).sorted(Ordering::compare).toList();
  }
}
