package io.arrowmill.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The sets that {@code ROLLUP} and {@code CUBE} of so many keys stand for, as their positions. */
public final class GroupingParts {
  private GroupingParts() {}

  /** All keys, all but the last one, and so on down to none. */
  public static List<List<Integer>> beginnings(int count) {
    List<List<Integer>> sets = new ArrayList<>();
    for (int length = count; length >= 0; length--) {
      sets.add(IntStream.range(0, length).boxed().toList());
    }
    return sets;
  }

  /** Every part of the keys, down to none; there are at most 30 keys. */
  public static List<List<Integer>> parts(int count) {
    List<List<Integer>> sets = new ArrayList<>();
    for (int left = (1 << count) - 1; left >= 0; left--) {
      int with = left;
      sets.add(
          IntStream.range(0, count)
              .filter(key -> (with >> (count - 1 - key) & 1) != 0)
              .boxed()
              .toList());
    }
    return sets;
  }
}
