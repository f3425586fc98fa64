package io.arrowmill.types;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of named fields: the schema of a table, or the type of a struct column.
 * Immutable.
 */
public final class StructType implements DataType {
  private static final StructType EMPTY = new StructType(List.of());

  /** From so many fields on names are looked up by hash. */
  private static final int FIELDS_MANY = 16;

  private final List<StructField> fields;

  /** The first position of each name; null until it is asked for. Any thread may set it. */
  private @Nullable Map<String, Integer> positions;

  /** A struct without fields, to {@link #add} to. */
  public StructType() {
    this(List.of());
  }

  private StructType(List<StructField> fields) {
    this.fields = List.copyOf(fields);
  }

  /** A struct of the given fields. */
  public static StructType of(StructField... fields) {
    return fields.length == 0 ? EMPTY : new StructType(Arrays.asList(fields));
  }

  /** A struct of the given fields. */
  public static StructType of(List<StructField> fields) {
    return new StructType(fields);
  }

  /**
   * Parses DDL text, such as {@code "id BIGINT NOT NULL, tags ARRAY<STRING>"}.
   *
   * @throws io.arrowmill.AnalysisException with condition {@code PARSE_SYNTAX_ERROR} if the text is
   *     not a schema
   */
  public static StructType fromDDL(String text) {
    return new TypeParser(text).parseSchema();
  }

  /** This struct with one more, nullable field. */
  public StructType add(String name, DataType type) {
    return add(new StructField(name, type, true));
  }

  /** This struct with one more field. */
  public StructType add(String name, DataType type, boolean nullable) {
    return add(new StructField(name, type, nullable));
  }

  /**
   * This struct with one more, nullable field whose type is given as DDL text, such as {@code
   * "int"}.
   */
  public StructType add(String name, String type) {
    return add(name, new TypeParser(type).parseType());
  }

  /** This struct with one more field. */
  public StructType add(StructField field) {
    List<StructField> more = new ArrayList<>(fields);
    more.add(field);
    return new StructType(more);
  }

  /** The fields, in order. */
  public List<StructField> fields() {
    return fields;
  }

  /** The fields' names, in order. */
  public String[] fieldNames() {
    return fields.stream().map(StructField::name).toArray(String[]::new);
  }

  /** Number of fields. */
  public int size() {
    return fields.size();
  }

  /** The field at {@code index}. */
  public StructField field(int index) {
    return fields.get(index);
  }

  /**
   * The position of the field of that exact name; if there is none, of the first that differs only
   * in case.
   */
  public OptionalInt indexOf(String name) {
    if (fields.size() >= FIELDS_MANY) {
      Integer position = positions().get(name);
      if (position != null) {
        return OptionalInt.of(position);
      }
    } else {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).name().equals(name)) {
          return OptionalInt.of(i);
        }
      }
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equalsIgnoreCase(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private Map<String, Integer> positions() {
    Map<String, Integer> known = positions;
    if (known == null) {
      Map<String, Integer> byName = new HashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        byName.putIfAbsent(fields.get(i).name(), i);
      }
      known = Map.copyOf(byName); // safe to read however it is published
      positions = known;
    }
    return known;
  }

  /** The schema as DDL text that {@link #fromDDL} reads back. */
  public String toDDL() {
    StringJoiner joiner = new StringJoiner(",");
    for (StructField field : fields) {
      joiner.add(
          quoteIfNeeded(field.name())
              + " "
              + field.type().sql()
              + (field.nullable() ? "" : " NOT NULL"));
    }
    return joiner.toString();
  }

  @Override
  public String sql() {
    StringJoiner joiner = new StringJoiner(", ", "STRUCT<", ">");
    for (StructField field : fields) {
      joiner.add(
          quoteIfNeeded(field.name())
              + ": "
              + field.type().sql()
              + (field.nullable() ? "" : " NOT NULL"));
    }
    return joiner.toString();
  }

  @Override
  public String simpleName() {
    return "struct";
  }

  /** The schema as an indented tree, one line a field. */
  public String treeString() {
    StringBuilder out = new StringBuilder("root\n");
    appendTree(this, " |", out);
    return out.toString();
  }

  private static void appendTree(DataType type, String prefix, StringBuilder out) {
    switch (type) {
      case StructType struct -> {
        for (StructField field : struct.fields) {
          appendNode(field.name(), field.type(), "nullable = " + field.nullable(), prefix, out);
        }
      }
      case ArrayType array ->
          appendNode(
              "element", array.element(), "containsNull = " + array.containsNull(), prefix, out);
      case MapType map -> {
        out.append(prefix).append("-- key: ").append(map.key().simpleName()).append('\n');
        appendTree(map.key(), prefix + "    |", out);
        appendNode(
            "value", map.value(), "valueContainsNull = " + map.valueContainsNull(), prefix, out);
      }
      default -> {}
    }
  }

  private static void appendNode(
      String name, DataType type, String nullability, String prefix, StringBuilder out) {
    out.append(prefix).append("-- ").append(name).append(": ").append(type.simpleName());
    out.append(" (").append(nullability).append(")\n");
    appendTree(type, prefix + "    |", out);
  }

  private static String quoteIfNeeded(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StructType struct && struct.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return sql().toLowerCase(Locale.ROOT);
  }
}
