package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.StructField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of several vectors are told by part and position. */
class GatherPartsTest {
  static List<DataType> types() {
    return List.of(
        AtomicType.BOOLEAN,
        AtomicType.SHORT,
        AtomicType.INTEGER,
        AtomicType.LONG,
        AtomicType.DOUBLE,
        AtomicType.STRING,
        new DecimalType(20, 2),
        new ArrayType(AtomicType.LONG, true));
  }

  @ParameterizedTest
  @MethodSource("types")
  void anyRowsInAnyOrder(DataType type) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int nulls = 0; nulls <= 2; nulls++) {
      for (int count : new int[] {0, 1, 63, 64, 65, 1_000}) {
        try (BufferAllocator allocator = new RootAllocator()) {
          check(type, nulls, count, random, allocator, "seed=" + seed + ", count=" + count);
        }
      }
    }
  }

  /** Nulls: in no part, in some, in all. */
  private static void check(
      DataType type,
      int nulls,
      int count,
      SplittableRandom random,
      BufferAllocator allocator,
      String what) {
    List<FieldVector> parts = new ArrayList<>();
    List<List<@Nullable Object>> values = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      boolean hasNulls = nulls == 2 || (nulls == 1 && p == 1);
      List<@Nullable Object> part = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        part.add(hasNulls && random.nextInt(3) == 0 ? null : value(type, random.nextInt(1_000)));
      }
      values.add(part);
      parts.add(vector(type, part, allocator));
    }
    long[] rows = new long[count + 5];
    List<@Nullable Object> wanted = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      int part = random.nextInt(3);
      int row = random.nextInt(100);
      rows[i] = (long) part << Integer.SIZE | row;
      if (i >= 3 && i < 3 + count) {
        wanted.add(values.get(part).get(row));
      }
    }
    try (FieldVector gathered = new GatherParts(parts).rows(rows, 3, count, allocator)) {
      assertThat(gathered.getValueCount()).as(what).isEqualTo(count);
      VectorReader reader = VectorReader.of(gathered, type);
      List<@Nullable Object> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        found.add(reader.read(i));
      }
      assertThat(found).as(what).isEqualTo(wanted);
      assertThat(gathered.getNullCount())
          .as(what)
          .isEqualTo((int) wanted.stream().filter(value -> value == null).count());
    } finally {
      parts.forEach(FieldVector::close);
    }
  }

  private static FieldVector vector(
      DataType type, List<@Nullable Object> values, BufferAllocator allocator) {
    StructField field = new StructField("c", type, true);
    FieldVector vector = ArrowTypes.field(field).createVector(allocator);
    vector.allocateNew();
    VectorWriter writer = VectorWriter.of(vector, field);
    for (int i = 0; i < values.size(); i++) {
      writer.write(i, values.get(i));
    }
    vector.setValueCount(values.size());
    return vector;
  }

  private static Object value(DataType type, int number) {
    return switch (type) {
      case AtomicType.BOOLEAN -> number % 2 == 0;
      case AtomicType.SHORT -> (short) number;
      case AtomicType.INTEGER -> number;
      case AtomicType.LONG -> (long) number << 33;
      case AtomicType.DOUBLE -> number / 8.0;
      case AtomicType.STRING -> "x".repeat(number % 30) + number;
      case DecimalType ignored -> BigDecimal.valueOf(number, 2);
      default -> List.of((long) number, 7L).subList(0, number % 3);
    };
  }
}
