package io.arrowmill.kernel.interpreted;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Functions that take arrays as sets; results keep the order of first appearance. */
final class ArraySets {
  private ArraySets() {}

  static void register(FunctionTable table) {
    table.strict1("array_distinct", (site, a) -> union(List.of((List<?>) a)));
    table.strict2("array_union", (site, a, b) -> union(List.of((List<?>) a, (List<?>) b)));
    table.strict2("array_intersect", (site, a, b) -> kept((List<?>) a, set((List<?>) b), true));
    table.strict2("array_except", (site, a, b) -> kept((List<?>) a, set((List<?>) b), false));
    table.strict2("array_remove", (site, a, b) -> without((List<?>) a, b));
    table.strict1(
        "array_compact", (site, a) -> ((List<?>) a).stream().filter(Objects::nonNull).toList());
    table.strict2("arrays_overlap", (site, a, b) -> overlap((List<?>) a, (List<?>) b));
  }

  private static Set<@Nullable Object> set(List<?> list) {
    Set<@Nullable Object> set = new TreeSet<>(Ordering.NULLS_FIRST);
    set.addAll(list);
    return set;
  }

  private static Object union(List<List<?>> lists) {
    Set<@Nullable Object> seen = new TreeSet<>(Ordering.NULLS_FIRST);
    List<@Nullable Object> result = new ArrayList<>();
    for (List<?> list : lists) {
      for (Object element : list) {
        if (seen.add(element)) {
          result.add(element);
        }
      }
    }
    return result;
  }

  private static Object kept(List<?> list, Set<@Nullable Object> others, boolean members) {
    Set<@Nullable Object> seen = new TreeSet<>(Ordering.NULLS_FIRST);
    List<@Nullable Object> result = new ArrayList<>();
    for (Object element : list) {
      if (others.contains(element) == members && seen.add(element)) {
        result.add(element);
      }
    }
    return result;
  }

  private static Object without(List<?> list, Object unwanted) {
    List<@Nullable Object> result = new ArrayList<>();
    for (Object element : list) {
      if (!Ordering.same(element, unwanted)) {
        result.add(element);
      }
    }
    return result;
  }

  /** Whether there is a common element; NULL if not, but one might be hidden behind a NULL. */
  private static @Nullable Boolean overlap(List<?> a, List<?> b) {
    Set<@Nullable Object> others = set(b);
    boolean unknown = !a.isEmpty() && !b.isEmpty() && others.contains(null);
    for (Object element : a) {
      if (element == null) {
        unknown |= !b.isEmpty();
      } else if (others.contains(element)) {
        return true;
      }
    }
    return unknown ? null : (Boolean) false;
  }
}
