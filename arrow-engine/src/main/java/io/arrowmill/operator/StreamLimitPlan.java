package io.arrowmill.operator;

import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first rows of a stream, over all batches no more than {@code count}. */
public record StreamLimitPlan(int operatorId, long count, PhysicalPlan input)
    implements StatefulPlan {
  @Override
  public List<Attribute> output() {
    return input.output();
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String operatorName() {
    return "globalLimit";
  }

  @Override
  public List<StateStorePlan> stores() {
    return List.of(
        new StateStorePlan.Keyed(
            "rows", List.of(), new GroupTablePlan(List.of(), List.of(Accumulators.countAll()))));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    return false;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    return null;
  }

  @Override
  public String fingerprint() {
    return "limit";
  }

  @Override
  public String describe() {
    return "StreamLimit " + count;
  }
}
