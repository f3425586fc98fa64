package io.arrowmill.operator;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/** Descriptors of what sessions are made of. Owns them, borrows the columns; used by one task. */
final class SessionColumns implements AutoCloseable {
  private final Positions positions;

  /** The keys, then a column of {@link SessionRing#FIRST}. */
  private final ColumnDescriptors keys;

  /** The keys, then start and end. */
  private final ColumnDescriptors stretches;

  private final ColumnDescriptors arguments;

  /**
   * Where columns are among others.
   *
   * @param keys the keys
   * @param arguments the calls' arguments, {@link AggregateColumns#NO_COLUMN} of one that has none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Positions(int[] keys, int start, int end, int[] arguments) {
    static Positions of(SessionPlan plan) {
      return new Positions(
          Columns.positions(plan.input(), plan.keys()),
          Columns.position(plan.input(), plan.start()),
          Columns.position(plan.input(), plan.end()),
          AggregateColumns.arguments(plan.input(), plan.calls()));
    }

    /** The columns that count, each once. */
    int[] distinct() {
      IntStream all =
          IntStream.concat(
              IntStream.of(keys),
              IntStream.concat(IntStream.of(start, end), IntStream.of(arguments)));
      return all.filter(position -> position >= 0).distinct().toArray();
    }

    /** Where they are among some of the columns. */
    Positions among(int[] columns) {
      return new Positions(
          among(keys, columns),
          among(new int[] {start}, columns)[0],
          among(new int[] {end}, columns)[0],
          among(arguments, columns));
    }

    private static int[] among(int[] positions, int[] columns) {
      return IntStream.of(positions)
          .map(position ->
              IntStream.range(0, columns.length)
                  .filter(i -> columns[i] == position)
                  .findFirst()
                  .orElse(AggregateColumns.NO_COLUMN))
          .toArray();
    }
  }

  /**
   * Descriptors, not set yet.
   *
   * @param firsts address of {@link SessionRing#FIRST} as often as columns have rows, int64
   */
  SessionColumns(Positions positions, long firsts, MemorySource memory) {
    int count = positions.keys().length;
    this.positions = positions;
    try (Parts parts = new Parts()) {
      this.keys = parts.add(new ColumnDescriptors(count + 1, memory));
      this.stretches = parts.add(new ColumnDescriptors(count + 2, memory));
      this.arguments = parts.add(new ColumnDescriptors(positions.arguments().length, memory));
      parts.complete();
    }
    ColumnDescriptor.set(keys.address(count), 0, firsts, 0);
  }

  /** Points at columns. */
  void set(List<FieldVector> columns) {
    int count = positions.keys().length;
    int[] ofStretches = Arrays.copyOf(positions.keys(), count + 2);
    ofStretches[count] = positions.start();
    ofStretches[count + 1] = positions.end();
    keys.set(columns, positions.keys());
    stretches.set(columns, ofStretches);
    arguments.set(columns, positions.arguments());
  }

  /** Descriptors of the keys, of {@link SessionRing#FIRST} behind them. */
  long keys() {
    return keys.address();
  }

  /** Descriptors of the keys, start and end. */
  long stretches() {
    return stretches.address();
  }

  /** Descriptor of the starts. */
  long start() {
    return stretches.address(positions.keys().length);
  }

  /** Descriptor of the ends. */
  long end() {
    return stretches.address(positions.keys().length + 1);
  }

  /** The same for a table. */
  SessionTable.Columns columns() {
    return new SessionTable.Columns(keys(), start(), end(), arguments.address());
  }

  @Override
  public void close() {
    arguments.close();
    stretches.close();
    keys.close();
  }
}
