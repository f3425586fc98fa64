package io.arrowmill;

import io.arrowmill.plan.LogicalPlan;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What a DataFrame asks of the session that made it. Safe for any thread. */
public interface QueryEngine {

  /**
   * Resolves every name in a plan; parts that are resolved already stay as they are.
   *
   * @throws AnalysisException if the plan makes no sense
   */
  LogicalPlan analyze(LogicalPlan plan);

  /** Runs a bounded plan and gives its rows. */
  List<Row> collect(LogicalPlan plan);

  /** Runs a bounded plan and gives its batches; the caller closes the reader. */
  ArrowReader toArrow(LogicalPlan plan);

  /** How a plan would be run; {@code mode} is one of simple, extended, codegen, cost, formatted. */
  String explain(LogicalPlan plan, String mode);

  /**
   * The first rows as a table drawn with characters.
   *
   * @param rows most rows shown
   * @param truncate most characters of a value shown, or 0 for all
   */
  String showString(LogicalPlan plan, int rows, int truncate);

  /**
   * Gives a plan a name that queries can use.
   *
   * @throws AnalysisException if the name is taken and {@code replace} is false
   */
  void createTempView(String name, LogicalPlan plan, boolean replace);
}
