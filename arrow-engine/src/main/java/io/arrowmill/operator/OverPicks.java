package io.arrowmill.operator;

import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.RowComparison;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Literal;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Functions that give the value of one of the rows: which row it is for each, {@link
 * Gather#NULL_ROW} for none. Values are then copied as they are, whatever their type.
 */
final class OverPicks {
  private static final Set<String> OF_FRAMES = Set.of("first", "last", "min", "max", "nth_value");

  private OverPicks() {}

  /** Whether a function picks from frames. */
  static boolean has(AggregateCall call) {
    return OF_FRAMES.contains(plainName(call));
  }

  private static String plainName(AggregateCall call) {
    return leavesNullsOut(call)
        ? call.name().substring(0, call.name().length() - AggregateCall.PRESENT.length())
        : call.name();
  }

  private static boolean leavesNullsOut(AggregateCall call) {
    return call.name().endsWith(AggregateCall.PRESENT);
  }

  /** Whether a function picks by a distance from the row. */
  static boolean isLead(AggregateCall call) {
    return plainName(call).equals("lead");
  }

  /** Writes which rows a function picks of frames. */
  static void fromFrames(AggregateCall call, SortedRows rows, Frames frames, IntBlock picks) {
    boolean present = leavesNullsOut(call);
    FieldVector values = rows.column(call.arguments().getFirst());
    switch (plainName(call)) {
      case "min", "max" -> extremes(call, values, rows.count(), frames, new Picking(rows, picks));
      case "first" -> nth(1, present ? values : null, frames, new Picking(rows, picks));
      case "last" -> last(present ? values : null, frames, new Picking(rows, picks));
      case "nth_value" ->
          nth(number(call), present ? values : null, frames, new Picking(rows, picks));
      default -> throw new IllegalStateException("function must pick a row: " + call.name());
    }
  }

  /** Where picks go. */
  private record Picking(SortedRows rows, IntBlock picks) {
    int count() {
      return rows.count();
    }

    IntBlock block() {
      return new IntBlock(rows.count(), rows.context().memory());
    }
  }

  static long number(AggregateCall call) {
    return call.arguments().get(1) instanceof Literal literal
            && literal.value() instanceof Number number
        ? number.longValue()
        : 0;
  }

  private static boolean isPresent(FieldVector values, int row) {
    return !values.isNull(row);
  }

  /** The rows that have a value, in order; returns how many. */
  private static int listPresent(FieldVector values, int count, IntBlock list) {
    int present = 0;
    for (int row = 0; row < count; row++) {
      if (isPresent(values, row)) {
        list.set(present++, row);
      }
    }
    return present;
  }

  private static void nth(long n, @Nullable FieldVector present, Frames frames, Picking to) {
    if (present == null) {
      for (int row = 0; row < to.count(); row++) {
        long at = frames.start(row) + n - 1;
        to.picks().set(row, at < frames.end(row) ? (int) at : Gather.NULL_ROW);
      }
      return;
    }
    try (IntBlock list = to.block()) {
      int size = listPresent(present, to.count(), list);
      int next = 0;
      for (int row = 0; row < to.count(); row++) {
        while (next < size && list.get(next) < frames.start(row)) {
          next++;
        }
        long at = next + n - 1;
        boolean isIn = at < size && list.get((int) at) < frames.end(row);
        to.picks().set(row, isIn ? list.get((int) at) : Gather.NULL_ROW);
      }
    }
  }

  private static void last(@Nullable FieldVector present, Frames frames, Picking to) {
    int scanned = 0;
    int last = Gather.NULL_ROW;
    for (int row = 0; row < to.count(); row++) {
      if (present == null) {
        to.picks().set(row, frames.isEmpty(row) ? Gather.NULL_ROW : frames.end(row) - 1);
        continue;
      }
      for (; scanned < frames.end(row); scanned++) {
        last = isPresent(present, scanned) ? scanned : last;
      }
      boolean isIn = !frames.isEmpty(row) && last >= frames.start(row);
      to.picks().set(row, isIn ? last : Gather.NULL_ROW);
    }
  }

  /**
   * Keeps the rows of the frame that no later one of it beats, in a queue: the first is the
   * extreme, and each row comes and goes once.
   */
  private static void extremes(
      AggregateCall call, FieldVector values, int count, Frames frames, Picking to) {
    RowComparison order =
        RowComparison.ofValues(values, values, call.arguments().getFirst().type());
    int sign = call.name().equals("min") ? 1 : -1;
    boolean nulls = values.getNullCount() > 0;
    try (IntBlock queue = to.block()) {
      int head = 0;
      int tail = 0;
      int scanned = 0;
      for (int row = 0; row < count; row++) {
        for (; scanned < frames.end(row); scanned++) {
          if (nulls && values.isNull(scanned)) {
            continue;
          }
          while (tail > head && sign * order.compare(queue.get(tail - 1), scanned) > 0) {
            tail--;
          }
          queue.set(tail++, scanned);
        }
        while (head < tail && queue.get(head) < frames.start(row)) {
          head++;
        }
        boolean isIn = head < tail && !frames.isEmpty(row);
        to.picks().set(row, isIn ? queue.get(head) : Gather.NULL_ROW);
      }
    }
  }

  /** Writes the rows that lie so many rows behind each row, or before it, in its partition. */
  static void leads(AggregateCall call, SortedRows rows, IntBlock picks) {
    long away = number(call);
    if (call.arguments().get(1).nullable()) {
      fill(rows.count(), picks); // an unknown number of rows
      return;
    }
    FieldVector values = rows.column(call.arguments().getFirst());
    if (!leavesNullsOut(call) || away == 0) {
      for (int from = 0; from < rows.count(); from = rows.partitionEnd(from)) {
        int to = rows.partitionEnd(from);
        for (int row = from; row < to; row++) {
          long at = row + away;
          picks.set(row, at >= from && at < to ? (int) at : Gather.NULL_ROW);
        }
      }
      return;
    }
    try (IntBlock list = new Picking(rows, picks).block()) {
      int size = listPresent(values, rows.count(), list);
      int before = 0;
      int from = 0;
      for (int row = 0; row < rows.count(); row++) {
        from = row == rows.partitionEnd(from) ? row : from;
        while (before < size && list.get(before) < row) {
          before++;
        }
        boolean own = before < size && list.get(before) == row;
        long at = away > 0 ? before + (own ? 1L : 0L) + away - 1 : before + away;
        int found = at >= 0 && at < size ? list.get((int) at) : Gather.NULL_ROW;
        boolean isIn = found >= from && found < rows.partitionEnd(row);
        picks.set(row, isIn ? found : Gather.NULL_ROW);
      }
    }
  }

  private static void fill(int count, IntBlock picks) {
    for (int row = 0; row < count; row++) {
      picks.set(row, Gather.NULL_ROW);
    }
  }

  /** Has rows without a pick take their own row of values that stand behind the others. */
  static void otherwise(int count, IntBlock picks) {
    for (int row = 0; row < count; row++) {
      if (OffHeap.getInt(picks.address() + 4L * row) == Gather.NULL_ROW) {
        picks.set(row, count + row);
      }
    }
  }
}
