package io.arrowmill.operator;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Metrics of rows on their way, within one run of a plan. What computes them is a pipeline that is
 * run as any other; where that asks for its input, the rows that are observed begin to flow through
 * both. Confined to the thread that runs the plan.
 */
final class Observations {
  private final BatchContext context;
  private final Deque<Consumer<List<Operator>>> begun = new ArrayDeque<>();

  Observations(BatchContext context) {
    this.context = context;
  }

  /** Runs a pipeline into one operator a task. */
  @FunctionalInterface
  interface Pipeline {
    void run(PhysicalPlan plan, List<Operator> out);
  }

  /**
   * Computes metrics.
   *
   * @param input runs the rows that are observed past the operators that it is given
   */
  void observe(ObservePlan plan, int tasks, Pipeline pipeline, Consumer<List<Operator>> input) {
    AtomicReference<Row> values = new AtomicReference<>();
    Operator taker = new Taker(values);
    begun.push(input);
    pipeline.run(plan.metrics(), Collections.nCopies(tasks, taker));
    Row row = values.get();
    if (row == null) {
      throw new IllegalStateException("metrics must be one row: " + plan.describe());
    }
    context.observed(plan.name(), row);
  }

  /** The metrics ask for their rows. */
  void rows(List<Operator> metrics) {
    begun.pop().accept(metrics);
  }

  /** Takes the one row of values. */
  private record Taker(AtomicReference<Row> values) implements Operator {
    @Override
    public void process(RecordBatch batch) {
      if (batch.rowCount() > 0) {
        values.set(new RowReader(batch).read(0));
      }
    }

    @Override
    public void close() {}
  }
}
