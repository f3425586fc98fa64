package io.arrowmill.benchmarks.kernels;

import static io.arrowmill.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.benchmarks.BenchmarkException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/** Runs every query at a size at which only the answers matter. */
class KernelQueriesTest {
  static List<KernelQuery> queries() {
    return KernelQueries.ALL;
  }

  @ParameterizedTest
  @MethodSource("queries")
  void bothEnginesGiveTheSameAnswer(KernelQuery query) throws Exception {
    // More than one batch, and a last one that is not full.
    try (KernelPair pair = KernelPair.open(query, 70_001)) {
      pair.runArrowmill();
      assertThat(pair.runDuckDb()).isNotNull();
    }
  }

  @Test
  void refusesAnAnswerWithOneWrongValue() {
    KernelQuery right = KernelQueries.GROUP_1K;
    KernelQuery wrong =
        new KernelQuery(
            right.label(),
            right.goal(),
            right.tables(),
            right.frame(),
            right.duckDbSql().replace("count(*)", "count(*) + (ad_id = 7)::BIGINT"),
            right.columns(),
            right.work());

    assertThatThrownBy(() -> KernelPair.open(wrong, 5_000).close())
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("engines must give the same answer: benchmark=group-1k")
        .hasMessageContaining("only_arrowmill={'ad_id': 7,")
        .hasMessageContaining("nothing is timed");
  }

  @Test
  void refusesAMissingRow() {
    KernelQuery right = KernelQueries.FILTER_HALF;
    KernelQuery wrong =
        new KernelQuery(
            right.label(),
            right.goal(),
            right.tables(),
            held -> right.frame().apply(held).where(col("user_id").notEqual(1_234)),
            right.duckDbSql(),
            right.columns(),
            right.work());

    assertThatThrownBy(() -> KernelPair.open(wrong, 2_000_000).close())
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("only_arrowmill=none, only_duckdb={'ad_id':");
  }

  @Test
  void jmhOffersEveryQuery() throws Exception {
    Param labels = KernelBenchmarks.Prepared.class.getField("query").getAnnotation(Param.class);

    assertThat(Arrays.asList(labels.value()))
        .containsExactlyElementsOf(KernelQueries.ALL.stream().map(KernelQuery::label).toList());
  }
}
