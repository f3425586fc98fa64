package io.arrowmill;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.countDistinct;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.max;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.OutOfMemoryException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whichever piece of memory is refused, nothing is left of the query: each is run again and again,
 * with one allocation after the other refused.
 */
@Timeout(120)
class MemoryRefusedTest {
  @TempDir Path checkpoints = Path.of(".");

  enum Query {
    AGGREGATION("update") {
      @Override
      DataFrame of(Session session) {
        return rows(session).groupBy(col("value")).agg(count(lit(1)).as("n"));
      }
    },
    AGGREGATION_OF_TEXTS("update") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(expr("cast(value AS STRING)").as("k"), expr("value % 7").as("m"))
            .agg(
                countDistinct("timestamp").as("n"),
                max(expr("cast(value AS STRING)")).as("text"),
                expr("first(value)"));
      }
    },
    SORTED("complete") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(expr("value % 100").as("k"))
            .agg(max("value").as("m"))
            .orderBy("m");
      }
    },
    WINDOWS("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(window(col("timestamp"), "10 minutes"), col("value"))
            .agg(count(lit(1)).as("n"))
            .groupBy(col("window"))
            .agg(count(lit(1)).as("n"));
      }
    },
    SLIDING_WINDOWS("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(window(col("timestamp"), "10 minutes", "1 minute"), col("value"))
            .agg(count(lit(1)).as("n"));
      }
    },
    SLIDING_WINDOWS_UPDATED("update") {
      @Override
      DataFrame of(Session session) {
        return SLIDING_WINDOWS.of(session);
      }
    },
    SESSIONS("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(session_window(col("timestamp"), "5 seconds"), col("value"))
            .agg(count(lit(1)).as("n"));
      }
    },
    DEDUPLICATION("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session).dropDuplicatesWithinWatermark("value");
      }
    },
    DEDUPLICATION_OF_A_KEY("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session).selectExpr("value * value AS v").dropDuplicates("v");
      }
    },
    DEDUPLICATION_OF_TEXTS("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .selectExpr("cast(value AS STRING) AS v", "timestamp")
            .dropDuplicates("v", "timestamp");
      }
    },
    JOIN_OF_STREAMS("append") {
      @Override
      DataFrame of(Session session) {
        DataFrame other = rows(session).selectExpr("value AS v", "timestamp AS t");
        return rows(session).join(other, expr("value = v AND t = timestamp"), "inner");
      }
    },
    OUTER_JOIN_OF_STREAMS("append") {
      @Override
      DataFrame of(Session session) {
        DataFrame other = rows(session).selectExpr("value + 1 AS v", "timestamp AS t");
        return rows(session)
            .join(
                other,
                expr(
                    "value = v AND t >= timestamp AND t <= timestamp + INTERVAL 1 SECOND"
                        + " AND value % 3 < v % 5"),
                "leftOuter");
      }
    },
    JOIN_WITH_FUNCTIONS_OVER_WINDOWS("append") {
      @Override
      DataFrame of(Session session) {
        DataFrame table =
            session
                .range(1000)
                .selectExpr(
                    "id AS v",
                    "sum(id) OVER (PARTITION BY id % 7 ORDER BY id DESC ROWS 3 PRECEDING) AS s",
                    "lag(cast(id AS STRING), 2, 'none') OVER (PARTITION BY id % 7 ORDER BY id DESC)"
                        + " AS l",
                    "max(id) OVER (ORDER BY id % 5 RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS m",
                    "rank() OVER (ORDER BY id % 5) AS r");
        return rows(session).join(table, expr("value = v"), "inner");
      }
    },
    JOIN_WITH_A_TABLE("append") {
      @Override
      DataFrame of(Session session) {
        DataFrame table =
            session.range(1000).selectExpr("id * 2 AS v", "cast(id AS STRING) AS name");
        return rows(session)
            .join(table, expr("value = v AND length(name) > value % 2"), "leftOuter");
      }
    },
    LIMIT("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session).limit(10);
      }
    },
    STATE_FUNCTION("append") {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .select("value")
            .as(Long.class)
            .groupByKey(n -> n, Long.class)
            .<Long, Long>flatMapGroupsWithState(
                (key, values, state) -> {
                  state.update(key);
                  return values;
                },
                Long.class,
                Long.class,
                OutputMode.Append(),
                GroupStateTimeout.NoTimeout())
            .toDF();
      }
    };

    private final String mode;

    Query(String mode) {
      this.mode = mode;
    }

    abstract DataFrame of(Session session);
  }

  /** Refuses one allocation after it was told to. */
  private static final class Refusal implements AllocationListener {
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

    /** Lets so many allocations through and refuses the next one. */
    void after(long number) {
      left.set(number);
    }

    @Override
    public void onPreAllocation(long size) {
      if (left.getAndDecrement() == 0) {
        throw new OutOfMemoryException("memory is refused");
      }
    }

    boolean hasHappened() {
      return left.get() < 0;
    }
  }

  private static DataFrame rows(Session session) {
    return session
        .readStream()
        .format("rate-micro-batch")
        .option("rowsPerBatch", 2_000)
        .option("startTimestamp", 1_700_000_000_000L)
        .option("advanceMillisPerBatch", 3_600_000)
        .load()
        .withWatermark("timestamp", "0 seconds");
  }

  @ParameterizedTest
  @EnumSource
  void ofAStreamNothingIsLeft(Query query) {
    long refusals = 0;
    long number = 0;
    for (boolean refused = true; refused; number += 1 + number / 8) {
      Path checkpoint = checkpoints.resolve(query + "-" + number);
      Refusal refusal = new Refusal();
      try (Session session =
          Session.builder().config("arrowmill.workers", 2).allocations(refusal).getOrCreate()) {
        assertThat(fails(query.of(session), query.mode, checkpoint)).isFalse();
        refusal.after(number); // which may be while the state is read back
        boolean failed = fails(query.of(session), query.mode, checkpoint);
        refused = refusal.hasHappened();
        assertThat(failed).isEqualTo(refused);
        assertThat(session.allocator().getAllocatedMemory())
            .as("bytes left where allocation %d is refused", number)
            .isZero();
      } // whose closing is the leak check
      refusals++;
    }
    assertThat(refusals).isGreaterThan(5);
  }

  private static boolean fails(DataFrame frame, String mode, Path checkpoint) {
    try {
      StreamingQuery query =
          frame
              .writeStream()
              .outputMode(mode)
              .trigger(Trigger.Once())
              .option("checkpointLocation", checkpoint.toString())
              .format("noop")
              .start();
      query.awaitTermination();
      return false;
    } catch (ArrowmillException e) {
      assertThat(e).hasMessageContaining("[MEMORY_LIMIT_EXCEEDED] ");
      return true;
    }
  }

  enum BoundedQuery {
    AGGREGATION {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.groupBy("k").agg(max("text"), countDistinct("id"));
      }
    },
    SORT {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.orderBy("text");
      }
    },
    FIRST_ROWS {
      @Override
      DataFrame of(DataFrame rows) {
        return doubled(4, rows).orderBy(col("k").desc(), col("text")).limit(20);
      }
    },
    SORT_BY_SEVERAL_TASKS {
      @Override
      DataFrame of(DataFrame rows) {
        return doubled(7, rows).orderBy("text", "k").select("id").where("id = 7");
      }
    },
    FUNCTIONS_OVER_WINDOWS_BY_SEVERAL_TASKS {
      @Override
      DataFrame of(DataFrame rows) {
        return doubled(7, rows)
            .selectExpr("sum(id) OVER (PARTITION BY k, text ORDER BY time) AS s")
            .where("s % 1000 = 7");
      }
    },
    JOIN_OF_DENSE_KEYS {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.join(rows.selectExpr("k AS other", "id AS n"), expr("id = other"), "fullOuter");
      }
    },
    JOIN_OF_TEXTS {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.join(
            rows.selectExpr("text AS other", "id AS n"), expr("text = other AND n > k"), "inner");
      }
    },
    SLIDING_WINDOWS {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.groupBy(window(col("time"), "10 seconds", "1 second"), col("k"))
            .agg(count(lit(1)));
      }
    },
    SESSIONS {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.groupBy(session_window(col("time"), "5 seconds"), col("k")).agg(count(lit(1)));
      }
    },
    DEDUPLICATION {
      @Override
      DataFrame of(DataFrame rows) {
        return rows.dropDuplicates("k");
      }
    };

    abstract DataFrame of(DataFrame rows);

    private static DataFrame doubled(int times, DataFrame rows) {
      return times == 0 ? rows : doubled(times - 1, rows.union(rows));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofABoundedQueryNothingIsLeft(BoundedQuery query) {
    Refusal refusal = new Refusal();
    try (Session session =
        Session.builder().config("arrowmill.workers", 2).allocations(refusal).getOrCreate()) {
      DataFrame frame =
          query.of(
              session
                  .range(2_000)
                  .selectExpr(
                      "id",
                      "id % 700 AS k",
                      "cast(id AS STRING) AS text",
                      "timestamp_seconds(id) AS time"));
      long number = 0;
      for (boolean refused = true; refused; number += 1 + number / 8) {
        refusal.after(number);
        refused = isRefused(frame);
        assertThat(refused).isEqualTo(refusal.hasHappened());
        assertThat(session.allocator().getAllocatedMemory())
            .as("bytes left where allocation %d is refused", number)
            .isZero();
      }
      assertThat(number).isGreaterThan(5);
    } // whose closing is the leak check
  }

  private static boolean isRefused(DataFrame frame) {
    try {
      frame.collect();
      return false;
    } catch (ArrowmillException e) {
      assertThat(e).hasMessageContaining("[MEMORY_LIMIT_EXCEEDED] ");
      return true;
    }
  }
}
