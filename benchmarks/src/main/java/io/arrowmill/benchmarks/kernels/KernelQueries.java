package io.arrowmill.benchmarks.kernels;

import static io.arrowmill.Functions.avg;
import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.window;

import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.kernels.KernelQuery.HeldTables;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The queries that are measured. */
final class KernelQueries {
  /** Keeps a sixth of the rows. */
  static final KernelQuery FILTER_PROJECT =
      new KernelQuery(
          "filter-project",
          3.0,
          List.of(KernelTables.EVENTS),
          tables ->
              tables
                  .of(KernelTables.EVENTS)
                  .where(col("event_type").equalTo(0).and(col("price").geq(50)))
                  .select(col("ad_id"), col("price").multiply(1.25).as("value")),
          "SELECT ad_id, price * 1.25::DOUBLE AS value FROM events"
              + " WHERE event_type = 0 AND price >= 50",
          ResultColumn.parse("ad_id:BIGINT value:DOUBLE"),
          KernelWork.scan("event_type", "price", "ad_id"));

  static final KernelQuery FILTER_HALF =
      new KernelQuery(
          "filter-half",
          2.0,
          List.of(KernelTables.EVENTS),
          tables ->
              tables
                  .of(KernelTables.EVENTS)
                  .where(col("price").lt(50))
                  .select(col("ad_id"), col("user_id"), col("zone")),
          "SELECT ad_id, user_id, zone FROM events WHERE price < 50",
          ResultColumn.parse("ad_id:BIGINT user_id:BIGINT zone:BIGINT"),
          KernelWork.scan("price", "ad_id", "user_id", "zone"));

  static final KernelQuery Q6 =
      new KernelQuery(
          "q6",
          2.0,
          List.of(KernelTables.SALES),
          tables ->
              tables
                  .of(KernelTables.SALES)
                  .where(
                      col("shipdate")
                          .geq(LocalDate.of(1994, 1, 1))
                          .and(col("shipdate").lt(LocalDate.of(1995, 1, 1)))
                          .and(col("discount").between(0.03125, 0.0546875))
                          .and(col("quantity").lt(24)))
                  .agg(sum(col("extendedprice").multiply(col("discount"))).as("revenue")),
          "SELECT sum(extendedprice * discount) AS revenue FROM sales"
              + " WHERE shipdate >= DATE '1994-01-01' AND shipdate < DATE '1995-01-01'"
              + " AND discount BETWEEN 0.03125::DOUBLE AND 0.0546875::DOUBLE AND quantity < 24",
          ResultColumn.parse("revenue:DOUBLE"),
          KernelWork.scan("shipdate", "discount", "quantity", "extendedprice"));

