package io.arrowmill.runtime;

import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.operator.StatefulPlan;
import java.util.HashMap;
import java.util.Map;

/**
 * The watermark at each stateful operator of a plan, as it follows from the query's watermark.
 *
 * <p>It starts at the operators that declare it and is passed on towards the sink: what has several
 * inputs takes the least of those that have one, a stateful operator passes on what it says of the
 * rows it gives. Immutable.
 */
final class OperatorWatermarks {
  /** The watermark where none is declared. */
  static final long NONE = Long.MIN_VALUE;

  private final Map<Integer, Long> micros = new HashMap<>();

  private OperatorWatermarks() {}

  /** The watermarks in {@code plan} where the query's is {@code queryMicros}. */
  static OperatorWatermarks of(PhysicalPlan plan, long queryMicros) {
    OperatorWatermarks all = new OperatorWatermarks();
    all.propagate(plan, queryMicros);
    return all;
  }

  /** The watermark at an operator, microseconds since 1970-01-01 UTC, or {@link #NONE}. */
  long at(StatefulPlan operator) {
    return micros.getOrDefault(operator.operatorId(), NONE);
  }

  private long propagate(PhysicalPlan plan, long queryMicros) {
    long least = NONE;
    for (PhysicalPlan input : plan.inputs()) {
      long passed = propagate(input, queryMicros);
      least = least == NONE || (passed != NONE && passed < least) ? passed : least;
    }
    return switch (plan) {
      case WatermarkPlan ignored -> queryMicros;
      case StatefulPlan operator -> {
        micros.put(operator.operatorId(), least);
        // Event time begins in 1970: no operator passes on less.
        yield least == NONE ? NONE : Math.max(0, operator.outputWatermark(least));
      }
      default -> least;
    };
  }
}
