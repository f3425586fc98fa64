package io.arrowmill.kernel.interpreted;

import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Functions that make, read and rearrange arrays. */
final class ArrayValues {
  /** Elements a sequence has at most. */
  private static final int SEQUENCE_MAX = Integer.MAX_VALUE - 15;

  private ArrayValues() {}

  static void register(FunctionTable table) {
    table.lenient("array", (site, a) -> new ArrayList<>(java.util.Arrays.asList(a)));
    table.strict1("array_size", (site, a) -> ((List<?>) a).size());
    table.strict2("array_contains", (site, a, b) -> contains((List<?>) a, b));
    table.strict2("array_position", (site, a, b) -> position((List<?>) a, b));
    table.strict("array_join", (site, a) -> join(a));
    table.strict1("array_max", (site, a) -> extreme((List<?>) a, 1));
    table.strict1("array_min", (site, a) -> extreme((List<?>) a, -1));
    table.strict1("flatten", (site, a) -> flatten((List<?>) a));
    table.strict2("get", (site, a, b) -> get((List<?>) a, Numbers.toInt(b)));
    table.strict("sequence", ArrayValues::sequence);
    table.strict("slice", ArrayValues::slice);
    table.strict("sort_array array_sort", (site, a) -> sort(a));
    table.lenient("array_append", (site, a) -> insertAt(a, Integer.MAX_VALUE));
    table.lenient("array_prepend", (site, a) -> insertAt(a, 0));
    table.lenient("array_insert", ArrayValues::insert);
    table.lenient("array_repeat", (site, a) -> repeat(a[0], a[1]));
    table.lenient("arrays_zip", ArrayValues::zip);
  }

  private static @Nullable Boolean contains(List<?> list, Object wanted) {
    boolean unknown = false;
    for (Object element : list) {
      if (element == null) {
        unknown = true;
      } else if (Ordering.compare(element, wanted) == 0) {
        return true;
      }
    }
    return unknown ? null : (Boolean) false;
  }

