package io.arrowmill.operator;

import io.arrowmill.plan.Expression.Attribute;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lets rows pass and computes metrics of them, one row of values a run.
 *
 * @param name of the metrics
 * @param metrics what is computed, over {@code rows}
 * @param rows stands for the rows that pass, in {@code metrics}
 */
public record ObservePlan(String name, PhysicalPlan metrics, Rows rows, PhysicalPlan input)
    implements PhysicalPlan {

  /** The rows that pass an {@link ObservePlan}, those columns that its metrics read. */
  public record Rows(List<Attribute> output) implements PhysicalPlan {
    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      return "ObservedRows"
          + output.stream().map(Attribute::sql).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  @Override
  public List<Attribute> output() {
    return input.output();
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input, metrics);
  }

  @Override
  public String describe() {
    return "Observe " + name;
  }
}
