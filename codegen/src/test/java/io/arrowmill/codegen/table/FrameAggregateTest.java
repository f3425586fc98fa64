package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates of sliding frames, beside those of each frame value by value. */
class FrameAggregateTest {
  private static final long SEED = 17;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** Frames by the rows they have: the first one, and the one behind the last. */
  private static final class Frames {
    private final int[] starts;
    private final int[] ends;

    Frames(int[] starts, int[] ends) {
      this.starts = starts;
      this.ends = ends;
    }
  }

  /** Both ends go forward by some rows or stay; a frame may be empty, also the wrong way round. */
  private Frames slide(int rows, int stepMax, int widthMax) {
    int[] starts = new int[rows];
    int[] ends = new int[rows];
    int start = 0;
    int end = 0;
    for (int row = 0; row < rows; row++) {
      start = Math.min(rows, start + random.nextInt(stepMax + 1));
      end = Math.min(rows, Math.max(end, start - 2 + random.nextInt(widthMax + 3)));
      starts[row] = start;
      ends[row] = end;
    }
    return new Frames(starts, ends);
  }

  private static Frames grow(int rows, int every) {
    int[] starts = new int[rows];
    int[] ends = new int[rows];
    for (int row = 0; row < rows; row++) {
      int from = row / every * every;
      starts[row] = from;
      ends[row] = Math.min(rows, row + 1);
    }
    return new Frames(starts, ends);
  }

  private static Frames shrink(int rows) {
    int[] starts = new int[rows];
    int[] ends = new int[rows];
    for (int row = 0; row < rows; row++) {
      starts[row] = row;
      ends[row] = rows;
    }
    return new Frames(starts, ends);
  }

  private static Frames around(int rows, int before, int behind) {
    int[] starts = new int[rows];
    int[] ends = new int[rows];
    for (int row = 0; row < rows; row++) {
      starts[row] = Math.max(0, row - before);
      ends[row] = Math.min(rows, row + behind + 1);
    }
    return new Frames(starts, ends);
  }

  private static long ints(Columns columns, int[] values) {
    long address = columns.bytes(4L * values.length);
    for (int i = 0; i < values.length; i++) {
      OffHeap.putInt(address + 4L * i, values[i]);
    }
    return address;
  }

  private static List<@Nullable Object> compute(
      AccumulatorPlan plan, List<? extends @Nullable Object> values, Frames frames) {
    int rows = values.size();
    try (Arena arena = Arena.ofConfined();
        TestMemory memory = new TestMemory();
        FrameAggregate aggregate = new FrameAggregate(plan, memory)) {
      Columns columns = new Columns(arena);
      ValueKind kind = plan.inputKind();
      long column = kind == null ? 0 : columns.write(kind, values);
      long output = columns.allocate(plan.resultKind(), rows, 0);
      aggregate.compute(
          column, ints(columns, frames.starts), ints(columns, frames.ends), rows, output);
      return Columns.read(plan.resultKind(), output, rows);
    }
  }

  private static <T> List<T> present(List<@Nullable T> values, Frames frames, int row) {
    int from = frames.starts[row];
    int to = Math.max(from, frames.ends[row]);
    return values.subList(from, to).stream()
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  private List<@Nullable Long> longs(int rows) {
    List<@Nullable Long> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      values.add(random.nextInt(5) == 0 ? null : random.nextLong(-1000, 1000));
    }
    return values;
  }

