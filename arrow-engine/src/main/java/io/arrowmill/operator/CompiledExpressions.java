package io.arrowmill.operator;

import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.KernelSettings;
import io.arrowmill.kernel.Transform;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.operator.PhysicalPlan.GeneratePlan;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled expressions of one physical plan: compiled when the plan is first run, used by every
 * run after. Any task may ask; the thread that runs the plan has compiled before tasks start.
 */
public final class CompiledExpressions {
  private final KernelSettings settings;
  private final IdentityHashMap<PhysicalPlan, Transform> transforms = new IdentityHashMap<>();
  private final IdentityHashMap<ScanPlan, List<Transform>> scanFilters = new IdentityHashMap<>();
  private final IdentityHashMap<PhysicalPlan, TypedCodec> codecs = new IdentityHashMap<>();
  private final IdentityHashMap<PhysicalPlan, GroupsCodec> groupCodecs = new IdentityHashMap<>();

  /** Compiles every expression of {@code plan}. */
  public CompiledExpressions(PhysicalPlan plan, KernelSettings settings) {
    this.settings = settings;
    compile(plan);
  }

  private void compile(PhysicalPlan plan) {
    plan.inputs().forEach(this::compile);
    switch (plan) {
      case FilterProjectPlan project ->
          transforms.put(
              plan,
              transform(
                  project.filter(), project.columns(), project.input().output(), plan.schema()));
      case GeneratePlan generate ->
          transforms.put(
              plan,
              transform(
                  null,
                  List.of(generate.generator().argument()),
                  generate.input().output(),
                  StructType.of(
                      DataTypes.field("collection", generate.generator().argument().type()))));
      case ExpandWindowsPlan expand ->
          transforms.put(
              plan,
              transform(
                  null,
                  List.of(expand.window().time()),
                  expand.input().output(),
                  StructType.of(DataTypes.field("time", expand.window().time().type()))));
      case HashJoinPlan join when join.residual() != null -> {
        transforms.put(
            plan,
            transform(
                null,
                List.of(join.residual()),
                JoinColumns.residualInput(join),
                StructType.of(DataTypes.field("matches", DataTypes.BOOLEAN))));
      }
      case StreamJoinPlan join when join.residual() != null ->
          transforms.put(
              plan,
              transform(
                  null,
                  List.of(join.residual()),
                  join.residualColumns(),
                  StructType.of(DataTypes.field("matches", DataTypes.BOOLEAN))));
      case ScanPlan scan -> scanFilters.put(scan, filters(scan));
      case GroupsWithStatePlan groups -> groupCodecs.put(plan, new GroupsCodec(groups.function()));
      case TypedRowsPlan typed -> codecs.put(plan, new TypedCodec(typed.function()));
      default -> {}
    }
  }

  private List<Transform> filters(ScanPlan scan) {
    return scan.filters().stream()
        .map(filter ->
            transform(
                filter, List.of(), List.of(ScanFilters.column(scan, filter)), new StructType()))
        .toList();
  }

  private Transform transform(
      @Nullable Expression filter,
      List<Expression> columns,
      List<Attribute> input,
      StructType schema) {
    return Transform.compile(filter, columns, input, schema, settings);
  }

  private Transform of(PhysicalPlan plan) {
    Transform transform = transforms.get(plan);
    if (transform == null) {
      throw new IllegalStateException("plan must have been compiled: " + plan.describe());
    }
    return transform;
  }

  /** A task's own filters of a scan; the caller closes them. */
  List<ScanFilter> scanFilters(ScanPlan plan, BatchContext context) {
    List<ScanFilter> filters = new ArrayList<>();
    try (Parts parts = new Parts()) {
      for (Transform transform : scanFilters.getOrDefault(plan, List.of())) {
        TransformTask test = transform.open(context.allocator(), context.memory(), context.now());
        filters.add(parts.add(new ScanFilter(transform.input().getFirst(), test)));
      }
      parts.complete();
    }
    return filters;
  }

  Operator filterProject(FilterProjectPlan plan, BatchContext context, Operator next) {
    return new FilterProjectOperator(
        of(plan).open(context.allocator(), context.memory(), context.now()), next);
  }

  Operator generate(GeneratePlan plan, BatchContext context, Operator next) {
    return new GenerateOperator(
        plan,
        of(plan).open(context.allocator(), context.memory(), context.now()),
        context.allocator(),
        next);
  }

  Operator expandWindows(ExpandWindowsPlan plan, BatchContext context, Operator next) {
    return new ExpandWindowsOperator(
        plan,
        of(plan).open(context.allocator(), context.memory(), context.now()),
        context.allocator(),
        next);
  }

  Operator typedRows(TypedRowsPlan plan, BatchContext context, Operator next) {
    TypedCodec codec = codecs.get(plan);
    if (codec == null) {
      throw new IllegalStateException("plan must have been compiled: " + plan.describe());
    }
    return new TypedRowsOperator(plan, codec, context.allocator(), next);
  }

  GroupsCodec groups(GroupsWithStatePlan plan) {
    GroupsCodec codec = groupCodecs.get(plan);
    if (codec == null) {
      throw new IllegalStateException("plan must have been compiled: " + plan.describe());
    }
    return codec;
  }

  Operator probe(HashJoinPlan plan, JoinBuild build, BatchContext context, Operator next) {
    JoinOutput output = new JoinOutput(JoinColumns.output(plan), build, context.allocator(), next);
    return new ProbeOperator(plan, build, residual(plan, build, context, next), context, output);
  }

  private @Nullable JoinResidual residual(
      HashJoinPlan plan, JoinBuild build, BatchContext context, Operator next) {
    return plan.residual() == null
        ? null
        : new JoinResidual(
            of(plan).open(context.allocator(), context.memory(), context.now()),
            new JoinOutput(JoinColumns.residual(plan), build, context.allocator(), next));
  }

  StreamJoinMeeting streamJoin(StreamJoinRun run, BatchContext context, Operator next) {
    Transform residual = run.plan().residual() == null ? null : of(run.plan());
    return new StreamJoinMeeting(
        run,
        residual == null
            ? null
            : residual.open(context.allocator(), context.memory(), context.now()),
        next);
  }

  /** The expressions' settings. */
  public KernelSettings settings() {
    return settings;
  }

  /** The columns of both sides of a join. */
  static List<Attribute> concat(List<Attribute> first, List<Attribute> second) {
    List<Attribute> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
