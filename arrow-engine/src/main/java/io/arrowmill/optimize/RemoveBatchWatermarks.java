package io.arrowmill.optimize;

import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;

/** Leaves out watermarks on bounded inputs, where nothing is ever late. */
final class RemoveBatchWatermarks implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node ->
        node instanceof EventTimeWatermark watermark && !watermark.isStreaming()
            ? watermark.child()
            : node);
  }
}
