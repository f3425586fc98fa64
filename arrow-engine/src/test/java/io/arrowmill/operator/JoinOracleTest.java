package io.arrowmill.operator;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins of random rows against a nested loop; closing the session is the leak check. */
class JoinOracleTest {
  private static final List<String> TYPES =
      List.of("inner", "left", "right", "full", "left_semi", "left_anti");
  private static final int KEY_DOMAIN = 25;

  private final Session session = Session.builder().appName("join oracle").getOrCreate();

  @AfterEach
  void close() {
    session.close();
  }

  /** A side: keys first, then a number, then the row's own id. */
  private record Side(DataFrame frame, List<Row> rows) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INT",
        "BIGINT",
        "STRING",
        "DOUBLE",
        "FLOAT",
        "DECIMAL(20,3)",
        "BOOLEAN",
        "INT,INT",
        "BIGINT,STRING",
        "DATE,SMALLINT,TINYINT",
        "STRING,DECIMAL(8,2),DOUBLE"
      })
  void joinsAsANestedLoopDoes(String kinds) {
    long seed = System.nanoTime();
    System.out.println("JoinOracleTest seed=" + seed + ", kinds=" + kinds);
    Random random = new Random(seed);
    List<String> types = List.of(kinds.split(",(?![0-9])"));
    for (int[] sizes : new int[][] {{0, 9}, {9, 0}, {64, 65}, {150, 130}, {30, 300}}) {
      boolean distinct = random.nextBoolean() && types.size() == 1;
      Side left = side("l", types, sizes[0], false, random);
      Side right = side("r", types, sizes[1], distinct, random);
      for (String type : TYPES) {
        for (boolean residual : new boolean[] {false, true}) {
          Column condition = condition(types.size(), residual);
          assertThat(counted(left.frame().join(right.frame(), condition, type).collect()))
              .as("seed=%d kinds=%s type=%s residual=%s", seed, kinds, type, residual)
              .isEqualTo(counted(expected(left, right, types.size(), type, residual)));
          assertSomeColumns(left, right, type, condition, types.size(), residual);
        }
      }
    }
  }

  /** The same join with only some of its columns wanted, and with none. */
  private void assertSomeColumns(
      Side left, Side right, String type, Column condition, int keys, boolean residual) {
    List<Row> all = expected(left, right, keys, type, residual);
    DataFrame joined = left.frame().join(right.frame(), condition, type);
    assertThat(joined.agg(count(lit(1))).collect()).containsExactly(Row.of((long) all.size()));
    List<Row> ids = new ArrayList<>();
    all.forEach(row -> ids.add(Row.of(row.get(keys + 1))));
    assertThat(counted(joined.select(col("lid")).collect())).isEqualTo(counted(ids));
    if (!type.startsWith("left_")) {
      ids.clear();
      all.forEach(row -> ids.add(Row.of(row.get(2 * keys + 3))));
      assertThat(counted(joined.select(col("rid")).collect())).isEqualTo(counted(ids));
    }
  }

  private static Column condition(int keys, boolean residual) {
    Column condition = col("lk0").equalTo(col("rk0"));
    for (int k = 1; k < keys; k++) {
      condition = condition.and(col("lk" + k).equalTo(col("rk" + k)));
    }
    return residual ? condition.and(col("lv").lt(col("rv"))) : condition;
  }

  private static List<Row> expected(
      Side left, Side right, int keys, String type, boolean residual) {
    List<Row> joined = new ArrayList<>();
    Set<Integer> rightMatched = new TreeSet<>();
    for (Row l : left.rows()) {
      int matches = 0;
      for (int j = 0; j < right.rows().size(); j++) {
        Row r = right.rows().get(j);
        if (matches(l, r, keys, residual)) {
          matches++;
          rightMatched.add(j);
          if (!type.startsWith("left_")) {
            joined.add(pair(l, r, keys + 2));
          }
        }
      }
      boolean wanted = type.equals("left_semi") == (matches > 0);
      if (type.startsWith("left_") && wanted) {
        joined.add(l);
      } else if (matches == 0 && (type.equals("left") || type.equals("full"))) {
        joined.add(pair(l, null, keys + 2));
      }
    }
    if (type.equals("right") || type.equals("full")) {
      for (int j = 0; j < right.rows().size(); j++) {
        if (!rightMatched.contains(j)) {
          joined.add(pair(null, right.rows().get(j), keys + 2));
        }
      }
    }
    return joined;
  }

  private static Row pair(@Nullable Row left, @Nullable Row right, int width) {
    @Nullable Object[] values = new @Nullable Object[2 * width];
    for (int i = 0; i < width; i++) {
      values[i] = left == null ? null : left.get(i);
      values[width + i] = right == null ? null : right.get(i);
    }
    return Row.of(values);
  }

  private static boolean matches(Row left, Row right, int keys, boolean residual) {
    for (int k = 0; k < keys; k++) {
      Object a = left.get(k);
      Object b = right.get(k);
      if (a == null || b == null) {
        return false;
      }
      if (!canonical(a).equals(canonical(b))) {
        return false;
      }
    }
    Object lv = left.get(keys);
    Object rv = right.get(keys);
    return !residual || (lv != null && rv != null && (Integer) lv < (Integer) rv);
  }

  /** -0.0 is 0.0, and NaN is NaN. */
  private static Object canonical(Object key) {
    return switch (key) {
      case Double number -> number + 0.0;
      case Float number -> number + 0.0f;
      default -> key;
    };
  }

  private static Map<Row, Integer> counted(List<Row> rows) {
    Map<Row, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row, 1, Integer::sum));
    return counts;
  }

  /** Random rows, held as slices that begin at odd offsets. */
  private Side side(String name, List<String> types, int rows, boolean distinct, Random random) {
    StringBuilder ddl = new StringBuilder();
    for (int k = 0; k < types.size(); k++) {
      ddl.append(name + "k" + k + " " + types.get(k) + ", ");
    }
    StructType schema = StructType.fromDDL(ddl + name + "v INT, " + name + "id INT");
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      @Nullable Object[] values = new @Nullable Object[types.size() + 2];
      for (int k = 0; k < types.size(); k++) {
        int number = distinct ? i : random.nextInt(KEY_DOMAIN);
        values[k] = random.nextInt(8) == 0 ? null : key(types.get(k), number);
      }
      values[types.size()] = random.nextInt(10) == 0 ? null : random.nextInt(9);
      values[types.size() + 1] = i;
      all.add(Row.of(values));
    }
    return new Side(hold(schema, all), all);
  }

  private DataFrame hold(StructType schema, List<Row> rows) {
    List<RecordBatch> batches = new ArrayList<>();
    int middle = rows.size() / 3;
    for (List<Row> part : List.of(rows.subList(0, middle), rows.subList(middle, rows.size()))) {
      List<Row> padded = new ArrayList<>(Collections.nCopies(3, Row.of(nulls(schema.size()))));
      padded.addAll(part);
      try (RecordBatch whole = BatchBuilder.batch(schema, padded, session.allocator())) {
        batches.add(whole.slice(3, part.size(), session.allocator()));
      }
    }
    DataFrame held = session.engine().hold("side", schema, batches);
    batches.forEach(RecordBatch::close);
    return held;
  }

  private static @Nullable Object[] nulls(int size) {
    return new @Nullable Object[size];
  }

  private static Object key(String type, int number) {
    double floating =
        switch (number) {
          case 0 -> Double.NaN;
          case 1 -> 0.0;
          case 2 -> -0.0;
          default -> number / 4.0;
        };
    return switch (type) {
      case "INT" -> number * 7 - 50;
      case "BIGINT" -> number * 1_000_000_007L;
      case "STRING" -> (number % 2 == 0 ? "" : "more than eight bytes ") + number;
      case "DOUBLE" -> floating;
      case "FLOAT" -> (float) floating;
      case "BOOLEAN" -> number % 3 == 0;
      case "DATE" -> java.time.LocalDate.ofEpochDay(number % 5);
      case "SMALLINT" -> (short) (number % 3 - 1);
      case "TINYINT" -> (byte) (number % 2 - 1);
      case "DECIMAL(20,3)" -> new BigDecimal("12345678901234567.125").add(new BigDecimal(number));
      case "DECIMAL(8,2)" -> new BigDecimal(number % 4).setScale(2);
      default -> throw new AssertionError(type);
    };
  }

  @Test
  void aKeyWithAMillionRowsStaysLinear() {
    DataFrame build = session.range(1_000_000).select(lit(7).as("j"), col("id").as("v"));
    DataFrame probe = session.range(200).select(col("id").mod(100).as("k"), col("id"));

    // k = 7 comes twice: ids 7 and 107.
    DataFrame joined = probe.join(build, col("k").equalTo(col("j")), "inner");
    assertThat(joined.agg(count(lit(1)), max(col("v")), sum(col("id"))).collect())
        .containsExactly(Row.of(2_000_000L, 999_999L, 114_000_000L));
    assertThat(
            probe
                .join(build, col("k").equalTo(col("j")).and(col("v").lt(col("id"))), "left_anti")
                .agg(count(lit(1)))
                .collect())
        .containsExactly(Row.of(198L));
    assertThat(probe.join(build, col("k").equalTo(col("j")), "left_semi").collect())
        .containsExactlyInAnyOrder(Row.of(7L, 7L), Row.of(7L, 107L));
  }

  @Test
  void aProbeThatExplodesStaysWithinItsMemory() {
    try (Session small =
        Session.builder()
            .appName("small")
            .config("arrowmill.memory.limit", 48L << 20)
            .getOrCreate()) {
      DataFrame build = small.range(20_000).select(lit("k").as("j"), col("id").as("v"));
      DataFrame probe = small.range(2_000).select(lit("k").as("k"), col("id").as("u"));

      // 40 million pairs of two longs would be 640 MB.
      assertThat(
              probe
                  .join(build, col("k").equalTo(col("j")), "inner")
                  .agg(count(lit(1)), max(col("v")), max(col("u")))
                  .collect())
          .containsExactly(Row.of(40_000_000L, 19_999L, 1_999L));
    }
  }

  @Test
  void namesTheJoinThatDoesNotFitIntoMemory() {
    try (Session small =
        Session.builder()
            .appName("small")
            .config("arrowmill.memory.limit", 40L << 20)
            .getOrCreate()) {
      DataFrame build = small.range(3_000_000).select(col("id").multiply(1_000_003L).as("j"));
      DataFrame joined = small.range(10).join(build, col("id").equalTo(col("j")), "inner");

      assertThatThrownBy(joined::collect)
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("operator=HashJoin INNER")
          .hasMessageContaining("arrowmill.memory.limit")
          .extracting(e -> ((ArrowmillException) e).condition())
          .isEqualTo("MEMORY_LIMIT_EXCEEDED");
    }
  }

  @Test
  void joinsWithoutEqualKeysGoThroughAllPairs() {
    DataFrame left = session.range(300);
    DataFrame right = session.range(500).select(col("id").as("r"));

    // For each r, the lesser of r and 300 ids below it: 0 + ... + 299, then 200 times 300.
    assertThat(left.join(right, col("id").lt(col("r")), "inner").agg(count(lit(1))).collect())
        .containsExactly(Row.of(300L * 299 / 2 + 200 * 300));
  }
}
