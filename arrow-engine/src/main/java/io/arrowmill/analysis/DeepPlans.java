package io.arrowmill.analysis;

import io.arrowmill.ArrowmillException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.PlanExpressions;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Does work over plans and expressions, which is recursive, where there is enough stack for it:
 * programs that build expressions nest them thousands deep. Stateless, for any thread.
 */
public final class DeepPlans {
  /** How deep an expression may be nested. */
  static final int NESTING_MAX = 3_000;

  /** What is nested deeper, plan and expressions together, is left to a thread of its own. */
  private static final int ON_THIS_STACK = 300;

  /** Only reserved; memory is taken for what is used of it. */
  private static final long STACK_BYTES = 256L << 20;

  private DeepPlans() {}

  /**
   * Does the work, on this thread unless the plan is nested deeply.
   *
   * @throws io.arrowmill.AnalysisException if an expression is nested beyond what is supported
   */
  public static <T> T run(LogicalPlan plan, Supplier<T> work) {
    if (left(plan, ON_THIS_STACK) >= 0) {
      return work.get();
    }
    requireSupported(plan);
    return onLargeStack(
        "arrowmill-deep-plan",
        () -> {
          try {
            return work.get();
          } catch (StackOverflowError e) {
            throw tooDeep("nesting of operators and expressions");
          }
        });
  }

  /** What the plan leaves of so many levels; negative if it has more. */
  private static int left(LogicalPlan plan, int levels) {
    int most = 0;
    for (Expression expression : PlanExpressions.of(plan)) {
      most = Math.max(most, levels(expression, levels));
    }
    int rest = levels - 1 - most;
    int least = rest;
    for (LogicalPlan input : plan.children()) {
      if (least < 0) {
        break;
      }
      least = Math.min(least, left(input, rest));
    }
    return least;
  }

  /** Levels of the expression, or more than {@code limit}. */
  private static int levels(Expression expression, int limit) {
    if (limit == 0) {
      return 1;
    }
    int most = 0;
    for (Expression child : expression.children()) {
      most = Math.max(most, levels(child, limit - 1));
      if (most >= limit) {
        break;
      }
    }
    return 1 + most;
  }

  private static void requireSupported(LogicalPlan root) {
    Deque<LogicalPlan> plans = new ArrayDeque<>(List.of(root));
    while (!plans.isEmpty()) {
      LogicalPlan plan = plans.pop();
      PlanExpressions.of(plan).forEach(DeepPlans::requireSupported);
      plan.children().forEach(plans::push);
    }
  }

  /** Goes down level by level, each expression once a level. */
  private static void requireSupported(Expression root) {
    Set<Expression> level = identities();
    level.add(root);
    for (int depth = 1; !level.isEmpty(); depth++) {
      if (depth > NESTING_MAX) {
        throw tooDeep("expression");
      }
      Set<Expression> next = identities();
      level.forEach(expression -> next.addAll(expression.children()));
      level = next;
    }
  }

  private static Set<Expression> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static io.arrowmill.AnalysisException tooDeep(String what) {
    return Errors.of(
        "EXPRESSION_TOO_LARGE",
        what
            + " must not be nested so deeply: nestingMax="
            + NESTING_MAX
            + "; split it into several columns, or combine conditions in pairs instead of one after"
            + " the other");
  }

  /**
   * Does the work on a new thread with a large stack and waits for it.
   *
   * @throws RuntimeException what the work throws
   */
  public static <T> T onLargeStack(String threadName, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread =
        Thread.ofPlatform().name(threadName).stackSize(STACK_BYTES).daemon().start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt(); // it is for the work to end
        } catch (ExecutionException e) {
          throw rethrown(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException exception
        ? exception
        : new ArrowmillException("INTERNAL_ERROR", "work must not fail otherwise", failure);
  }
}
