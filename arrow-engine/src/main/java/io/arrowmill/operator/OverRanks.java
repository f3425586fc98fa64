package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putDouble;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Literal;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** Functions that tell where a row is in its partition. */
final class OverRanks {
  private static final Set<String> NAMES =
      Set.of("row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile");

  private OverRanks() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  /**
   * Writes the results of all rows.
   *
   * @param data address of int32 or float64 numbers
   */
  static void write(AggregateCall call, SortedRows rows, long data) {
    for (int from = 0; from < rows.count(); from = rows.partitionEnd(from)) {
      int first = from;
      int count = rows.partitionEnd(from) - from;
      switch (call.name()) {
        case "row_number" -> ints(first, count, data, row -> row - first + 1);
        case "rank" -> ranks(rows, first, count, data, false);
        case "dense_rank" -> ranks(rows, first, count, data, true);
        case "percent_rank" -> percentRanks(rows, first, count, data);
        case "cume_dist" ->
            doubles(first, count, data, row -> (double) (rows.peerEnd(row) - first) / count);
        case "ntile" -> buckets(buckets(call), first, count, data);
        default -> throw new IllegalStateException("function must be a rank: " + call.name());
      }
    }
  }

  private static void ints(int from, int count, long data, IntUnaryOperator value) {
    for (int row = from; row < from + count; row++) {
      putInt(data + 4L * row, value.applyAsInt(row));
    }
  }

  private static void doubles(int from, int count, long data, IntToDoubleFunction value) {
    for (int row = from; row < from + count; row++) {
      putDouble(data + 8L * row, value.applyAsDouble(row));
    }
  }

  private static void ranks(SortedRows rows, int from, int count, long data, boolean dense) {
    int rank = 0;
    int peerEnd = from;
    for (int row = from; row < from + count; row++) {
      if (row == peerEnd) {
        rank = dense ? rank + 1 : row - from + 1;
        peerEnd = rows.peerEnd(row);
      }
      putInt(data + 4L * row, rank);
    }
  }

  private static void percentRanks(SortedRows rows, int from, int count, long data) {
    int before = 0;
    int peerEnd = from;
    for (int row = from; row < from + count; row++) {
      if (row == peerEnd) {
        before = row - from;
        peerEnd = rows.peerEnd(row);
      }
      putDouble(data + 8L * row, count == 1 ? 0 : (double) before / (count - 1));
    }
  }

  private static int buckets(AggregateCall call) {
    return call.arguments().getFirst() instanceof Literal literal
            && literal.value() instanceof Integer buckets
        ? buckets
        : 1;
  }

  /** The first buckets have one row more where rows can't be parted evenly. */
  private static void buckets(int buckets, int from, int count, long data) {
    int size = count / buckets;
    int larger = count % buckets;
    long inLarger = (long) larger * (size + 1);
    for (int i = 0; i < count; i++) {
      long bucket = i < inLarger ? i / (size + 1) : larger + (i - inLarger) / Math.max(1, size);
      putInt(data + 4L * (from + i), (int) bucket + 1);
    }
  }
}
