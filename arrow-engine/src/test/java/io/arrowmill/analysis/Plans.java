package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import io.arrowmill.types.TypeParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Short spellings of unresolved plans. */
public final class Plans {
  private Plans() {}

  public static BatchRelation batch(String ddl) {
    StructType schema = StructType.fromDDL(ddl);
    return new BatchRelation(new SourceSpec("test", schema, Map.of()), columns(schema));
  }

  public static StreamRelation stream(String ddl) {
    StructType schema = StructType.fromDDL(ddl);
    return new StreamRelation(
        Expression.newId(), new SourceSpec("test", schema, Map.of()), columns(schema));
  }

  private static List<Attribute> columns(StructType schema) {
    List<Attribute> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(Attribute.of(field.name(), field.type(), field.nullable()));
    }
    return columns;
  }

  public static UnresolvedAttribute col(String name) {
    return new UnresolvedAttribute(List.of(name.split("\\.")));
  }

  public static UnresolvedStar star() {
    return new UnresolvedStar(List.of());
  }

  public static Literal lit(Object value) {
    return switch (value) {
      case Integer ignored -> new Literal(value, DataTypes.INTEGER);
      case Long ignored -> new Literal(value, DataTypes.LONG);
      case Double ignored -> new Literal(value, DataTypes.DOUBLE);
      case Boolean ignored -> new Literal(value, DataTypes.BOOLEAN);
      case BigDecimal decimal ->
          new Literal(value, DataTypes.decimal(decimal.precision(), decimal.scale()));
      default -> new Literal(value, DataTypes.STRING);
    };
  }

  public static UnresolvedFunction fn(String name, Object... arguments) {
    List<Expression> all = new ArrayList<>();
    for (Object argument : arguments) {
      all.add(argument instanceof Expression expression ? expression : lit(argument));
    }
    return new UnresolvedFunction(name, all, false, null);
  }

  public static Cast cast(Expression child, String type) {
    return new Cast(child, new TypeParser(type).parseType(), false);
  }

  public static Alias as(Expression child, String name) {
    return Alias.of(child, name);
  }

  public static LogicalPlan analyze(LogicalPlan plan) {
    return new Analyzer(RelationLookup.NONE, AnalysisConf.DEFAULT).analyze(plan);
  }

  /** Output columns as {@code name type}. */
  public static List<String> output(LogicalPlan plan) {
    return plan.output().stream().map(column -> column.name() + " " + text(column.type())).toList();
  }

  private static String text(DataType type) {
    return type.sql().toLowerCase(Locale.ROOT);
  }

  /** The plan as one line a node, with columns as {@code name}, aliases as {@code text AS name}. */
  public static String tree(LogicalPlan plan) {
    StringBuilder out = new StringBuilder();
    tree(plan, 0, out);
    return out.toString();
  }

  private static void tree(LogicalPlan plan, int depth, StringBuilder out) {
    out.append("  ".repeat(depth)).append(plan.getClass().getSimpleName());
    switch (plan) {
      case LogicalPlan.Aggregate aggregate ->
          out.append(' ')
              .append(Errors.texts(aggregate.groupings()))
              .append(' ')
              .append(Errors.texts(aggregate.results()));
      case LogicalPlan.Filter filter -> out.append(' ').append(filter.condition().sql());
      case LogicalPlan.Project project -> out.append(' ').append(Errors.texts(project.columns()));
      case LogicalPlan.Sort sort -> out.append(' ').append(Errors.texts(sort.orders()));
      case LogicalPlan.Leaf leaf -> out.append(' ').append(Errors.texts(leaf.output()));
      default -> {}
    }
    out.append('\n');
    plan.children().forEach(child -> tree(child, depth + 1, out));
  }
}
