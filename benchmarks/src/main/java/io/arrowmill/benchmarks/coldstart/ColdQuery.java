package io.arrowmill.benchmarks.coldstart;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.sum;

import io.arrowmill.DataFrame;

/** A query whose first batch is timed, in the order in which a process runs them. */
enum ColdQuery {
  /** The first one of the JVM: it loads the engine, and has an expression too. */
  FIRST_OF_JVM("first query of the JVM") {
    @Override
    DataFrame of(DataFrame events) {
      return events.where(col("user_id").lt(500)).select(col("ad_id").plus(1).as("next"));
    }
  },
  FILTER_PROJECT("filter, project") {
    @Override
    DataFrame of(DataFrame events) {
      return events
          .where(col("event_type").equalTo(0).and(col("price").geq(50)))
          .select(col("ad_id"), col("price").multiply(1.25).as("value"));
    }
  },
  GROUP("filter, group, count, sum, max") {
    @Override
    DataFrame of(DataFrame events) {
      return events
          .where(col("price").lt(80))
          .groupBy(col("ad_id").mod(10).as("k"))
          .agg(
              count(lit(1)).as("n"),
              sum(col("price").multiply(col("user_id"))).as("total"),
              max(col("user_id")).as("top"));
    }
  },
  TEXT("filter and project text") {
    @Override
    DataFrame of(DataFrame events) {
      return events.selectExpr("upper(name) AS name", "length(name) AS size").where("size > 5");
    }
  };

  private final String title;

  ColdQuery(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** The query over {@link ColdStartChild}'s events. */
  abstract DataFrame of(DataFrame events);
}