  private static long position(List<?> list, Object wanted) {
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      if (element != null && Ordering.compare(element, wanted) == 0) {
        return i + 1L;
      }
    }
    return 0;
  }

  private static Object join(Object[] a) {
    StringJoiner joiner = new StringJoiner((String) a[1]);
    for (Object element : (List<?>) a[0]) {
      if (element != null) {
        joiner.add((String) element);
      } else if (a.length > 2) {
        joiner.add((String) a[2]);
      }
    }
    return joiner.toString();
  }

  private static @Nullable Object extreme(List<?> list, int direction) {
    Object best = null;
    for (Object element : list) {
      if (element != null && (best == null || Ordering.compare(element, best) * direction > 0)) {
        best = element;
      }
    }
    return best;
  }

  private static @Nullable Object flatten(List<?> lists) {
    List<@Nullable Object> flat = new ArrayList<>();
    for (Object list : lists) {
      if (list == null) {
        return null;
      }
      flat.addAll((List<?>) list);
    }
    return flat;
  }

  private static @Nullable Object get(List<?> list, int index) {
    return index >= 0 && index < list.size() ? list.get(index) : null;
  }

  private static Object slice(CallSite site, Object[] a) {
    List<?> list = (List<?>) a[0];
    int start = Numbers.toInt(a[1]);
    int length = Numbers.toInt(a[2]);
    if (start == 0) {
      throw site.fault(
          "INVALID_PARAMETER_VALUE.START",
          "start must not be 0",
          "count from 1, or from -1 for the last",
          list,
          start,
          length);
    }
    if (length < 0) {
      throw site.fault(
          "INVALID_PARAMETER_VALUE.LENGTH",
          "length must not be negative",
          "pass the number of elements wanted",
          list,
          start,
          length);
    }
    int from = start > 0 ? start - 1 : list.size() + start;
    if (from < 0 || from >= list.size()) {
      return List.of();
    }
    return list.subList(from, (int) Math.min((long) from + length, list.size()));
  }

  private static Object sort(Object[] a) {
    boolean ascending = a.length < 2 || (Boolean) a[1];
    List<@Nullable Object> sorted = new ArrayList<>((List<?>) a[0]);
    Comparator<@Nullable Object> order = Ordering.NULLS_FIRST;
    sorted.sort(ascending ? order : order.reversed());
    return sorted;
  }

  private static @Nullable Object insertAt(@Nullable Object[] a, int index) {
    if (!(a[0] instanceof List<?> list)) {
      return null;
    }
    List<@Nullable Object> longer = new ArrayList<>(list);
    longer.add(Math.min(index, longer.size()), a[1]);
    return longer;
  }

  /**
   * Inserts so that the value is at the position, from 1 or from -1 for the last; NULLs fill a gap.
   */
  private static @Nullable Object insert(CallSite site, @Nullable Object[] a) {
    if (!(a[0] instanceof List<?> list) || !(a[1] instanceof Number number)) {
      return null;
    }
    int position = number.intValue();
    if (position == 0) {
      throw Containers.indexOfZero(site, list, position);
    }
    List<@Nullable Object> longer = new ArrayList<>(list);
    if (position > 0) {
      while (longer.size() < position - 1) {
        longer.add(null);
      }
      longer.add(position - 1, a[2]);
    } else {
      while (longer.size() + 1 < -position) {
        longer.addFirst(null);
      }
      longer.add(longer.size() + 1 + position, a[2]);
    }
    return longer;
  }

  private static @Nullable Object repeat(@Nullable Object value, @Nullable Object count) {
    return count == null
        ? null
        : java.util.Collections.nCopies(Math.max(0, Numbers.toInt(count)), value);
  }

  private static @Nullable Object zip(CallSite site, @Nullable Object[] a) {
    StructType schema = (StructType) ((ArrayType) site.type()).element();
    int size = 0;
    for (Object list : a) {
      if (list == null) {
        return null;
      }
      size = Math.max(size, ((List<?>) list).size());
    }
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      @Nullable Object[] values = new @Nullable Object[a.length];
      for (int j = 0; j < a.length; j++) {
        values[j] = get((List<?>) Objects.requireNonNull(a[j]), i);
      }
      rows.add(Maps.row(schema, values));
    }
    return rows;
  }

  private static Object sequence(CallSite site, Object[] a) {
    Object start = a[0];
    Object stop = a[1];
    boolean forward = Ordering.compare(start, stop) <= 0;
    Object step = a.length > 2 ? a[2] : defaultStep(start, forward);
    int direction = direction(step);
    if (direction == 0
        ? Ordering.compare(start, stop) != 0
        : direction > 0 != forward && Ordering.compare(start, stop) != 0) {
      throw site.fault(
          "INVALID_PARAMETER_VALUE.SEQUENCE",
          "step must lead from start to stop",
          "give it the other sign",
          start,
          stop,
          step);
    }
    List<Object> values = new ArrayList<>();
    Object value = start;
    for (long i = 1; Ordering.compare(value, stop) * direction <= 0; i++) {
      if (values.size() >= SEQUENCE_MAX) {
        throw site.invalidParameter("sequence must have fewer elements", start, stop, step);
      }
      values.add(value);
      if (direction == 0) {
        break;
      }
      Object next = advanced(site, start, step, i);
      if (next == null) {
        break;
      }
      value = next;
    }
    return values;
  }

  private static Object defaultStep(Object start, boolean forward) {
    return start instanceof Number
        ? (Object) (forward ? 1L : -1L)
        : Duration.ofDays(forward ? 1 : -1);
  }

  private static int direction(Object step) {
    return switch (step) {
      case Duration duration -> duration.compareTo(Duration.ZERO);
      case Period period -> Long.signum(period.toTotalMonths());
      default -> Long.signum(Numbers.toLong(step));
    };
  }

  /** The value {@code times} steps after {@code start}, or null if it is out of range. */
  private static @Nullable Object advanced(CallSite site, Object start, Object step, long times) {
    if (start instanceof Number) {
      java.math.BigInteger value =
          java.math.BigInteger.valueOf(Numbers.toLong(step))
              .multiply(java.math.BigInteger.valueOf(times))
              .add(java.math.BigInteger.valueOf(Numbers.toLong(start)));
      return Numbers.fit(value, ((ArrayType) site.type()).element());
    }
    LocalDateTime local = Times.dateTime(start, site.zone());
    if (step instanceof Period period) {
      local = local.plusMonths(Math.multiplyExact(period.toTotalMonths(), times));
    } else {
      Duration distance = ((Duration) step).multipliedBy(times);
      if (start instanceof Instant instant && !isWholeDays((Duration) step)) {
        return instant.plus(distance);
      }
      local = local.plus(distance);
    }
    return switch (start) {
      case LocalDate ignored -> local.toLocalDate();
      case Instant ignored -> local.atZone(site.zone()).toInstant();
      default -> local;
    };
  }

  private static boolean isWholeDays(Duration duration) {
    return duration.equals(Duration.ofDays(duration.toDays()));
  }
}
