package io.arrowmill.benchmarks.kernels;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.length;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.upper;

import io.arrowmill.Column;
import java.util.List;

/** The queries that compare and compute with text. */
final class TextQueries {
  static final KernelQuery EQUAL =
      counted("text-equal", col("page").equalTo("/item/123456"), "page = '/item/123456'");

  static final KernelQuery PREFIX =
      counted("text-prefix", col("page").startsWith("/item/77"), "page LIKE '/item/77%'");

  static final KernelQuery LIKE =
      counted("text-like", col("page").like("%9/det%l"), "page LIKE '%9/det%l'");

  static final KernelQuery LENGTH =
      new KernelQuery(
          "text-length",
          1.0,
          List.of(KernelTables.PAGES_1M),
          tables -> tables.of(KernelTables.PAGES_1M).agg(sum(length(col("page"))).as("characters")),
          "SELECT sum(length(page))::BIGINT AS characters FROM pages_1m",
          ResultColumn.parse("characters:BIGINT"),
          KernelWork.scan("page"));

  static final KernelQuery UPPER =
      new KernelQuery(
          "text-upper",
          1.0,
          List.of(KernelTables.PAGES_1M),
          tables -> tables.of(KernelTables.PAGES_1M).agg(max(upper(col("page"))).as("last")),
          "SELECT max(upper(page)) AS last FROM pages_1m",
          ResultColumn.parse("last:VARCHAR"),
          KernelWork.scan("page"));

  /** All of them, in the order in which they run. */
  static final List<KernelQuery> ALL = List.of(EQUAL, PREFIX, LIKE, LENGTH, UPPER);

  private TextQueries() {}

  private static KernelQuery counted(String label, Column condition, String sql) {
    return new KernelQuery(
        label,
        1.0,
        List.of(KernelTables.PAGES_1M),
        tables -> tables.of(KernelTables.PAGES_1M).where(condition).agg(count(lit(1)).as("n")),
        "SELECT count(*) AS n FROM pages_1m WHERE " + sql,
        ResultColumn.parse("n:BIGINT"),
        KernelWork.scan("page"));
  }
}
