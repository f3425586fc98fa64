package io.arrowmill.operator;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joins whose results keep some columns only, over more rows than a slice holds. */
class JoinTest {
  private final Session session = Session.builder().appName("joins").getOrCreate();

  @AfterEach
  void close() {
    session.close();
  }

  private DataFrame left() {
    return session.createDataFrame(
        List.of(Row.of(1, "a"), Row.of(2, "b"), Row.of(null, "c"), Row.of(3, "d")),
        StructType.fromDDL("k INT, l STRING"));
  }

  private DataFrame right() {
    return session.createDataFrame(
        List.of(Row.of(1, "x"), Row.of(1, "y"), Row.of(3, "z"), Row.of(null, "n"), Row.of(4, "w")),
        StructType.fromDDL("j INT, r STRING"));
  }

  private DataFrame joined(String type) {
    return left().join(right(), col("k").equalTo(col("j")), type);
  }

  @Test
  void innerJoinGivesColumnsOfEitherSideWithoutItsKeys() {
    assertThat(joined("inner").select(col("r")).collect())
        .containsExactlyInAnyOrder(Row.of("x"), Row.of("y"), Row.of("z"));
    assertThat(joined("inner").select(col("l")).collect())
        .containsExactlyInAnyOrder(Row.of("a"), Row.of("a"), Row.of("d"));
    assertThat(joined("inner").agg(count(lit(1))).collect()).containsExactly(Row.of(3L));
  }

  @Test
  void joinsByArraysAndStructs() {
    DataFrame lists = left().selectExpr("array(k, 7) AS lk", "named_struct('l', l) AS ls", "l");
    DataFrame others = left().selectExpr("array(k, 7) AS rk", "named_struct('l', l) AS rs", "k");
    assertThat(lists.join(others, col("lk").equalTo(col("rk"))).select(col("l")).collect())
        .containsExactlyInAnyOrder(Row.of("a"), Row.of("b"), Row.of("c"), Row.of("d"));
    assertThat(lists.join(others, col("ls").equalTo(col("rs")), "left").select(col("k")).collect())
        .containsExactlyInAnyOrder(Row.of(1), Row.of(2), Row.of((Object) null), Row.of(3));
  }

  @Test
  void outerJoinsKeepRowsWithoutAMatch() {
    assertThat(joined("left").select(col("r"), col("l")).collect())
        .containsExactlyInAnyOrder(
            Row.of("x", "a"),
            Row.of("y", "a"),
            Row.of(null, "b"),
            Row.of(null, "c"),
            Row.of("z", "d"));
    assertThat(joined("right").select(col("l"), col("r")).collect())
        .containsExactlyInAnyOrder(
            Row.of("a", "x"),
            Row.of("a", "y"),
            Row.of("d", "z"),
            Row.of(null, "n"),
            Row.of(null, "w"));
    assertThat(joined("full").select(col("r")).collect())
        .containsExactlyInAnyOrder(
            Row.of("x"),
            Row.of("y"),
            Row.of("z"),
            Row.of("n"),
            Row.of("w"),
            Row.of((Object) null),
            Row.of((Object) null));
  }

  @Test
  void semiAndAntiJoinsGiveEachRowOnce() {
    assertThat(joined("left_semi").select(col("l")).collect())
        .containsExactlyInAnyOrder(Row.of("a"), Row.of("d"));
    assertThat(joined("left_anti").select(col("l")).collect())
        .containsExactlyInAnyOrder(Row.of("b"), Row.of("c"));
  }

  @Test
  void filtersOnAColumnThatTheResultLeavesOut() {
    DataFrame kept =
        session
            .range(10_000)
            .select(col("id"), col("id").mod(7).as("seventh"))
            .where(col("seventh").equalTo(3))
            .select(col("id"));

    // 3, 10, 17, ... 9,999: 1,429 numbers whose mean is (3 + 9,999) / 2.
    assertThat(kept.agg(count(lit(1)), sum(col("id"))).collect())
        .containsExactly(Row.of(1_429L, 1_429L * 5_001L));
  }

  @Test
  void everyRowOfALargeBatchMatchesOnceOrAHundredTimes() {
    DataFrame probe = session.range(100_000).select(col("id"), col("id").mod(100).as("k"));
    DataFrame once = session.range(100).select(col("id").as("j"), col("id").multiply(2).as("two"));
    DataFrame often = session.range(10_000).select(col("id").mod(100).as("j"));

    // Each k from 0 to 99 comes 1,000 times: 1,000 * 2 * (0 + ... + 99).
    assertThat(
            probe
                .join(once, col("k").equalTo(col("j")), "inner")
                .agg(count(lit(1)), sum(col("two")), sum(col("id")))
                .collect())
        .containsExactly(Row.of(100_000L, 9_900_000L, 4_999_950_000L));
    assertThat(
            probe
                .join(often, col("k").equalTo(col("j")), "inner")
                .agg(count(lit(1)), sum(col("id")))
                .collect())
        .containsExactly(Row.of(10_000_000L, 499_995_000_000L));
  }
}