  static final KernelQuery GROUP_1K =
      new KernelQuery(
          "group-1k",
          1.3,
          List.of(KernelTables.EVENTS),
          tables -> grouped(tables.of(KernelTables.EVENTS), "user_id", "ad_id"),
          groupedSql("events", "user_id", "ad_id"),
          ResultColumn.parse("ad_id:BIGINT n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(32, "ad_id", "price", "user_id"));

  static final KernelQuery GROUP_1M =
      new KernelQuery(
          "group-1m",
          1.5,
          List.of(KernelTables.EVENTS),
          tables -> grouped(tables.of(KernelTables.EVENTS), "ad_id", "user_id"),
          groupedSql("events", "ad_id", "user_id"),
          ResultColumn.parse("user_id:BIGINT n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(32, "user_id", "price", "ad_id"));

  static final KernelQuery GROUP_10M =
      new KernelQuery(
          "group-10m",
          1.3,
          List.of(KernelTables.KEYS_10M),
          tables -> grouped(tables.of(KernelTables.KEYS_10M), "x", "k"),
          groupedSql("keys_10m", "x", "k"),
          ResultColumn.parse("k:BIGINT n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(32, "k", "price", "x"));

  /** 100,000 groups. */
  static final KernelQuery GROUP_TWO_KEYS =
      new KernelQuery(
          "group-two-keys",
          1.3,
          List.of(KernelTables.EVENTS),
          tables -> grouped(tables.of(KernelTables.EVENTS), "user_id", "ad_id", "zone"),
          groupedSql("events", "user_id", "ad_id", "zone"),
          ResultColumn.parse("ad_id:BIGINT zone:BIGINT n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(40, "ad_id", "zone", "price", "user_id"));

  static final KernelQuery GROUP_STRING_1K =
      new KernelQuery(
          "group-string-1k",
          1.0,
          List.of(KernelTables.PAGES_1K),
          tables -> grouped(tables.of(KernelTables.PAGES_1K), "x", "page"),
          groupedSql("pages_1k", "x", "page"),
          ResultColumn.parse("page:VARCHAR n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(48, "page", "price", "x"));

  static final KernelQuery GROUP_STRING_1M =
      new KernelQuery(
          "group-string-1m",
          1.0,
          List.of(KernelTables.PAGES_1M),
          tables -> grouped(tables.of(KernelTables.PAGES_1M), "x", "page"),
          groupedSql("pages_1m", "x", "page"),
          ResultColumn.parse("page:VARCHAR n:BIGINT total:DOUBLE top:BIGINT"),
          KernelWork.group(48, "page", "price", "x"));

  /** Averages of decimals are decimals here and doubles in DuckDB: compared to six places. */
  static final KernelQuery Q1 =
      new KernelQuery(
          "q1",
          1.0,
          List.of(KernelTables.LINEITEM),
          tables -> q1(tables.of(KernelTables.LINEITEM)),
          """
          SELECT returnflag, linestatus,
                 sum(quantity) AS sum_qty,
                 sum(extendedprice) AS sum_base_price,
                 sum(extendedprice * (1 - discount)) AS sum_disc_price,
                 sum(extendedprice * (1 - discount) * (1 + tax)) AS sum_charge,
                 avg(quantity) AS avg_qty,
                 avg(extendedprice) AS avg_price,
                 avg(discount) AS avg_disc,
                 count(*) AS count_order
          FROM lineitem WHERE shipdate <= DATE '1998-09-02' GROUP BY returnflag, linestatus\
          """,
          ResultColumn.parse(
              "returnflag:VARCHAR linestatus:VARCHAR sum_qty:DECIMAL(38,2)"
                  + " sum_base_price:DECIMAL(38,2) sum_disc_price:DECIMAL(38,4)"
                  + " sum_charge:DECIMAL(38,6) avg_qty:DECIMAL(18,6) avg_price:DECIMAL(18,6)"
                  + " avg_disc:DECIMAL(18,6) count_order:BIGINT"),
          KernelWork.group(
              112,
              "shipdate",
              "returnflag",
              "linestatus",
              "quantity",
              "extendedprice",
              "discount",
              "tax"));

  static final KernelQuery JOIN_1K =
      new KernelQuery(
          "join-1k",
          1.2,
          List.of(KernelTables.EVENTS, KernelTables.ADS),
          tables -> joinedCount(tables, "ad_id", KernelTables.ADS),
          "SELECT count(*) AS n FROM events JOIN ads ON ad_id = id",
          ResultColumn.parse("n:BIGINT"),
          KernelWork.group(8, "ad_id"));

  static final KernelQuery JOIN_1M =
      new KernelQuery(
          "join-1m",
          1.2,
          List.of(KernelTables.EVENTS, KernelTables.USERS),
          tables -> joinedCount(tables, "user_id", KernelTables.USERS),
          "SELECT count(*) AS n FROM events JOIN users ON user_id = id",
          ResultColumn.parse("n:BIGINT"),
          KernelWork.group(8, "user_id"));

  static final KernelQuery CAMPAIGN =
      new KernelQuery(
          "campaign",
          1.5,
          List.of(KernelTables.EVENTS, KernelTables.ADS),
          KernelQueries::campaign,
          "SELECT campaign_id, number * 10 AS start, n FROM ("
              + "SELECT campaign_id, epoch_us(event_time) // 10_000_000 AS number, count(*) AS n"
              + " FROM events JOIN ads ON ad_id = id WHERE event_type = 0 GROUP BY ALL)",
          ResultColumn.parse("campaign_id:BIGINT start:BIGINT n:BIGINT"),
          new KernelWork(List.of("event_type", "ad_id", "event_time"), 2 / 3.0, 24));

  /** All of them, in the order in which they run. */
  static final List<KernelQuery> ALL =
      Stream.concat(
              Stream.of(
                  FILTER_PROJECT,
                  FILTER_HALF,
                  Q6,
                  GROUP_1K,
                  GROUP_1M,
                  GROUP_10M,
                  GROUP_TWO_KEYS,
                  GROUP_STRING_1K,
                  GROUP_STRING_1M,
                  Q1,
                  JOIN_1K,
                  JOIN_1M,
                  CAMPAIGN),
              TextQueries.ALL.stream())
          .toList();

  private KernelQueries() {}

  /**
   * The query with a label.
   *
   * @throws BenchmarkException if there is none
   */
  static KernelQuery of(String label) {
    return ALL.stream()
        .filter(query -> query.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new BenchmarkException(
                "benchmark must be known: name="
                    + label
                    + "; use one of "
                    + ALL.stream().map(KernelQuery::label).collect(Collectors.joining(", "))));
  }

  private static DataFrame grouped(DataFrame rows, String top, String... keys) {
    Column[] columns = Arrays.stream(keys).map(key -> col(key)).toArray(Column[]::new);
    return rows.groupBy(columns)
        .agg(count(lit(1)).as("n"), sum(col("price")).as("total"), max(col(top)).as("top"));
  }

  private static String groupedSql(String table, String top, String... keys) {
    String by = String.join(", ", keys);
    return "SELECT %s, count(*) AS n, sum(price) AS total, max(%s) AS top FROM %s GROUP BY %s"
        .formatted(by, top, table, by);
  }

  private static DataFrame q1(DataFrame lines) {
    Column discounted = col("extendedprice").multiply(lit(1).minus(col("discount")));
    return lines
        .where(col("shipdate").leq(LocalDate.of(1998, 9, 2)))
        .groupBy(col("returnflag"), col("linestatus"))
        .agg(
            sum(col("quantity")).as("sum_qty"),
            sum(col("extendedprice")).as("sum_base_price"),
            sum(discounted).as("sum_disc_price"),
            sum(discounted.multiply(lit(1).plus(col("tax")))).as("sum_charge"),
            avg(col("quantity")).as("avg_qty"),
            avg(col("extendedprice")).as("avg_price"),
            avg(col("discount")).as("avg_disc"),
            count(lit(1)).as("count_order"));
  }

  private static DataFrame joinedCount(HeldTables tables, String key, KernelTable build) {
    return tables
        .of(KernelTables.EVENTS)
        .join(tables.of(build), col(key).equalTo(col("id")), "inner")
        .agg(count(lit(1)).as("n"));
  }

  private static DataFrame campaign(HeldTables tables) {
    return tables
        .of(KernelTables.EVENTS)
        .where(col("event_type").equalTo(0))
        .join(tables.of(KernelTables.ADS), col("ad_id").equalTo(col("id")), "inner")
        .groupBy(col("campaign_id"), window(col("event_time"), "10 seconds"))
        .agg(count(lit(1)).as("n"))
        .select(col("campaign_id"), col("window.start").cast("bigint").as("start"), col("n"));
  }
}
