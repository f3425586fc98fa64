package io.arrowmill.analysis;

import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.GroupsWithState;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.KeyedRows;
import io.arrowmill.plan.StateFunction;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import java.util.ArrayList;
import java.util.List;

/** In which streaming queries functions that keep state have a meaning; the rules are Spark's. */
final class StateFunctionRules {
  private StateFunctionRules() {}

  /**
   * Checks the state functions of a streaming plan.
   *
   * @throws io.arrowmill.AnalysisException if one breaks a rule
   */
  static void check(LogicalPlan plan, OutputMode mode) {
    List<GroupsWithState> functions = new ArrayList<>();
    collect(plan, functions);
    boolean aggregates = hasAggregate(plan);
    functions.removeIf(StateFunctionRules::keepsNothing);
    for (GroupsWithState function : functions) {
      checkOne(function, mode, aggregates);
    }
    if (functions.size() > 1) {
      checkSeveral(functions);
    }
    checkAbove(plan);
  }

  /** Whether an aggregation by a function of the program is in the plan. */
  static boolean reduces(LogicalPlan plan) {
    return (plan instanceof GroupsWithState groups && groups.function().reduces())
        || plan.children().stream().anyMatch(StateFunctionRules::reduces);
  }

  private static boolean keepsNothing(GroupsWithState groups) {
    return groups.function().name().equals(StateFunction.FLAT_MAP_GROUPS);
  }

  private static void collect(LogicalPlan plan, List<GroupsWithState> functions) {
    if (plan instanceof GroupsWithState groups && groups.isStreaming()) {
      functions.add(groups);
    }
    plan.children().forEach(child -> collect(child, functions));
  }

  private static boolean hasAggregate(LogicalPlan plan) {
    return plan.isStreaming()
        && (plan instanceof Aggregate
            || plan.children().stream().anyMatch(StateFunctionRules::hasAggregate));
  }

  private static void checkOne(GroupsWithState groups, OutputMode mode, boolean aggregates) {
    String name = groups.function().name();
    KeyedRows initial = groups.initial();
    if (initial != null && initial.plan().isStreaming()) {
      throw unsupported(
          "INITIAL_STATE",
          "initial state must be a bounded table: operator=" + name + "; read it with read()");
    }
    if (groups.function().reduces()) {
      if (mode == OutputMode.APPEND) {
        throw mode(name, mode, "use Update or Complete");
      }
      return;
    }
    boolean update = groups.mode() == OutputMode.UPDATE;
    if (aggregates && update) {
      throw unsupported(
          "STATE_FUNCTION_WITH_AGGREGATION",
          "a state function whose rows replace others can't be with an aggregation: operator="
              + name
              + ", mode="
              + groups.mode()
              + "; use flatMapGroupsWithState in output mode Append");
    }
    if (aggregates && hasAggregate(groups.child())) {
      throw unsupported(
          "STATE_FUNCTION_WITH_AGGREGATION",
          "a state function can't follow an aggregation: operator="
              + name
              + "; call it before, or write the first result and read it as a stream");
    }
    if (!aggregates && groups.mode() != mode) {
      throw mode(
          name, mode, "the query must have the function's mode, functionMode=" + groups.mode());
    }
    if (groups.function().timeout() == GroupStateTimeout.EVENT_TIME_TIMEOUT
        && groups.child().output().stream().noneMatch(Attribute::isEventTime)) {
      throw unsupported(
          "EVENT_TIME_TIMEOUT_WITHOUT_WATERMARK",
          "timeouts by event time need a watermark: operator="
              + name
              + "; call withWatermark before groupByKey, and no map in between");
    }
  }

  private static RuntimeException mode(String name, OutputMode mode, String remedy) {
    return Errors.of(
        "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
        name + " can't be in a query of output mode " + mode + ": mode=" + mode + "; " + remedy);
  }

  private static void checkSeveral(List<GroupsWithState> functions) {
    if (functions.stream().anyMatch(groups -> groups.mode() != OutputMode.APPEND)) {
      throw unsupported(
          "SEVERAL_STATE_FUNCTIONS",
          "several state functions in one query must all be flatMapGroupsWithState in output mode"
              + " Append: operators="
              + functions.stream().map(each -> each.function().name()).toList()
              + "; write the first result and read it as a stream");
    }
  }

  /** What keeps state by event time would drop rows that a function gives late. */
  private static void checkAbove(LogicalPlan plan) {
    boolean keepsState =
        plan instanceof Aggregate
            || plan instanceof Deduplicate
            || plan instanceof GroupsWithState
            || (plan instanceof Join join
                && join.left().isStreaming()
                && join.right().isStreaming());
    for (LogicalPlan child : plan.children()) {
      if (keepsState && givesLate(child)) {
        throw unsupported(
            "STATE_OVER_STATE_FUNCTION",
            "what follows a state function with timeouts by event time must not keep state:"
                + " operator="
                + plan.getClass().getSimpleName()
                + "; write the first result and read it as a stream");
      }
      checkAbove(child);
    }
  }

  private static boolean givesLate(LogicalPlan plan) {
    return (plan instanceof GroupsWithState groups
            && groups.isStreaming()
            && groups.function().timeout() == GroupStateTimeout.EVENT_TIME_TIMEOUT)
        || plan.children().stream().anyMatch(StateFunctionRules::givesLate);
  }

  private static RuntimeException unsupported(String kind, String message) {
    return Errors.of("UNSUPPORTED_STREAMING_OPERATION." + kind, message);
  }
}
