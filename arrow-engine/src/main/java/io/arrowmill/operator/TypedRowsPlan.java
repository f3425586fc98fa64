package io.arrowmill.operator;

import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.TypedFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls a function of the program for each row.
 *
 * @param reads input columns that hold the function's input
 * @param generated columns that hold what it gives
 */
public record TypedRowsPlan(
    TypedFunction function, List<Attribute> reads, List<Attribute> generated, PhysicalPlan input)
    implements PhysicalPlan {
  public TypedRowsPlan {
    reads = List.copyOf(reads);
    generated = List.copyOf(generated);
  }

  TypedRowsPlan withInput(PhysicalPlan input) {
    return new TypedRowsPlan(function, reads, generated, input);
  }

  @Override
  public List<Attribute> output() {
    if (!function.keepsInput()) {
      return generated;
    }
    List<Attribute> all = new ArrayList<>(input.output());
    all.addAll(generated);
    return all;
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "TypedRows "
        + function.name()
        + " "
        + function.input().javaClass().getSimpleName()
        + (function instanceof TypedFunction.Giving giving
            ? " -> " + giving.result().javaClass().getSimpleName()
            : "");
  }
}
