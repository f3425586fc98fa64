package io.arrowmill.operator;

import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.RowComparison;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Bound;
import io.arrowmill.plan.WindowFrame.Edge;
import io.arrowmill.plan.WindowFrame.Limit;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of each row: its first row and the row behind its last one. Neither goes back from row
 * to row; a frame that ends before it starts is empty. Owns its memory; one thread.
 */
final class Frames implements AutoCloseable {
  private final IntBlock starts;
  private final IntBlock ends;

  Frames(WindowFrame frame, SortedRows rows) {
    try (Parts parts = new Parts()) {
      starts = parts.add(new IntBlock(rows.count(), rows.context().memory()));
      ends = parts.add(new IntBlock(rows.count(), rows.context().memory()));
      fill(
          new Filling(frame.unit(), frame.lower(), false, starts, keyToLimit(frame.lower(), rows)),
          rows);
      fill(
          new Filling(frame.unit(), frame.upper(), true, ends, keyToLimit(frame.upper(), rows)),
          rows);
      parts.complete();
    }
  }

  /**
   * What is to be written.
   *
   * @param out the frames' starts, or the rows behind them
   * @param keyToLimit compares rows' values with limits, where the bound is one
   */
  private record Filling(
      Unit unit, Bound bound, boolean upper, IntBlock out, @Nullable RowComparison keyToLimit) {}

  private static @Nullable RowComparison keyToLimit(Bound bound, SortedRows rows) {
    if (!(bound instanceof Limit limit)) {
      return null;
    }
    SortOrder order = rows.plan().window().orderBy().getFirst();
    return RowComparison.of(
        rows.column(limit.key()),
        rows.column(limit.value()),
        limit.key().type(),
        order.ascending(),
        order.nullsFirst());
  }

  int start(int row) {
    return starts.get(row);
  }

  int end(int row) {
    return ends.get(row);
  }

  boolean isEmpty(int row) {
    return starts.get(row) >= ends.get(row);
  }

  long starts() {
    return starts.address();
  }

  long ends() {
    return ends.address();
  }

  private static void fill(Filling filling, SortedRows rows) {
    for (int from = 0; from < rows.count(); from = rows.partitionEnd(from)) {
      int to = rows.partitionEnd(from);
      switch (filling.bound()) {
        case Edge edge -> fill(edge, filling, rows, from, to);
        case Offset offset -> {
          long away = rowsAway(offset) + (filling.upper() ? 1 : 0);
          for (int row = from; row < to; row++) {
            filling.out().set(row, (int) Math.max(from, Math.min(to, row + away)));
          }
        }
        case Limit ignored -> fillToLimit(filling, from, to);
      }
    }
  }

  private static long rowsAway(Offset offset) {
    if (offset.amount() instanceof Literal literal && literal.value() instanceof Integer amount) {
      return offset.preceding() ? -(long) amount : amount;
    }
    throw new IllegalStateException("bound must be a number of rows: " + offset.sql());
  }

  private static void fill(Edge edge, Filling filling, SortedRows rows, int from, int to) {
    boolean ofRows = filling.unit() == Unit.ROWS;
    int peerStart = from;
    for (int row = from; row < to; row++) {
      if (row > from && rows.peerEnd(row) != rows.peerEnd(row - 1)) {
        peerStart = row;
      }
      int lower = ofRows ? row : peerStart;
      int upper = ofRows ? row + 1 : rows.peerEnd(row);
      filling
          .out()
          .set(
              row,
              switch (edge) {
                case UNBOUNDED_PRECEDING -> from;
                case CURRENT_ROW -> filling.upper() ? upper : lower;
                case UNBOUNDED_FOLLOWING -> to;
              });
    }
  }

  /** From the first row that is not before the limit, or up to the last that is not behind it. */
  private static void fillToLimit(Filling filling, int from, int to) {
    RowComparison keyToLimit = Objects.requireNonNull(filling.keyToLimit());
    int least = filling.upper() ? 1 : 0;
    int at = from;
    for (int row = from; row < to; row++) {
      while (at < to && keyToLimit.compare(at, row) < least) {
        at++;
      }
      filling.out().set(row, at);
    }
  }

  @Override
  public void close() {
    starts.close();
    ends.close();
  }
}
