package io.arrowmill.runtime;

import io.arrowmill.operator.EventTimeStats;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The watermark of a query, advanced after each batch by the event times that the batch showed.
 *
 * <p>Every watermark operator has one of its own, its greatest event time less its delay; the
 * query's is the least or the greatest of them, by policy, and never goes back. An operator that
 * has seen no row counts as 1970-01-01, as in Spark. All in whole milliseconds, given as
 * microseconds. Confined to the query's thread.
 */
final class Watermarks {
  /** Which of several watermarks is the query's. */
  enum Policy {
    MIN,
    MAX
  }

  private static final long MICROS_PER_MILLI = 1_000;
  private static final String STATE_PREFIX = "watermark.";

  private final long[] delaysMicros;
  private final OptionalLong[] operatorMicros;
  private final Policy policy;
  private long currentMicros;

  /** Watermarks of operators with the given delays; none for a query without event time. */
  Watermarks(List<Long> delaysMicros, Policy policy) {
    this.delaysMicros = delaysMicros.stream().mapToLong(Long::longValue).toArray();
    this.operatorMicros = new OptionalLong[this.delaysMicros.length];
    java.util.Arrays.fill(operatorMicros, OptionalLong.empty());
    this.policy = policy;
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

  /** A batch has shown these event times, one entry an operator. */
  void advance(List<EventTimeStats> seen) {
    for (int i = 0; i < delaysMicros.length; i++) {
      EventTimeStats stats = seen.get(i);
      if (stats.count() > 0) {
        long millis =
            Math.floorDiv(stats.max(), MICROS_PER_MILLI)
                - Math.floorDiv(delaysMicros[i], MICROS_PER_MILLI);
        long micros = Math.multiplyExact(millis, MICROS_PER_MILLI);
        operatorMicros[i] = OptionalLong.of(Math.max(micros, operatorMicros[i].orElse(micros)));
      }
    }
    long chosen = policy == Policy.MIN ? Long.MAX_VALUE : Long.MIN_VALUE;
    for (OptionalLong micros : operatorMicros) {
      long value = micros.orElse(0);
      chosen = policy == Policy.MIN ? Math.min(chosen, value) : Math.max(chosen, value);
    }
    if (isDefined()) {
      currentMicros = Math.max(currentMicros, chosen);
    }
  }
}
