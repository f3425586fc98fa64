package io.arrowmill.runtime;

import io.arrowmill.operator.EventTimeStats;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The watermark of a query, advanced after each batch by the event times that the batch showed.
 *
 * <p>Every watermark operator has one of its own, its greatest event time less its delay; the
 * query's is the least or the greatest of them, by policy, and never goes back. An operator that
 * has seen no row counts as 1970-01-01, as in Spark. One that has been quiet for the idle timeout
 * is left out of the least, as long as another has not. All in whole milliseconds, given as
 * microseconds. Confined to the query's thread.
 */
final class Watermarks {
  /** Which of several watermarks is the query's. */
  enum Policy {
    MIN,
    MAX
  }

  private static final long MICROS_PER_MILLI = 1_000;

  /** After all times that windows, delays and ranges can still be added to or taken from. */
  static final long END_MICROS = Long.MAX_VALUE / 2 / MICROS_PER_MILLI * MICROS_PER_MILLI;

  private static final String STATE_PREFIX = "watermark.";

  private final long[] delaysMicros;
  private final OptionalLong[] operatorMicros;
  private final long[] heardMillis;
  private final Policy policy;
  private final OptionalLong idleMicros;
  private long currentMicros;

  /**
   * Watermarks of operators with the given delays; none for a query without event time.
   *
   * @param idleMicros how long an operator is quiet before it is left out; empty for never
   * @param nowMillis when the query starts
   */
  Watermarks(List<Long> delaysMicros, Policy policy, OptionalLong idleMicros, long nowMillis) {
    this.delaysMicros = delaysMicros.stream().mapToLong(Long::longValue).toArray();
    this.operatorMicros = new OptionalLong[this.delaysMicros.length];
    this.heardMillis = new long[this.delaysMicros.length];
    Arrays.fill(operatorMicros, OptionalLong.empty());
    Arrays.fill(heardMillis, nowMillis);
    this.policy = policy;
    this.idleMicros = idleMicros;
  }

  /** Whether the query has a watermark at all. */
  boolean isDefined() {
    return delaysMicros.length > 0;
  }

  /** The query's watermark, microseconds since 1970-01-01 UTC. */
  long currentMicros() {
    return currentMicros;
  }

  /**
   * Continues at a watermark that an earlier run had reached.
   *
   * @param state what {@link #state} gave then
   */
  void restore(long micros, Map<String, String> state) {
    currentMicros = Math.max(currentMicros, micros);
    for (int i = 0; i < operatorMicros.length; i++) {
      String known = state.get(STATE_PREFIX + i);
      if (known != null) {
        operatorMicros[i] = OptionalLong.of(Long.parseLong(known));
      }
    }
  }

  /** The operators' watermarks as text, by names of their own, to be kept with a commit. */
  Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    for (int i = 0; i < operatorMicros.length; i++) {
      if (operatorMicros.length > 1 && operatorMicros[i].isPresent()) {
        state.put(STATE_PREFIX + i, Long.toString(operatorMicros[i].getAsLong()));
      }
    }
    return state;
  }

  /**
   * A batch has shown these event times, one entry an operator.
   *
   * @param nowMillis when it did
   */
  void advance(List<EventTimeStats> seen, long nowMillis) {
    for (int i = 0; i < delaysMicros.length; i++) {
      EventTimeStats stats = seen.get(i);
      if (stats.count() > 0) {
        long millis =
            Math.floorDiv(stats.max(), MICROS_PER_MILLI)
                - Math.floorDiv(delaysMicros[i], MICROS_PER_MILLI);
        // Of times at the start of the range whole milliseconds may not be in it.
        long micros = Math.max(millis, Long.MIN_VALUE / MICROS_PER_MILLI) * MICROS_PER_MILLI;
        operatorMicros[i] = OptionalLong.of(Math.max(micros, operatorMicros[i].orElse(micros)));
        heardMillis[i] = nowMillis;
      }
    }
    tick(nowMillis);
  }

  /** The input has ended: no row can come any more. */
  void finish() {
    currentMicros = END_MICROS;
  }

  /** Time has passed, in which operators may have become idle. */
  void tick(long nowMillis) {
    if (policy == Policy.MAX) {
      for (OptionalLong micros : operatorMicros) {
        currentMicros = Math.max(currentMicros, micros.orElse(0));
      }
      return;
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < operatorMicros.length; i++) {
      if (!isIdle(i, nowMillis)) {
        least = Math.min(least, operatorMicros[i].orElse(0));
      }
    }
    if (least != Long.MAX_VALUE) {
      currentMicros = Math.max(currentMicros, least);
    }
  }

  private boolean isIdle(int operator, long nowMillis) {
    return idleMicros.isPresent()
        && nowMillis - heardMillis[operator] >= idleMicros.getAsLong() / MICROS_PER_MILLI;
  }
}
