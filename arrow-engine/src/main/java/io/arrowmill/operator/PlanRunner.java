package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.operator.PhysicalPlan.GeneratePlan;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.operator.PhysicalPlan.LimitPlan;
import io.arrowmill.operator.PhysicalPlan.LocalPlan;
import io.arrowmill.operator.PhysicalPlan.RangePlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import io.arrowmill.operator.PhysicalPlan.UnionPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.state.MemoryLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Runs a physical plan once, pushing batches from the leaves to one operator a task at the top.
 *
 * <p>A chain of operators without a barrier is one pipeline: every task has its own copy of the
 * chain and takes splits from a common queue. Aggregations, sorts and the build side of joins are
 * barriers: they take all their input, then give theirs. Used once, by one thread.
 */
public final class PlanRunner {
  private final BatchContext context;
  private final CompiledExpressions compiled;
  private final Observations observations;

  /** A runner of plans whose expressions are in {@code compiled}. */
  public PlanRunner(BatchContext context, CompiledExpressions compiled) {
    this.context = context;
    this.compiled = compiled;
    this.observations = new Observations(context);
  }

  /** Takes the rows of a plan, one task's share each. */
  @FunctionalInterface
  public interface Output {
    /** Takes a batch, borrowed for the call. */
    void accept(RecordBatch batch);
  }

  /**
   * Runs the plan to its end.
   *
   * @param outputs one a task; each is called by one thread at a time
   * @throws ArrowmillException with condition {@code MEMORY_LIMIT_EXCEEDED} if memory is refused
   */
  public void run(PhysicalPlan plan, List<Output> outputs) {
    List<Operator> operators = new ArrayList<>();
    for (Output output : outputs) {
      operators.add(new OutputOperator(output));
    }
    withinLimits(() -> push(plan, operators));
  }

  /** Tells a refusal of memory while what is held is still held, so that the sizes are right. */
  private static void withinLimits(Runnable work) {
    try {
      work.run();
    } catch (OutOfMemoryException e) {
      throw MemoryLevel.exceeded(e);
    }
  }

  /** Tasks that a pipeline is run with. */
  public static int tasks(BatchContext context) {
    return context.workers().count();
  }

  private void push(PhysicalPlan plan, List<Operator> out) {
    context.checkActive();
    switch (plan) {
      case ScanPlan scan -> scan(scan, out);
      case LocalPlan local -> LocalRows.push(local, context, out.getFirst());
      case RangePlan range -> RangeRows.push(range, context, out.getFirst());
      case FilterProjectPlan project ->
          through(project.input(), out, next -> compiled.filterProject(project, context, next));
      case GeneratePlan generate ->
          through(generate.input(), out, next -> compiled.generate(generate, context, next));
      case ExpandWindowsPlan expand ->
          through(expand.input(), out, next -> compiled.expandWindows(expand, context, next));
      case TypedRowsPlan typed ->
          through(typed.input(), out, next -> compiled.typedRows(typed, context, next));
      case WatermarkPlan watermark ->
          through(watermark.input(), out, next -> new WatermarkOperator(watermark, context, next));
      case ObservePlan observe ->
          observations.observe(
              observe, out.size(), this::push, metrics -> observe(observe, metrics, out));
      case ObservePlan.Rows ignored -> observations.rows(out);
      case LimitPlan limit -> {
        AtomicLong left = new AtomicLong(limit.count());
        through(limit.input(), out, next -> new LimitOperator(left, context, next));
      }
      case UnionPlan union -> {
        for (PhysicalPlan input : union.inputs()) {
          through(input, out, next -> new RenameOperator(union.schema(), next));
        }
      }
      case SortPlan sort -> sort(sort, out);
      case OverPlan over -> over(over, out);
      case HashJoinPlan join -> join(join, out);
      case AggregatePlan aggregate -> aggregate(aggregate, out);
      case SessionPlan session -> sessions(session, out);
      case DeduplicatePlan deduplicate -> deduplicate(deduplicate, out);
      case StreamJoinPlan join -> join(join, out);
      case GroupsWithStatePlan groups -> groups(groups, out);
      case StreamLimitPlan limit -> {
        StreamLimitRun run = new StreamLimitRun(limit, context);
        through(limit.input(), out, next -> new LimitOperator(run.left(), context, next));
        run.finish();
      }
    }
  }

