package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of all kinds come in the order in which Spark gives them, all or the first of them. */
final class RandomOrdersTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "b BOOLEAN, y TINYINT, s SMALLINT, i INT, n BIGINT, f FLOAT, d DOUBLE, m DECIMAL(8,2),"
              + " w DECIMAL(38,4), t STRING, x BINARY, dt DATE, ts TIMESTAMP, z TIMESTAMP_NTZ,"
              + " a ARRAY<STRING>, r STRUCT<p: DOUBLE, q: STRING>, o ARRAY<STRUCT<p: INT>>,"
              + " id INT");

  private static final List<String> COMPUTED =
      List.of("i % 3", "-d", "concat('a common beginning of texts ', t)", "struct(i, t)");

  private static Session session;
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
    session = Session.builder().appName("orders").config("arrowmill.workers", 2).getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(60));
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void areThoseOfSpark(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = rows(random);
    String sql = sql(random);
    session.createDataFrame(rows, SCHEMA).createOrReplaceTempView("ordered");
    spark
        .createDataFrame(rows.stream().map(SparkRows::toSpark).toList(), SparkRows.schema(SCHEMA))
        .createOrReplaceTempView("ordered");
    List<String> expected =
        spark.sql(sql).collectAsList().stream()
            .map(row -> RowText.of(SparkRows.fromSpark(row)))
            .toList();
    assertThat(session.sql(sql).collect().stream().map(RowText::of).toList())
        .as("reproduce with -Darrowmill.seed=" + seed + "\n" + sql)
        .isEqualTo(expected);
  }

  private static List<Row> rows(SplittableRandom random) {
    int[] sizes = {0, 1, 2, 20, 63, 64, 65, 300, 2000};
    RandomValues values = new RandomValues(random);
    List<Row> rows = new ArrayList<>();
    for (Row row : values.rows(SCHEMA, sizes[random.nextInt(sizes.length)])) {
      List<@Nullable Object> numbered = new ArrayList<>(row.values());
      numbered.set(SCHEMA.size() - 1, rows.size());
      rows.add(Row.withSchema(SCHEMA, numbered));
    }
    return rows;
  }

  /** The last key leaves no two rows equal. */
  private static String sql(SplittableRandom random) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      int column = random.nextInt(SCHEMA.size() - 1 + COMPUTED.size());
      String key =
          column < COMPUTED.size()
              ? COMPUTED.get(column)
              : SCHEMA.field(column - COMPUTED.size()).name();
      keys.add(key + direction(random));
    }
    keys.add("id" + direction(random));
    String limit = random.nextBoolean() ? "" : " LIMIT " + random.nextInt(100);
    return "SELECT id, i, t FROM ordered ORDER BY " + String.join(", ", keys) + limit;
  }

  private static String direction(SplittableRandom random) {
    List<String> all = List.of("", " DESC", " NULLS LAST", " DESC NULLS FIRST", " ASC NULLS FIRST");
    return all.get(random.nextInt(all.size()));
  }
}
