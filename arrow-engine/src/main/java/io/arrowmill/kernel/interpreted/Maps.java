package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Functions that make and read maps and structs. */
final class Maps {
  private Maps() {}

  static void register(FunctionTable table) {
    table.lenient("map", Maps::ofPairs);
    table.strict2("map_from_arrays", (site, a, b) -> ofLists(site, (List<?>) a, (List<?>) b));
    table.strict1("map_from_entries", Maps::ofEntries);
    table.strict("map_concat", Maps::concat);
    table.strict("str_to_map", Maps::ofText);
    table.strict1("map_keys", (site, a) -> new ArrayList<>(((Map<?, ?>) a).keySet()));
    table.strict1("map_values", (site, a) -> new ArrayList<>(((Map<?, ?>) a).values()));
    table.strict1("map_entries", (site, a) -> entries(site, (Map<?, ?>) a));
    table.strict2("map_contains_key", (site, a, b) -> containsKey((Map<?, ?>) a, b));
    table.lenient("struct", (site, a) -> struct(site, a, false));
    table.lenient("named_struct", (site, a) -> struct(site, a, true));
  }

  /** The value of the key, or null. */
  static @Nullable Object find(Map<?, ?> map, Object key) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (Ordering.same(entry.getKey(), key)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static boolean containsKey(Map<?, ?> map, Object key) {
    return map.keySet().stream().anyMatch(each -> Ordering.same(each, key));
  }

  /** Collects entries; keys must be unique and not null. */
  private static final class Builder {
    private final CallSite site;
    private final Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    private final TreeSet<Object> keys = new TreeSet<>(Ordering::compare);

    Builder(CallSite site) {
      this.site = site;
    }

    void add(@Nullable Object key, @Nullable Object value) {
      if (key == null) {
        throw site.fault("NULL_MAP_KEY", "a map's key must not be NULL", "leave such entries out");
      }
      if (!keys.add(key)) {
        throw site.fault(
            "DUPLICATED_MAP_KEY", "a map's keys must be unique", "leave all but one out", key);
      }
      map.put(key, value);
    }
  }

  private static Object ofPairs(CallSite site, @Nullable Object[] a) {
    Builder builder = new Builder(site);
    for (int i = 0; i + 1 < a.length; i += 2) {
      builder.add(a[i], a[i + 1]);
    }
    return builder.map;
  }

  private static Object ofLists(CallSite site, List<?> keys, List<?> values) {
    if (keys.size() != values.size()) {
      throw site.invalidParameter("there must be as many keys as values", keys, values);
    }
    Builder builder = new Builder(site);
    for (int i = 0; i < keys.size(); i++) {
      builder.add(keys.get(i), values.get(i));
    }
    return builder.map;
  }

  private static @Nullable Object ofEntries(CallSite site, Object entries) {
    Builder builder = new Builder(site);
    for (Object entry : (List<?>) entries) {
      if (entry == null) {
        return null;
      }
      builder.add(((Row) entry).get(0), ((Row) entry).get(1));
    }
    return builder.map;
  }

  private static Object concat(CallSite site, Object[] maps) {
    Builder builder = new Builder(site);
    for (Object map : maps) {
      ((Map<?, ?>) map).forEach(builder::add);
    }
    return builder.map;
  }

  private static Object ofText(CallSite site, Object[] a) {
    String pairs = a.length > 1 ? (String) a[1] : ",";
    String values = a.length > 2 ? (String) a[2] : ":";
    Builder builder = new Builder(site);
    for (String pair : ((String) a[0]).split(pairs, -1)) {
      String[] parts = pair.split(values, 2);
      builder.add(parts[0], parts.length > 1 ? parts[1] : null);
    }
    return builder.map;
  }

  private static Object entries(CallSite site, Map<?, ?> map) {
    StructType entry = (StructType) ((ArrayType) site.type()).element();
    List<Row> rows = new ArrayList<>();
    map.forEach((key, value) -> rows.add(row(entry, key, value)));
    return rows;
  }

  static Row row(StructType schema, @Nullable Object... values) {
    return Row.withSchema(schema, java.util.Arrays.asList(values));
  }

  private static Object struct(CallSite site, @Nullable Object[] a, boolean named) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = named ? 1 : 0; i < a.length; i += named ? 2 : 1) {
      values.add(a[i]);
    }
    return Row.withSchema((StructType) site.type(), values);
  }
}