  /** Puts an operator in front of each task's output and runs the input into them. */
  private void through(
      PhysicalPlan input, List<Operator> out, UnaryOperator<Operator> operatorBefore) {
    List<Operator> operators = new ArrayList<>();
    try {
      for (Operator next : out) {
        operators.add(operatorBefore.apply(next));
      }
      push(input, operators);
    } finally {
      operators.forEach(Operator::close);
    }
  }

  private void observe(ObservePlan observe, List<Operator> metrics, List<Operator> out) {
    Iterator<Operator> ofTasks = metrics.iterator();
    through(observe.input(), out, next -> new ObserveOperator(observe, ofTasks.next(), next));
  }

  private void scan(ScanPlan scan, List<Operator> out) {
    List<InputSplit> splits;
    try {
      splits = context.splits(scan);
    } catch (IOException e) {
      throw readFailure(scan.describe(), e);
    }
    ConcurrentLinkedQueue<InputSplit> queue = new ConcurrentLinkedQueue<>(splits);
    parallel(
        Math.min(splits.size(), out.size()),
        (task, active) -> {
          List<ScanFilter> filters = compiled.scanFilters(scan, context);
          try {
            for (InputSplit split = queue.poll(); split != null; split = queue.poll()) {
              read(scan, split, List.copyOf(filters), out.get(task), active);
            }
          } finally {
            filters.forEach(ScanFilter::close);
          }
        });
  }