  private void check(int rows, Frames frames) {
    List<@Nullable Long> longs = longs(rows);
    List<@Nullable Double> doubles = new ArrayList<>();
    List<@Nullable BigInteger> decimals = new ArrayList<>();
    for (Long value : longs) {
      doubles.add(value == null ? null : value / 4.0);
      decimals.add(value == null ? null : BigInteger.valueOf(value).shiftLeft(70));
    }
    List<@Nullable Object> all = compute(Accumulators.countAll(), longs, frames);
    List<@Nullable Object> counts = compute(Accumulators.count(ValueKind.I64), longs, frames);
    List<@Nullable Object> sums = compute(Accumulators.sumLong(ValueKind.I64), longs, frames);
    List<@Nullable Object> totals = compute(Accumulators.sumDouble(ValueKind.F64), doubles, frames);
    List<@Nullable Object> wide = compute(Accumulators.sumDecimal(38), decimals, frames);
    List<@Nullable Object> means = compute(Accumulators.average(ValueKind.I64), longs, frames);
    List<@Nullable Object> spreads =
        compute(Accumulators.variancePopulation(ValueKind.F64), doubles, frames);
    for (int row = 0; row < rows; row++) {
      String at = "seed=" + SEED + ", rows=" + rows + ", row=" + row;
      List<Long> values = present(longs, frames, row);
      long sum = values.stream().mapToLong(value -> value).sum();
      int size = values.size();
      long width = Math.max(0, frames.ends[row] - frames.starts[row]);
      assertThat(all.get(row)).as(at).isEqualTo(width);
      assertThat(counts.get(row)).as(at).isEqualTo((long) size);
      assertThat(sums.get(row)).as(at).isEqualTo(size == 0 ? null : (Object) sum);
      assertThat(totals.get(row)).as(at).isEqualTo(size == 0 ? null : (Object) (sum / 4.0));
      assertThat(wide.get(row))
          .as(at)
          .isEqualTo(size == 0 ? null : BigInteger.valueOf(sum).shiftLeft(70));
      assertThat(means.get(row))
          .as(at)
          .isEqualTo(size == 0 ? null : (Object) ((double) sum / size));
      Double spread = (Double) spreads.get(row);
      if (size == 0) {
        assertThat(spread).as(at).isNull();
      } else {
        double mean = sum / 4.0 / size;
        double squares = 0;
        for (long value : values) {
          squares += (value / 4.0 - mean) * (value / 4.0 - mean);
        }
        assertThat(Objects.requireNonNull(spread))
            .as(at)
            .isCloseTo(squares / size, within(1e-6 + 1e-9 * squares));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 300})
  void ofFewRows(int rows) {
    check(rows, grow(rows, Math.max(1, rows)));
    check(rows, grow(rows, 7));
    check(rows, shrink(rows));
    check(rows, around(rows, 0, 0));
    check(rows, around(rows, 3, 2));
    check(rows, around(rows, 0, rows));
    check(rows, around(rows, rows, rows));
    for (int i = 0; i < 20; i++) {
      check(rows, slide(rows, 1 + random.nextInt(4), 1 + random.nextInt(30)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4095, 4096, 4097, 8193})
  void ofMoreRowsThanASlice(int rows) {
    check(rows, around(rows, 50, 1));
    check(rows, slide(rows, 2, 200));
    check(rows, grow(rows, 700));
  }

  @Test
  void ofFramesWiderThanASlice() {
    int rows = 9_000;
    List<@Nullable Long> values = longs(rows);
    for (Frames frames :
        List.of(
            grow(rows, rows),
            shrink(rows),
            around(rows, 4096, 4096),
            around(rows, 5000, 0),
            around(rows, 0, 6000),
            around(rows, rows, rows))) {
      long[] upTo = new long[rows + 1];
      for (int i = 0; i < rows; i++) {
        Long value = values.get(i);
        upTo[i + 1] = upTo[i] + (value == null ? 0 : value);
      }
      List<@Nullable Object> sums = compute(Accumulators.sumLong(ValueKind.I64), values, frames);
      for (int row = 0; row < rows; row++) {
        Object expected =
            present(values, frames, row).isEmpty()
                ? null
                : (Object) (upTo[frames.ends[row]] - upTo[frames.starts[row]]);
        assertThat(sums.get(row)).as("row=" + row).isEqualTo(expected);
      }
    }
  }

  /** Values are added one after the other where the frame only grows: no rounding differs. */
  @Test
  void addsInOrderWhereFramesGrow() {
    List<@Nullable Double> values = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      values.add(random.nextDouble() * Math.pow(10, random.nextInt(12)));
    }
    List<@Nullable Object> sums =
        compute(Accumulators.sumDouble(ValueKind.F64), values, grow(10_000, 10_000));
    double sum = 0;
    for (int row = 0; row < values.size(); row++) {
      sum += Objects.requireNonNull(values.get(row));
      assertThat(sums.get(row)).as("row=" + row).isEqualTo(sum);
    }
  }

  @Test
  void leavesNothingWhereMemoryIsRefused() {
    List<@Nullable Long> values = longs(100);
    Frames frames = around(100, 5, 5);
    boolean done = false;
    for (int allowed = 0; !done; allowed++) {
      try (Arena arena = Arena.ofConfined();
          TestMemory memory = new TestMemory()) {
        Columns columns = new Columns(arena);
        long column = columns.write(ValueKind.I64, values);
        long output = columns.allocate(ValueKind.I64, 100, 0);
        long starts = ints(columns, frames.starts);
        long ends = ints(columns, frames.ends);
        memory.refuseAfter(allowed);
        try (FrameAggregate aggregate =
            new FrameAggregate(Accumulators.sumLong(ValueKind.I64), memory)) {
          aggregate.compute(column, starts, ends, 100, output);
          done = true;
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageStartingWith("memory limit reached");
        }
      }
    }
  }
}
