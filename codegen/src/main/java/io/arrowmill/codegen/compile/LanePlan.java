package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.ArrayList;
import java.util.List;

/** Decides what is computed in lanes, and in how many loops. All expressions are lowered. */
final class LanePlan {

  /** How many nodes the expressions of one loop have. */
  private static final int LOOP_NODES_MAX = 120;

  /** How many outputs one loop writes: more streams than that are slow to write at once. */
  private static final int LOOP_OUTPUTS_MAX = 8;

  private LanePlan() {}

  static ProjectKernel project(List<Ir> expressions, LaneStart start) {
    List<LaneProgram.Output> inLanes = new ArrayList<>();
    List<LaneProgram.Output> others = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      LaneProgram.Output output = new LaneProgram.Output(i, expressions.get(i));
      (LaneSupport.has(output.expression()) ? inLanes : others).add(output);
    }
    if (inLanes.isEmpty()) {
      return withoutLanes(others, start);
    }
    ProjectKernel scalar = ScalarProjection.compile(expressions);
    ProjectKernel rest = others.isEmpty() ? scalar : ScalarProjection.compileOutputs(inLanes);
    List<LaneSite> loops = new ArrayList<>();
    for (List<LaneProgram.Output> loop : loops(inLanes)) {
      ProjectKernel same =
          loop.size() == inLanes.size() ? rest : ScalarProjection.compileOutputs(loop);
      loops.add(new LaneSite(new LaneProgram(null, false, loop), asLanes(same), start));
    }
    return new LaneProject(
        new LaneProject.Parts(loops, scalar, withoutLanes(others, start), rest),
        expressions.stream().map(Ir::type).toList(),
        inLanes.stream().mapToInt(LaneProgram.Output::index).toArray());
  }

  /** Outputs that have no lanes by themselves; texts of a whole column may have. */
  private static ProjectKernel withoutLanes(List<LaneProgram.Output> outputs, LaneStart start) {
    List<ProjectKernel> parts = new ArrayList<>();
    List<LaneProgram.Output> others = new ArrayList<>();
    for (LaneProgram.Output output : outputs) {
      if (AsciiProject.has(output.expression())) {
        ProjectKernel scalar = ScalarProjection.compileOutputs(List.of(output));
        parts.add(AsciiProject.of(output, start, scalar));
      } else {
        others.add(output);
      }
    }
    if (parts.isEmpty() || !others.isEmpty()) {
      parts.add(ScalarProjection.compileOutputs(others));
    }
    return parts.size() == 1 ? parts.getFirst() : new SplitProjection(parts);
  }

  private static List<List<LaneProgram.Output>> loops(List<LaneProgram.Output> outputs) {
    List<List<LaneProgram.Output>> loops = new ArrayList<>();
    List<LaneProgram.Output> loop = new ArrayList<>();
    int nodes = 0;
    for (LaneProgram.Output output : outputs) {
      int more = LaneSupport.size(output.expression());
      boolean full = nodes + more > LOOP_NODES_MAX || loop.size() == LOOP_OUTPUTS_MAX;
      if (full && !loop.isEmpty()) {
        loops.add(loop);
        loop = new ArrayList<>();
        nodes = 0;
      }
      loop.add(output);
      nodes += more;
    }
    loops.add(loop);
    return loops;
  }

  /** Whether one loop takes a predicate and all outputs. */
  static boolean fuses(Ir predicate, List<Ir> expressions) {
    int nodes = LaneSupport.size(predicate);
    boolean hasLanes = LaneSupport.has(predicate) && expressions.size() <= LOOP_OUTPUTS_MAX;
    for (Ir expression : expressions) {
      hasLanes = hasLanes && LaneSupport.has(expression);
      nodes += LaneSupport.size(expression);
    }
    return hasLanes && nodes <= LOOP_NODES_MAX;
  }

  /** One loop for a predicate and outputs that fuse. */
  static FilterProjectKernel filterProject(Ir predicate, List<Ir> expressions, LaneStart start) {
    TwoStepFilterProject scalar = twoSteps(predicate, expressions);
    LaneKernel same = asLanes(scalar);
    List<LaneProgram.Output> outputs = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      outputs.add(new LaneProgram.Output(i, expressions.get(i)));
    }
    return new LaneFilterProject(
        new LaneSite(new LaneProgram(predicate, false, outputs), same, start),
        new LaneSite(new LaneProgram(predicate, true, outputs), same, start),
        scalar);
  }

  static FilterKernel filter(Ir predicate, LaneStart start) {
    FilterKernel scalar = FilterCompiler.compile(predicate);
    if (!LaneSupport.has(predicate)) {
      return scalar;
    }
    LaneProgram program = new LaneProgram(predicate, true, List.of());
    return new LaneFilter(new LaneSite(program, asLanes(scalar), start), scalar);
  }

  /** Scalar code that does what a program does, from position 0 on. */
  static LaneKernel scalar(LaneProgram program) {
    Ir predicate = program.predicate();
    if (predicate == null) {
      return asLanes(ScalarProjection.compileOutputs(program.outputs()));
    }
    List<Ir> expressions = program.outputs().stream().map(LaneProgram.Output::expression).toList();
    return expressions.isEmpty()
        ? asLanes(FilterCompiler.compile(predicate))
        : asLanes(twoSteps(predicate, expressions));
  }

  private static TwoStepFilterProject twoSteps(Ir predicate, List<Ir> expressions) {
    return new TwoStepFilterProject(
        FilterCompiler.compile(predicate),
        ScalarProjection.compile(expressions),
        expressions.stream().map(Ir::type).toList());
  }

  private static LaneKernel asLanes(ProjectKernel kernel) {
    return (columns, first, count, _, outputs, _) -> {
      kernel.project(columns, 0, first, count, outputs);
      return count;
    };
  }

  private static LaneKernel asLanes(TwoStepFilterProject kernel) {
    return (columns, first, count, selection, outputs, _) ->
        kernel.run(columns, first, count, selection, outputs);
  }

  private static LaneKernel asLanes(FilterKernel kernel) {
    return (columns, first, count, selection, _, _) ->
        kernel.filter(columns, first, count, selection);
  }
}
