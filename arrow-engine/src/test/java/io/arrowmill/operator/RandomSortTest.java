package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows in several batches, some of which are empty or begin in the middle of a larger one, come in
 * the order of Java's stable sort by a comparator.
 */
class RandomSortTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id INT, b BOOLEAN, y TINYINT, s SMALLINT, i INT, n BIGINT, f FLOAT, d DOUBLE,"
              + " m DECIMAL(18,2), w DECIMAL(38,0), t STRING, x BINARY, dt DATE, ts TIMESTAMP,"
              + " z TIMESTAMP_NTZ, v INTERVAL DAY TO SECOND, a ARRAY<STRING>,"
              + " r STRUCT<p: DOUBLE, q: STRING>");

  static LongStream seeds() {
    Long seed = Long.getLong("arrowmill.seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.rangeClosed(1, Integer.getInteger("arrowmill.cases", 150));
  }

  static LongStream fewSeeds() {
    Long seed = Long.getLong("arrowmill.seed");
    return seed != null ? LongStream.of(seed) : LongStream.rangeClosed(1, 12);
  }

  /** One of the keys of an order. */
  private record Key(int column, boolean ascending, boolean nullsFirst) {
    String sql() {
      return SCHEMA.field(column).name()
          + (ascending ? " ASC" : " DESC")
          + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
    }

    int compare(Row left, Row right) {
      Object a = left.get(column);
      Object b = right.get(column);
      if (a == null || b == null) {
        int nullLeast = Boolean.compare(a != null, b != null);
        return nullsFirst ? nullLeast : -nullLeast;
      }
      return ascending ? values(a, b) : values(b, a);
    }
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void givesTheOrderOfAComparator(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] counts = {0, 1, 2, 24, 25, 64, 65, 66, 300, 3_000, 3_000, 20_000};
    check(seed, random, counts[random.nextInt(counts.length)], 1);
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("fewSeeds")
  void soDoesASortOfManyRows(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    check(seed, random, 131_072 + random.nextInt(70_000), random.nextBoolean() ? 1 : 3);
  }

  private static void check(long seed, SplittableRandom random, int count, int workers) {
    List<Row> rows = rows(random, count, 1 + random.nextInt(random.nextBoolean() ? 20 : 4_000));
    List<Key> keys = new ArrayList<>();
    for (int k = 0; k < 1 + random.nextInt(3); k++) {
      int column = 1 + random.nextInt(SCHEMA.size() - 1);
      keys.add(new Key(column, random.nextBoolean(), random.nextBoolean()));
    }
    if (workers > 1) { // rows come in any order, so no two may be equal
      keys.add(new Key(0, random.nextBoolean(), true));
    }
    String orderBy = " ORDER BY " + String.join(", ", keys.stream().map(Key::sql).toList());
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + orderBy + " of " + count;
    Comparator<Row> order =
        keys.stream()
            .map(key -> (Comparator<Row>) key::compare)
            .reduce(Comparator::thenComparing)
            .orElseThrow();
    List<Integer> expected = rows.stream().sorted(order).map(RandomSortTest::id).toList();
    int limit = random.nextInt(random.nextBoolean() ? 10 : count + 2);
    try (Session session = Session.builder().config("arrowmill.workers", workers).getOrCreate()) {
      hold(session, rows, random).createOrReplaceTempView("t");
      assertThat(ids(session, "SELECT id FROM t" + orderBy)).as(reproduce).isEqualTo(expected);
      assertThat(ids(session, "SELECT id FROM t" + orderBy + " LIMIT " + limit))
          .as(reproduce + " LIMIT " + limit)
          .isEqualTo(expected.subList(0, Math.min(limit, count)));
      List<Row> numbered =
          session.sql("SELECT row_number() OVER (%s), id FROM t".formatted(orderBy)).collect();
      assertThat(numbered.stream().map(row -> row.getInt(1)).toList())
          .as(reproduce + " over")
          .isEqualTo(expected);
      assertThat(numbered.stream().map(RandomSortTest::id).toList())
          .isEqualTo(IntStream.rangeClosed(1, count).boxed().toList());
    }
  }

  private static int id(Row row) {
    return row.getInt(0);
  }

  private static List<Integer> ids(Session session, String sql) {
    return session.sql(sql).collect().stream().map(RandomSortTest::id).toList();
  }

  /** Batches of the rows, each a slice of a larger one, and empty ones between them. */
  private static DataFrame hold(Session session, List<Row> rows, SplittableRandom random) {
    List<RecordBatch> batches = new ArrayList<>();
    try {
      for (int from = 0; from < rows.size() || from == 0; ) {
        int to = Math.min(rows.size(), from + random.nextInt(random.nextBoolean() ? 70 : 9_000));
        int before = Math.min(from, random.nextInt(66));
        List<Row> larger = rows.subList(from - before, to);
        try (RecordBatch whole = BatchBuilder.batch(SCHEMA, larger, session.allocator())) {
          batches.add(whole.slice(before, to - from, session.allocator()));
        }
        from = rows.isEmpty() ? 1 : to;
      }
      return session.engine().hold("held", SCHEMA, batches);
    } finally {
      batches.forEach(RecordBatch::close);
    }
  }

  /** Rows of so many different values of each column, at most. */
  private static List<Row> rows(SplittableRandom random, int count, int different) {
    List<List<Object>> pools = new ArrayList<>();
    for (int column = 0; column < SCHEMA.size(); column++) {
      List<Object> pool = new ArrayList<>();
      for (int i = 0; i < Math.min(different, 1 + count); i++) {
        pool.add(value(SCHEMA.field(column).name(), random));
      }
      pools.add(pool);
    }
    int nullOf = random.nextBoolean() ? 7 : Integer.MAX_VALUE;
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      @Nullable Object[] values = new @Nullable Object[SCHEMA.size()];
      for (int column = 1; column < values.length; column++) {
        List<Object> pool = pools.get(column);
        values[column] = random.nextInt(nullOf) == 0 ? null : pool.get(random.nextInt(pool.size()));
      }
      values[0] = id;
      rows.add(Row.withSchema(SCHEMA, Arrays.asList(values)));
    }
    return rows;
  }

  private static Object value(String column, SplittableRandom random) {
    return switch (column) {
      case "id" -> 0;
      case "b" -> random.nextBoolean();
      case "y" -> (byte) random.nextInt(256);
      case "s" -> (short) whole(random);
      case "i" -> (int) whole(random);
      case "n" -> whole(random);
      case "f" -> (float) floating(random);
      case "d" -> floating(random);
      case "m" -> BigDecimal.valueOf(whole(random) % 1_000_000_000_000_000_000L, 2);
      case "w" ->
          new BigDecimal(
              BigInteger.valueOf(whole(random)).multiply(BigInteger.valueOf(whole(random) >> 3)));
      case "t" -> text(random);
      case "x" -> text(random).getBytes(StandardCharsets.UTF_8);
      case "dt" -> LocalDate.ofEpochDay(random.nextInt(-800, 20_000));
      case "ts" -> instant(random);
      case "z" -> LocalDateTime.ofInstant(instant(random), ZoneOffset.UTC);
      case "v" -> Duration.ofMillis(whole(random) % 1_000_000_000);
      case "a" ->
          Arrays.asList(text(random), random.nextInt(3) == 0 ? null : text(random))
              .subList(0, random.nextInt(3));
      case "r" -> Row.of(random.nextInt(4) == 0 ? null : floating(random), text(random));
      default -> throw new IllegalStateException(column);
    };
  }

  private static long whole(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
      default -> random.nextInt(-300, 300);
    };
  }

  private static double floating(SplittableRandom random) {
    double[] some = {
      0.0,
      -0.0,
      1.5,
      -2.25,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.longBitsToDouble(-1L)
    };
    return random.nextBoolean() ? some[random.nextInt(some.length)] : random.nextInt(-99, 99) / 8.0;
  }

  /** Short ones, ends of words among them, and such that begin alike over many words. */
  private static String text(SplittableRandom random) {
    String[] parts = {"", "a", "\0", "b", "ab", "é", "日本", "😀", "\uFFFD", "abcdefg", "a\0"};
    StringBuilder text = new StringBuilder();
    if (random.nextInt(3) == 0) {
      text.append("seventy bytes, ".repeat(random.nextInt(6)));
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static Instant instant(SplittableRandom random) {
    return Instant.ofEpochSecond(random.nextInt(-90_000, 90_000), random.nextInt(3) * 1_000L);
  }

  /** SQL's order of two values of a type. */
  private static int values(Object a, Object b) {
    return switch (a) {
      case Float number -> values((double) number, (double) (Float) b);
      case Double number -> {
        double x = number;
        double y = (Double) b;
        yield x < y ? -1 : x > y ? 1 : Boolean.compare(Double.isNaN(x), Double.isNaN(y));
      }
      case String text ->
          Arrays.compareUnsigned(
              text.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) b);
      case List<?> list -> lists(list, (List<?>) b);
      case Row row -> lists(row.values(), ((Row) b).values());
      case Comparable<?> other -> {
        @SuppressWarnings("unchecked")
        Comparable<Object> comparable = (Comparable<Object>) other;
        yield comparable.compareTo(b);
      }
      default -> throw new IllegalStateException(a.toString());
    };
  }

  private static int lists(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      int order = x == null || y == null ? Boolean.compare(x != null, y != null) : values(x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
