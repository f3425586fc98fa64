package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Input of random queries that keep state. Columns: {@code ts}, the event time; {@code k0}, a key
 * of any type; {@code k1}, a short text; and {@code v}, a number. Every draw comes from one random
 * stream, in a fixed order: a seed means a case for ever.
 */
final class RandomRows {
  private final SplittableRandom random;
  private final RandomValues values;

  RandomRows(SplittableRandom random) {
    this.random = random;
    this.values = new RandomValues(random);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The columns, with a key of one of the types. */
  StructType schema(List<DataType> keyTypes) {
    return new StructType()
        .add("ts", DataTypes.TIMESTAMP)
        .add("k0", pick(keyTypes))
        .add("k1", DataTypes.STRING)
        .add("v", DataTypes.INTEGER);
  }

  /** Values of {@code k0}. */
  List<Object> keys(StructType schema, int count) {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(values.value(schema.field(1).type()));
    }
    return keys;
  }

  /** Up to four values of {@code k0}, and null. */
  List<@Nullable Object> keyPool(StructType schema) {
    List<@Nullable Object> pool = new ArrayList<>(keys(schema, 1 + random.nextInt(4)));
    pool.add(null);
    return pool;
  }

  /**
   * Batches whose times go on from one to the next.
   *
   * @param seconds where the first one begins, since 1970-01-01 UTC
   * @param row a row of a batch that begins at a second
   * @param gap seconds from the start of one batch to that of the next
   */
  List<List<Row>> batches(
      int count, long seconds, List<Integer> sizes, LongFunction<Row> row, LongSupplier gap) {
    List<List<Row>> batches = new ArrayList<>();
    long start = seconds;
    for (int batch = 0; batch < count; batch++) {
      List<Row> rows = new ArrayList<>();
      int size = pick(sizes);
      for (int i = 0; i < size; i++) {
        rows.add(row.apply(start));
      }
      batches.add(rows);
      start += gap.getAsLong();
    }
    return batches;
  }

  /**
   * A time within five minutes after a batch's start, one in so many earlier by up to so many
   * steps; in whole steps of 10 s, so that times meet.
   */
  long steppedSecond(long start, int lateOneIn, int lateSteps) {
    boolean late = random.nextInt(lateOneIn) == 0;
    return start / 10 * 10
        + random.nextInt(30) * 10L
        - (late ? random.nextInt(lateSteps) * 10L : 0);
  }

  /** The time, one in so many null. */
  @Nullable Instant time(long second, int nullOneIn) {
    return random.nextInt(nullOneIn) == 0 ? null : Instant.ofEpochSecond(second);
  }

  /** A row; one in eight of the texts and of the numbers below a bound is null. */
  Row row(
      StructType schema,
      @Nullable Instant time,
      List<@Nullable Object> keys,
      List<String> texts,
      int numbers) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(time);
    row.add(pick(keys));
    row.add(random.nextInt(8) == 0 ? null : pick(texts));
    row.add(random.nextInt(8) == 0 ? null : random.nextInt(numbers));
    return Row.withSchema(schema, row);
  }

  /** The keys of a group, or none, and a window among them. */
  List<String> keysAround(Supplier<String> window) {
    List<String> keys =
        new ArrayList<>(
            pick(List.of(List.<String>of(), List.of("k0"), List.of("k1"), List.of("k1", "k0"))));
    keys.add(random.nextInt(keys.size() + 1), "window(ts, " + window.get() + ") AS w");
    return keys;
  }
}
