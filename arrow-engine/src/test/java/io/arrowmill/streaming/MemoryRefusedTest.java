package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a query is doing when memory is refused, nothing is left of it. */
@Timeout(120)
class MemoryRefusedTest {
  @TempDir Path checkpoints = Path.of(".");

  enum Query {
    AGGREGATION {
      @Override
      DataFrame of(Session session) {
        return rows(session).groupBy(col("value")).agg(count(lit(1)).as("n"));
      }
    },
    SLIDING_WINDOWS {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(window(col("timestamp"), "10 minutes", "1 minute"), col("value"))
            .agg(count(lit(1)).as("n"));
      }
    },
    SESSIONS {
      @Override
      DataFrame of(Session session) {
        return rows(session)
            .groupBy(session_window(col("timestamp"), "5 seconds"), col("value"))
            .agg(count(lit(1)).as("n"));
      }
    },
    DEDUPLICATION {
      @Override
      DataFrame of(Session session) {
        return rows(session).dropDuplicatesWithinWatermark("value");
      }
    },
    JOIN {
      @Override
      DataFrame of(Session session) {
        DataFrame other = rows(session).selectExpr("value AS v", "timestamp AS t");
        return rows(session).join(other, expr("value = v AND t = timestamp"), "inner");
      }
    },
    STATE_FUNCTION {
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

    abstract DataFrame of(Session session);

    String mode() {
      return this == AGGREGATION ? "update" : "append";
    }

    private static DataFrame rows(Session session) {
      return session
          .readStream()
          .format("rate-micro-batch")
          .option("rowsPerBatch", 30_000)
          .option("startTimestamp", 1_700_000_000_000L)
          .load()
          .withWatermark("timestamp", "0 seconds");
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAnOperatorNothingIsLeft(Query query) {
    refuse(query, "arrowmill.memory.operatorLimit", 1_000);
  }

  @ParameterizedTest
  @EnumSource
  void ofAQueryNothingIsLeft(Query query) {
    refuse(query, "arrowmill.memory.queryLimit", 50_000);
  }

  private void refuse(Query query, String setting, long least) {
    int refusals = 0;
    for (long limit = least; limit < 4_000_000; limit += limit * 2 / 3) {
      Path checkpoint = checkpoints.resolve(query + "-" + limit);
      try (Session session =
          Session.builder().config(setting, limit).config("arrowmill.workers", 2).getOrCreate()) {
        refusals += isRefused(query.of(session), query.mode(), checkpoint) ? 1 : 0;
        assertThat(session.allocator().getAllocatedMemory())
            .as("bytes left with %s=%d", setting, limit)
            .isZero();
      } // whose closing is the leak check
    }
    assertThat(refusals).isGreaterThan(5);
  }

  private static boolean isRefused(DataFrame frame, String mode, Path checkpoint) {
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
      assertThat(e).hasMessageContaining("[MEMORY_LIMIT_EXCEEDED] ").hasMessageContaining("limit=");
      return true;
    }
  }
}
