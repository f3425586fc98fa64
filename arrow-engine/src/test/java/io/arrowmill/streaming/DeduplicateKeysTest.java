package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Integer keys, dense and sparse ones, over restarts, held against a set that does the same. */
@Timeout(120)
class DeduplicateKeysTest {
  private static final int BATCHES = 24;

  private final long seed = new Random().nextLong(1_000_000_000);
  private final Random random = new Random(seed);

  @TempDir Path checkpoint;

  /** What keys are like; each is mixed with some others and null. */
  enum Keys {
    DENSE,
    IN_ORDER,
    SPARSE,
    INTS;

    private DataType type() {
      return this == INTS ? DataTypes.INTEGER : DataTypes.LONG;
    }

    private @Nullable Object next(Random random, long row) {
      if (random.nextInt(500) == 0) {
        return null;
      }
      boolean stray = random.nextInt(20) == 0;
      return switch (this) {
        case DENSE -> stray ? random.nextLong() : random.nextLong(200_000) - 100_000;
        case IN_ORDER -> stray ? random.nextLong() : row - random.nextInt(100);
        case SPARSE -> stray ? random.nextLong(100) : random.nextLong() | (1L << 40);
        case INTS -> stray ? random.nextInt() : random.nextInt(50_000);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Keys.class)
  void givesEachKeyOnce(Keys keys) {
    System.out.println("seed: " + seed);
    StructType schema = StructType.of(DataTypes.field("k", keys.type()));
    Set<@Nullable Object> known = new HashSet<>();
    try (RestartedQuery query =
        new RestartedQuery(schema, events -> events.dropDuplicates("k"), "append", checkpoint)) {
      long row = 0;
      for (int batch = 0; batch < BATCHES; batch++) {
        if (random.nextInt(6) == 0) {
          query.restart();
        }
        List<Row> rows = new ArrayList<>();
        Set<@Nullable Object> expected = new HashSet<>();
        for (int i = random.nextInt(10_000); i >= 0; i--) {
          Object key = keys.next(random, row++);
          rows.add(Row.withSchema(schema, Arrays.asList(key)));
          if (known.add(key)) {
            expected.add(key);
          }
        }
        List<@Nullable Object> given = new ArrayList<>();
        query.process(List.of(rows)).forEach(of -> given.add(of.get(0)));
        assertThat(given).as("seed=%s, batch=%s", seed, batch).hasSize(expected.size());
        assertThat(new HashSet<>(given)).as("seed=%s, batch=%s", seed, batch).isEqualTo(expected);
        assertThat(query.state().numRowsTotal()).isEqualTo(known.size());
        assertThat(query.state().numRowsUpdated()).isEqualTo(expected.size());
      }
    }
  }
}
