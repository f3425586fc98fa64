package io.arrowmill.operator;

import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Functions over windows of one partitioning and order: the input's columns and, behind them, one
 * for each function. Needs all rows before it gives one.
 *
 * @param calls whose operands are columns of the input, but for constants that are no values
 * @param results the columns of the calls
 */
record OverPlan(List<Over> calls, List<Attribute> results, PhysicalPlan input)
    implements PhysicalPlan {
  OverPlan {
    calls = List.copyOf(calls);
    results = List.copyOf(results);
  }

  /** The window that the calls share, but for their frames. */
  WindowDefinition window() {
    return calls.getFirst().window();
  }

  /** The function of a call. */
  static AggregateCall function(Over call) {
    return (AggregateCall) call.function();
  }

  /** What a call takes of a partition for each row. */
  static WindowFrame frame(Over call) {
    return Objects.requireNonNull(call.window().frame());
  }

  OverPlan withInput(PhysicalPlan other) {
    return new OverPlan(calls, results, other);
  }

  @Override
  public List<Attribute> output() {
    List<Attribute> all = new ArrayList<>(input.output());
    all.addAll(results);
    return all;
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Over " + calls.stream().map(Over::sql).collect(Collectors.joining(", ", "[", "]"));
  }
}
