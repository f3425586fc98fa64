package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of every length about the longest that a row holds itself are keys, each a group. */
class TextKeysTest {
  private static final int LENGTH_MAX = 70;

  /** Of each length: one text that differs from the others in one place only, for each place. */
  private static List<@Nullable String> texts() {
    List<@Nullable String> texts = new ArrayList<>();
    texts.add(null);
    for (int length = 0; length <= LENGTH_MAX; length++) {
      String zeros = "\0".repeat(length); // what a row has behind a short text
      texts.add(zeros);
      for (int place = 0; place < length; place++) {
        texts.add(zeros.substring(0, place) + "x" + zeros.substring(place + 1));
      }
    }
    return texts;
  }

  private static List<List<@Nullable Object>> rows(
      List<@Nullable String> texts, boolean alone, boolean nulls) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String text : texts) {
      if (text != null || nulls) {
        rows.add(alone ? Arrays.asList(text, null) : Arrays.asList(text, 7L, text, null));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, false, false",
    "true, false, true, false",
    "true, true, false, true",
    "true, true, true, false",
    "false, false, false, false",
    "false, false, true, true",
    "false, true, false, false",
    "false, true, true, true"
  })
  void areGroupsOfTheirOwn(boolean alone, boolean alike, boolean nulls, boolean selects) {
    long seed = new Random().nextInt(1_000_000);
    List<List<@Nullable Object>> rows = rows(texts(), alone, nulls);
    Collections.shuffle(rows, new Random(seed));
    int[] selected = new Random(seed + 1).ints(2L * rows.size(), 0, rows.size()).sorted().toArray();
    Map<List<@Nullable Object>, Long> expected = new HashMap<>();
    KeyHash hash = alike ? new TableFixture.Constant(3) : KeyHash.seeded(seed);
    GroupTablePlan plan =
        new GroupTablePlan(
            alone
                ? List.of(ValueKind.BYTES)
                : List.of(ValueKind.BYTES, ValueKind.I64, ValueKind.BYTES),
            List.of(Accumulators.countAll()));
    int keys = plan.keys().size();
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, hash, memory);
        GroupTable merged = new GroupTable(plan, hash, memory)) {
      TableFixture.add(table, rows, selects ? selected : null, 65);
      TableFixture.add(table, rows, 7);
      merged.mergeFrom(table);
      merged.mergeFrom(table);
      rows.forEach(row -> expected.merge(row.subList(0, keys), 1L, Long::sum));
      if (selects) {
        Arrays.stream(selected)
            .forEach(row -> expected.merge(rows.get(row).subList(0, keys), 1L, Long::sum));
      } else {
        expected.replaceAll((key, count) -> 2 * count);
      }
      assertThat(counts(table)).as("seed=%d", seed).isEqualTo(expected);
      expected.replaceAll((key, count) -> 2 * count);
      assertThat(counts(merged)).as("merged, seed=%d", seed).isEqualTo(expected);
    }
  }

  private static Map<List<@Nullable Object>, Long> counts(GroupTable table) {
    Map<List<@Nullable Object>, Long> counts = new HashMap<>();
    TableFixture.groups(table).forEach((key, result) -> counts.put(key, (Long) result.get(0)));
    return counts;
  }
}
