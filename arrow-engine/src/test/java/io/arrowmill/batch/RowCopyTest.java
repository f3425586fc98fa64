package io.arrowmill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.kernel.Gather;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values of nested types are copied whole, also by several threads from one vector. */
class RowCopyTest {
  private static final int ROWS = 500;
  private static final StructType INNER =
      new StructType().add("n", DataTypes.LONG).add("texts", DataTypes.array(DataTypes.STRING));
  private static final StructType SCHEMA =
      new StructType()
          .add("list", DataTypes.array(DataTypes.STRING))
          .add("lists", DataTypes.array(DataTypes.array(DataTypes.INTEGER)))
          .add("struct", INNER)
          .add("structs", DataTypes.array(INNER))
          .add("map", DataTypes.map(DataTypes.STRING, DataTypes.array(DataTypes.BOOLEAN)))
          .add("nothing", DataTypes.NULL)
          .add("long", DataTypes.LONG);

  private static <T> @Nullable List<@Nullable T> list(
      SplittableRandom random, java.util.function.Supplier<@Nullable T> element) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    List<@Nullable T> values = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      values.add(element.get());
    }
    return values;
  }

  private static @Nullable String text(SplittableRandom random) {
    return random.nextInt(5) == 0 ? null : "t".repeat(random.nextInt(12)) + random.nextInt(100);
  }

  private static @Nullable Integer number(SplittableRandom random) {
    return random.nextInt(5) == 0 ? null : random.nextInt();
  }

  private static @Nullable Row inner(SplittableRandom random) {
    return random.nextInt(5) == 0
        ? null
        : Row.of(
            random.nextInt(5) == 0 ? null : random.nextLong(), list(random, () -> text(random)));
  }

  private static @Nullable Map<String, @Nullable Object> map(SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      map.put("k" + i, list(random, () -> random.nextInt(4) == 0 ? null : random.nextBoolean()));
    }
    return map;
  }

  private static List<Row> rows(SplittableRandom random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          Row.of(
              list(random, () -> text(random)),
              list(random, () -> list(random, () -> number(random))),
              inner(random),
              list(random, () -> inner(random)),
              map(random),
              null,
              (long) i));
    }
    return rows;
  }

  private static int[] positions(SplittableRandom random) {
    return random.ints(300, 0, ROWS).toArray();
  }

  /** Gathers rows of a batch and reads them back. */
  private static List<Row> gathered(RecordBatch batch, int[] positions, BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    for (FieldVector column : batch.columns()) {
      columns.add(Gather.rows(column, positions, positions.length, allocator));
    }
    try (RecordBatch chosen = new RecordBatch(SCHEMA, columns, positions.length)) {
      return RowReader.rows(chosen);
    }
  }

  private static List<Row> wanted(List<Row> rows, int[] positions) {
    List<Row> wanted = new ArrayList<>();
    for (int position : positions) {
      wanted.add(rows.get(position));
    }
    return wanted;
  }

  @Test
  void nestedValuesAreCopiedWhole() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = rows(random);
    try (BufferAllocator allocator = new RootAllocator();
        RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, allocator)) {
      int[] positions = positions(random);
      assertThat(gathered(batch, positions, allocator))
          .as("seed=%d", seed)
          .isEqualTo(wanted(rows, positions));
    }
  }

  @Test
  void severalThreadsCopyFromOneVector() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = rows(random);
    try (BufferAllocator allocator = new RootAllocator();
        RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, allocator);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        SplittableRandom own = random.split();
        wrong.add(
            threads.submit(() -> {
              int different = 0;
              for (int round = 0; round < 40; round++) {
                int[] positions = positions(own);
                if (!gathered(batch, positions, allocator).equals(wanted(rows, positions))) {
                  different++;
                }
              }
              return different;
            }));
      }
      for (Future<Integer> each : wrong) {
        assertThat(each.get()).as("seed=%d", seed).isZero();
      }
    }
  }
}
