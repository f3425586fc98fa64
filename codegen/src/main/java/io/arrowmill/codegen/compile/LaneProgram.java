package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one loop of lane code does.
 *
 * @param predicate lowered; the rows to keep, or null for all
 * @param writesSelection whether the kept rows' indices are written
 * @param outputs computed of the kept rows
 */
record LaneProgram(@Nullable Ir predicate, boolean writesSelection, List<Output> outputs) {

  /** A lowered expression, and the output it is written to. */
  record Output(int index, Ir expression) {}

  LaneProgram {
    outputs = List.copyOf(outputs);
  }

  /** Every expression, the predicate first. */
  List<Ir> expressions() {
    List<Ir> all = new java.util.ArrayList<>();
    if (predicate != null) {
      all.add(predicate);
    }
    outputs.forEach(output -> all.add(output.expression()));
    return all;
  }
}
