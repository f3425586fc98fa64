package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The columns that names can mean at one place of a query, with the table or alias each is known
 * under.
 */
final class Scope {
  /** A column; {@code qualifier} is null where it has none. */
  record Column(Attribute attribute, @Nullable String qualifier) {}

  private final List<Column> columns;
  private final AnalysisConf conf;

  /** The columns by their folded names; each name has one at least. */
  private final Map<String, List<Column>> byName = new HashMap<>();

  private Scope(List<Column> columns, AnalysisConf conf) {
    this.columns = List.copyOf(columns);
    this.conf = conf;
    for (Column column : columns) {
      String name = conf.folded(column.attribute().name());
      byName.computeIfAbsent(name, unknown -> new ArrayList<>(1)).add(column);
    }
  }

  /** What the outputs of resolved plans, side by side, are called. */
  static Scope of(List<LogicalPlan> plans, AnalysisConf conf) {
    List<Column> columns = new ArrayList<>();
    for (LogicalPlan plan : plans) {
      Map<Long, String> qualifiers = qualifiers(plan);
      for (Attribute attribute : plan.output()) {
        columns.add(new Column(attribute, qualifiers.get(attribute.id())));
      }
    }
    return new Scope(columns, conf);
  }

  private static Map<Long, String> qualifiers(LogicalPlan plan) {
    Map<Long, String> byId = new HashMap<>();
    if (plan instanceof SubqueryAlias alias) {
      for (Attribute attribute : alias.output()) {
        byId.put(attribute.id(), alias.name());
      }
      return byId;
    }
    for (LogicalPlan child : plan.children()) {
      byId.putAll(qualifiers(child));
    }
    return byId;
  }

  List<Column> columns() {
    return columns;
  }

  List<String> names() {
    return columns.stream().map(column -> column.attribute().name()).toList();
  }

  /** The columns under a table name or alias; all if the qualifier is empty. */
  List<Attribute> star(List<String> qualifier) {
    return columns.stream()
        .filter(column -> qualifier.isEmpty() || matches(column.qualifier(), qualifier))
        .map(Column::attribute)
        .toList();
  }

  private boolean matches(@Nullable String qualifier, List<String> parts) {
    if (qualifier == null) {
      return false;
    }
    String wanted = String.join(".", parts);
    return conf.sameName(qualifier, wanted)
        || conf.sameName(qualifier.substring(qualifier.lastIndexOf('.') + 1), wanted);
  }

  /**
   * The column, or field inside one, that the parts of a name mean; null if there is none.
   *
   * @throws io.arrowmill.AnalysisException if several columns are meant, or the column has no such
   *     field
   */
  @Nullable Expression resolve(List<String> parts) {
    for (int at = parts.size() - 1; at >= 0; at--) {
      List<String> qualifier = parts.subList(0, at);
      Attribute found = column(qualifier, parts.get(at), parts);
      if (found != null) {
        Expression value = found;
        for (String field : parts.subList(at + 1, parts.size())) {
          value = field(value, field);
        }
        return value;
      }
    }
    return null;
  }

  private @Nullable Attribute column(List<String> qualifier, String name, List<String> parts) {
    Attribute found = null;
    for (Column column : named(qualifier, name)) {
      if (found != null && found.id() != column.attribute().id()) {
        throw ambiguous(qualifier, name, parts);
      }
      found = column.attribute();
    }
    return found == null
        ? null
        : new Attribute(
            found.id(), name, found.type(), found.nullable(), found.eventTimeDelayMicros());
  }

  private List<Column> named(List<String> qualifier, String name) {
    List<Column> named = byName.getOrDefault(conf.folded(name), List.of());
    return qualifier.isEmpty()
        ? named
        : named.stream().filter(column -> matches(column.qualifier(), qualifier)).toList();
  }

  private RuntimeException ambiguous(List<String> qualifier, String name, List<String> parts) {
    List<String> candidates =
        named(qualifier, name).stream()
            .map(column ->
                column.qualifier() == null
                    ? column.attribute().name()
                    : column.qualifier() + "." + column.attribute().name())
            .toList();
    return Errors.of(
        "AMBIGUOUS_REFERENCE",
        "name must mean one column: name="
            + String.join(".", parts)
            + ", candidates="
            + candidates
            + "; qualify it with the table's name or alias, or rename a column");
  }

  /** A field of a struct, or the value of a map, by name. */
  static Expression field(Expression from, String name) {
    if (from.type() instanceof StructType struct) {
      OptionalInt ordinal = struct.indexOf(name);
      if (ordinal.isPresent()) {
        return new GetField(from, ordinal.getAsInt());
      }
      throw Errors.of(
          "FIELD_NOT_FOUND",
          "field must exist: name="
              + name
              + ", column="
              + from.sql()
              + ", fields="
              + List.of(struct.fieldNames()));
    }
    if (from.type() instanceof MapType) {
      return UnresolvedFunction.of("getitem", from, new Literal(name, DataTypes.STRING));
    }
    throw Errors.of(
        "INVALID_EXTRACT_BASE_FIELD_TYPE",
        "only structs and maps have fields to be read by name: expression="
            + from.sql()
            + ", type="
            + from.type().sql()
            + ", field="
            + name);
  }
}
