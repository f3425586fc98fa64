package io.arrowmill.benchmarks.kernels;

import static io.arrowmill.benchmarks.kernels.TableColumn.choice;
import static io.arrowmill.benchmarks.kernels.TableColumn.date;
import static io.arrowmill.benchmarks.kernels.TableColumn.decimal;
import static io.arrowmill.benchmarks.kernels.TableColumn.fraction;
import static io.arrowmill.benchmarks.kernels.TableColumn.hash;
import static io.arrowmill.benchmarks.kernels.TableColumn.int32;
import static io.arrowmill.benchmarks.kernels.TableColumn.int64;
import static io.arrowmill.benchmarks.kernels.TableColumn.string;
import static io.arrowmill.benchmarks.kernels.TableColumn.time;

/**
 * The tables that are queried. Every value is a function of the row's number, so each run, engine
 * and machine sees the same ones.
 *
 * <p>Doubles are multiples of a small power of two, so that sums are exact in whatever order an
 * engine adds. No value is null, but every column may hold nulls, as one read from a file.
 */
final class KernelTables {
  /** Ad events: 1,000 ads, 3 types, 1 M users, 100 zones, one hour. */
  static final KernelTable EVENTS =
      KernelTable.of(
          "events",
          int64("ad_id", row -> hash(row, 0, 1_000)),
          int32("event_type", row -> hash(row, 1, 3)),
          time("event_time", row -> 1_760_000_000_000_000L + hash(row, 2, 3_600_000_000L)),
          int64("user_id", row -> hash(row, 3, 1_000_000)),
          int64("zone", row -> hash(row, 4, 100)),
          fraction("price", row -> hash(row, 5, 400), 4));

  /** The columns of TPC-H's Q6 as doubles. */
  static final KernelTable SALES =
      KernelTable.of(
          "sales",
          date("shipdate", row -> 8_036 + hash(row, 0, 2_526)),
          fraction("quantity", row -> 1 + hash(row, 1, 50), 1),
          fraction("extendedprice", row -> 3_600 + hash(row, 2, 400_000), 4),
          fraction("discount", row -> hash(row, 3, 11), 128));

  /** The columns of TPC-H's Q1: money in decimals, flags in strings. */
  static final KernelTable LINEITEM =
      KernelTable.of(
          "lineitem",
          string("returnflag", row -> choice(row, 0, "A", "N", "N", "R")),
          string("linestatus", row -> hash(row, 0, 4) == 1 ? "F" : "O"),
          decimal("quantity", row -> 100 * (1 + hash(row, 1, 50))),
          decimal("extendedprice", row -> 90_000 + hash(row, 2, 10_000_000)),
          decimal("discount", row -> hash(row, 3, 11)),
          decimal("tax", row -> hash(row, 4, 9)),
          date("shipdate", row -> 8_036 + hash(row, 5, 2_526)));

  /** Ten million keys. */
  static final KernelTable KEYS_10M =
      KernelTable.of(
          "keys_10m",
          int64("k", row -> hash(row, 0, 10_000_000)),
          int64("x", row -> hash(row, 1, 1_000)),
          fraction("price", row -> hash(row, 2, 400), 4));

  /** A thousand strings of 7 to 17 bytes. */
  static final KernelTable PAGES_1K =
      KernelTable.of(
          "pages_1k",
          string("page", row -> page(hash(row, 0, 1_000))),
          int64("x", row -> hash(row, 1, 1_000)),
          fraction("price", row -> hash(row, 2, 400), 4));

  /** A million strings of 7 to 20 bytes. */
  static final KernelTable PAGES_1M =
      KernelTable.of(
          "pages_1m",
          string("page", row -> page(hash(row, 0, 1_000_000))),
          int64("x", row -> hash(row, 1, 1_000)),
          fraction("price", row -> hash(row, 2, 400), 4));

  /** What {@link #EVENTS} joins to: every ad, once, in no order. */
  static final KernelTable ADS =
      KernelTable.fixed(
          "ads",
          1_000,
          int64("id", row -> row * 7_919 % 1_000),
          int64("campaign_id", row -> row * 7_919 % 100));

  /** Every user, once, in no order. */
  static final KernelTable USERS =
      KernelTable.fixed(
          "users",
          1_000_000,
          int64("id", row -> row * 7_919 % 1_000_000),
          int64("country", row -> hash(row, 1, 200)));

  private KernelTables() {}

  private static String page(long id) {
    return "/item/" + id + (id % 3 == 0 ? "/detail" : "");
  }
}
