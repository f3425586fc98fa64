package io.arrowmill.optimize;

import io.arrowmill.plan.LogicalPlan;
import java.util.List;

/** Applies all rules until nothing changes. Immutable and thread-safe if the evaluator is. */
public final class Optimizer {
  /** Rounds after which rules that undo each other are cut short. */
  private static final int ROUNDS_MAX = 50;

  private final List<Rule> once;
  private final List<Rule> repeated;
  private final Rule inferFilters = new InferFilters();
  private final Rule dropImplied = new InferFilters.DropImplied();

  /** An optimizer that computes constants through {@code evaluator}. */
  public Optimizer(ConstantEvaluator evaluator) {
    this.once = List.of(new RemoveAliases(), new RemoveBatchWatermarks());
    this.repeated =
        List.of(
            new FoldConstants(evaluator),
            new TakeStructFields(),
            new CombineFilters(),
            new NarrowOuterJoins(evaluator),
            new PushFilters(),
            new PushJoinConditions(),
            new CollapseProjects(),
            new RemoveNoopProjects(),
            new PruneColumns());
  }

  /** The analyzed plan, rewritten. Columns keep their ids, names and types. */
  public LogicalPlan optimize(LogicalPlan plan) {
    LogicalPlan current = plan;
    for (Rule rule : once) {
      current = rule.apply(current);
    }
    LogicalPlan simple = repeat(current);
    LogicalPlan inferred = inferFilters.apply(simple);
    return inferred.equals(simple) ? simple : dropImplied.apply(repeat(inferred));
  }

  @SuppressWarnings("ReferenceEquality") // rules pass unchanged plans on as they are
  private LogicalPlan repeat(LogicalPlan plan) {
    LogicalPlan current = plan;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      LogicalPlan before = current;
      for (Rule rule : repeated) {
        current = rule.apply(current);
      }
      if (current == before || current.equals(before)) {
        break;
      }
    }
    return current;
  }
}