  private void read(
      ScanPlan scan,
      InputSplit split,
      List<ValueFilter> filters,
      Operator out,
      AtomicBoolean active) {
    try (BatchReader reader = split.open(context.allocator(), filters)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (RecordBatch owned = batch) {
          if (!active.get()) {
            return;
          }
          context.checkActive();
          context.rowsRead(scan, owned.rowCount());
          out.process(owned);
        }
      }
      context.rowsRead(scan, reader.rowsLeftOut());
    } catch (IOException e) {
      throw readFailure(split.description(), e);
    }
  }

  private static ArrowmillException readFailure(String what, IOException e) {
    return new ArrowmillException(
        "SOURCE_READ_FAILED",
        "source must be readable: what="
            + what
            + ", error="
            + e.getMessage()
            + "; check that it exists, is complete and may be read",
        e);
  }

  private void sort(SortPlan sort, List<Operator> out) {
    try (OperatorScope scope = new OperatorScope(context, sort.describe());
        SortBuffer buffer = new SortBuffer(sort, scope)) {
      through(sort.input(), out, ignored -> buffer.collector());
      partitions(buffer.begin(), out, (batch, ignored) -> buffer.distribute(batch));
      partitions(buffer.buckets(), out, (bucket, ignored) -> buffer.sort(bucket));
      withinLimits(() -> buffer.emit(out.getFirst()));
    }
  }

  private void over(OverPlan over, List<Operator> out) {
    try (OperatorScope scope = new OperatorScope(context, over.describe());
        OverBuffer buffer = new OverBuffer(over, scope)) {
      through(over.input(), out, ignored -> buffer.collector());
      partitions(buffer.begin(), out, (batch, ignored) -> buffer.distribute(batch));
      partitions(buffer.buckets(), out, buffer::emit);
    }
  }

  private void join(HashJoinPlan join, List<Operator> out) {
    try (OperatorScope scope = new OperatorScope(context, join.describe());
        JoinBuild build = new JoinBuild(join, scope, compiled.settings().newKeyHash())) {
      try {
        through(join.build(), out, ignored -> build.collector());
        withinLimits(build::seal);
      } catch (RuntimeException e) {
        throw build.explained(e);
      }
      through(join.probe(), out, next -> compiled.probe(join, build, context, next));
      if (build.emitsUnmatched()) {
        build.emitUnmatched(out.getFirst());
      }
    }
  }

  private void aggregate(AggregatePlan aggregate, List<Operator> out) {
    GroupStore store = context.store(aggregate, 0);
    try (AggregateRun run = new AggregateRun(aggregate, store, context)) {
      if (aggregate.panes() != null) {
        panes(aggregate, run, out);
        return;
      }
      List<AggregateOperator> operators = new ArrayList<>();
      try {
        for (int task = 0; task < out.size(); task++) {
          operators.add(run.operator(task));
        }
        push(aggregate.input(), List.copyOf(operators));
        parallel(operators.size(), (task, active) -> operators.get(task).flush());
      } finally {
        operators.forEach(AggregateOperator::close);
      }
      partitions(store.partitions().size(), out, run::emit);
    }
  }

  private void panes(AggregatePlan aggregate, AggregateRun run, List<Operator> out) {
    PaneRun panes = new PaneRun(run);
    int partitions = run.store().partitions().size();
    partitions(partitions, out, (partition, ignored) -> panes.begin(partition));
    List<PaneOperator> operators = new ArrayList<>();
    try {
      for (int task = 0; task < out.size(); task++) {
        operators.add(new PaneOperator(panes, task, out.get(task)));
      }
      push(aggregate.input(), List.copyOf(operators));
      parallel(operators.size(), (task, active) -> operators.get(task).flush());
      List<PaneStage.Staged> staged =
          PaneStage.staged(operators.stream().map(PaneOperator::stage).toList());
      partitions(
          partitions, operators, (partition, operator) -> operator.finish(staged, partition));
    } finally {
      operators.forEach(PaneOperator::close);
    }
  }

  private void sessions(SessionPlan plan, List<Operator> out) {
    try (SessionRun run = new SessionRun(plan, context)) {
      List<Operator> operators = new ArrayList<>();
      try {
        for (int task = 0; task < out.size(); task++) {
          operators.add(new SessionOperator(run, task));
        }
        push(plan.input(), operators);
      } finally {
        operators.forEach(Operator::close);
      }
      partitions(run.partitions(), out, run::emit);
    }
  }

  private void deduplicate(DeduplicatePlan deduplicate, List<Operator> out) {
    DeduplicateRun run = new DeduplicateRun(deduplicate, context);
    AtomicInteger tasks = new AtomicInteger();
    through(
        deduplicate.input(),
        out,
        next -> new DeduplicateOperator(run, tasks.getAndIncrement(), next));
    partitions(run.partitions(), out, (partition, ignored) -> run.evict(partition));
  }

  private void groups(GroupsWithStatePlan plan, List<Operator> out) {
    try (OperatorScope scope = new OperatorScope(context, plan.describe());
        GroupsWithStateRun run =
            new GroupsWithStateRun(plan, compiled.groups(plan), context.store(plan, 0), scope)) {
      run.begin();
      GroupsWithStatePlan.Initial initial = plan.initial();
      if (initial != null && run.takesInitial()) {
        through(initial.input(), out, ignored -> run.initialRows());
      }
      through(plan.input(), out, ignored -> run.rows());
      partitions(run.partitions(), out, run::run);
      run.end();
    }
  }

  private void join(StreamJoinPlan join, List<Operator> out) {
    try (StreamJoinRun run = new StreamJoinRun(join, context.joinStore(join), context)) {
      for (boolean isLeft : new boolean[] {true, false}) {
        through(join.side(isLeft).input(), out, next -> run.input(isLeft, next));
      }
      List<StreamJoinMeeting> meetings = new ArrayList<>();
      try {
        for (Operator next : out) {
          meetings.add(compiled.streamJoin(run, context, next));
        }
        partitions(run.partitions(), meetings, (partition, meeting) -> meeting.run(partition));
      } finally {
        meetings.forEach(StreamJoinMeeting::close);
      }
    }
  }

  /** Work on one partition of keyed state. */
  @FunctionalInterface
  private interface PartitionWork<T> {
    void run(int partition, T out);
  }

  /** Does the work on every partition, each by one task. */
  private <T> void partitions(int partitions, List<T> out, PartitionWork<T> work) {
    AtomicLong next = new AtomicLong();
    parallel(
        Math.min(partitions, out.size()),
        (task, active) -> {
          for (long p = next.getAndIncrement(); p < partitions; p = next.getAndIncrement()) {
            if (!active.get()) {
              return;
            }
            context.checkActive();
            work.run((int) p, out.get(task));
          }
        });
  }

  /** One task of a pipeline; {@code active} turns false when another one failed. */
  @FunctionalInterface
  private interface PipelineTask {
    void run(int task, AtomicBoolean active) throws Exception;
  }

  private void parallel(int tasks, PipelineTask work) {
    AtomicBoolean active = new AtomicBoolean(true);
    Workers.Task guarded =
        task -> {
          try {
            work.run(task, active);
          } catch (OutOfMemoryException e) {
            active.set(false);
            throw MemoryLevel.exceeded(e);
          } catch (Throwable e) {
            active.set(false);
            throw e;
          }
        };
    if (tasks > 0) {
      context.workers().run(tasks, guarded);
    }
  }

  /** The end of a pipeline. */
  private record OutputOperator(Output output) implements Operator {
    @Override
    public void process(RecordBatch batch) {
      output.accept(batch);
    }

    @Override
    public void close() {}
  }
}
