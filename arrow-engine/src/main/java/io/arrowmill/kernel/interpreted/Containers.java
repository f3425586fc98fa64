package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Functions that take arrays, maps or strings alike. */
final class Containers {
  private Containers() {}

  static void register(FunctionTable table) {
    table.strict1("size cardinality", (site, a) -> size(a));
    table.strict2("getitem", Containers::item);
    table.strict2("element_at", Containers::elementAt);
    table.strict2("try_element_at", Containers::tryElementAt);
    table.strict("concat", (site, a) -> concat(a));
    table.strict1("reverse", (site, a) -> reverse(a));
  }

  private static int size(Object value) {
    return value instanceof Map<?, ?> map ? map.size() : ((List<?>) value).size();
  }

  static ArrowmillException indexOutOfBounds(CallSite site, String condition, int index, int size) {
    return site.fault(
        condition,
        "index must be one that the array has: size=" + size,
        "use get or try_element_at to get NULL instead",
        index);
  }

  static ArrowmillException indexOfZero(CallSite site, @Nullable Object... values) {
    return site.fault(
        "INVALID_INDEX_OF_ZERO",
        "index must not be 0",
        "count from 1, or from -1 for the last",
        values);
  }

  private static @Nullable Object item(CallSite site, Object container, Object key) {
    if (container instanceof Map<?, ?> map) {
      return Maps.find(map, key);
    }
    if (container instanceof Row row) {
      return key instanceof String name ? row.getAs(name) : row.get(Numbers.toInt(key));
    }
    List<?> list = (List<?>) container;
    int index = Numbers.toInt(key);
    if (index < 0 || index >= list.size()) {
      throw indexOutOfBounds(site, "INVALID_ARRAY_INDEX", index, list.size());
    }
    return list.get(index);
  }

  private static @Nullable Object elementAt(CallSite site, Object container, Object key) {
    if (container instanceof Map<?, ?> map) {
      return Maps.find(map, key);
    }
    List<?> list = (List<?>) container;
    int number = Numbers.toInt(key);
    if (number == 0) {
      throw indexOfZero(site, number);
    }
    if (Math.abs((long) number) > list.size()) {
      throw indexOutOfBounds(site, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", number, list.size());
    }
    return list.get(number > 0 ? number - 1 : list.size() + number);
  }

  private static @Nullable Object tryElementAt(CallSite site, Object container, Object key) {
    return container instanceof List<?> list && Math.abs(Numbers.toLong(key)) > list.size()
        ? null
        : elementAt(site, container, key);
  }

  private static Object concat(Object[] values) {
    if (values.length > 0 && values[0] instanceof List<?>) {
      List<@Nullable Object> all = new ArrayList<>();
      for (Object value : values) {
        all.addAll((List<?>) value);
      }
      return all;
    }
    if (values.length > 0 && values[0] instanceof byte[]) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Object value : values) {
        bytes.writeBytes((byte[]) value);
      }
      return bytes.toByteArray();
    }
    StringBuilder text = new StringBuilder();
    Arrays.stream(values).forEach(value -> text.append((String) value));
    return text.toString();
  }

  private static Object reverse(Object value) {
    if (value instanceof List<?> list) {
      return list.reversed();
    }
    int[] points = ((String) value).codePoints().toArray();
    int[] reversed =
        IntStream.range(0, points.length).map(i -> points[points.length - 1 - i]).toArray();
    return new String(reversed, 0, reversed.length);
  }
}
