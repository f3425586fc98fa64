package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.ArrayList;
import java.util.List;

/** Spreads the scalar code of a projection over as many classes as it needs. */
final class ScalarProjection {

  /** How many outputs, or how many nodes of their expressions, one generated class takes. */
  private static final int CLASS_OUTPUTS_MAX = 64;

  private static final int CLASS_NODES_MAX = 4_000;

  private ScalarProjection() {}

  /** Lowered expressions; the i-th writes output i. */
  static ProjectKernel compile(List<Ir> expressions) {
    List<LaneProgram.Output> outputs = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      outputs.add(new LaneProgram.Output(i, expressions.get(i)));
    }
    return compileOutputs(outputs);
  }

  /** Some outputs of a projection. */
  static ProjectKernel compileOutputs(List<LaneProgram.Output> outputs) {
    List<ProjectKernel> parts = new ArrayList<>();
    List<LaneProgram.Output> part = new ArrayList<>();
    int nodes = 0;
    for (LaneProgram.Output output : outputs) {
      int more = Traversal.postorder(output.expression()).size();
      boolean full = part.size() == CLASS_OUTPUTS_MAX || nodes + more > CLASS_NODES_MAX;
      if (full && !part.isEmpty()) {
        parts.add(ProjectCompiler.compile(part));
        part = new ArrayList<>();
        nodes = 0;
      }
      part.add(output);
      nodes += more;
    }
    if (!part.isEmpty()) {
      parts.add(ProjectCompiler.compile(part));
    }
    return parts.size() == 1 ? parts.getFirst() : new SplitProjection(parts);
  }
}
