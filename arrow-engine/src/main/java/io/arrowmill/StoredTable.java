package io.arrowmill;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A table of the session whose rows are files of a format in a directory.
 *
 * @param managed whether the directory is the table's own, and goes when the table is dropped
 * @param columns the columns, those that name directories last
 * @param partitionBy the columns that name directories
 */
record StoredTable(
    String name,
    String format,
    Path location,
    boolean managed,
    List<Attribute> columns,
    List<String> partitionBy) {
  StoredTable {
    columns = List.copyOf(columns);
    partitionBy = List.copyOf(partitionBy);
  }

  /** A table for rows of a schema, of which some columns name directories. */
  static StoredTable of(
      String name,
      String format,
      Path location,
      boolean managed,
      StructType schema,
      List<String> partitionBy) {
    List<Attribute> columns = new ArrayList<>();
    List<Attribute> directories = new ArrayList<>();
    for (Attribute column : Session.attributes(schema)) {
      boolean isDirectory = partitionBy.stream().anyMatch(column.name()::equalsIgnoreCase);
      (isDirectory ? directories : columns).add(column.withNullable(true));
    }
    columns.addAll(directories);
    return new StoredTable(name, format, location, managed, columns, partitionBy);
  }

  /** What reads it. */
  LogicalPlan relation(boolean streaming) {
    SourceSpec spec = new SourceSpec(format, schema(), Map.of("path", location.toString()));
    return streaming
        ? new StreamRelation(Expression.newId(), spec, columns)
        : new BatchRelation(spec, columns);
  }

  private StructType schema() {
    return StructType.of(
        columns.stream()
            .map(column -> new StructField(column.name(), column.type(), column.nullable()))
            .toList());
  }

  /** Whether a query with this schema may write to it: names and types, in any order. */
  boolean takes(StructType schema) {
    return schema.size() == columns.size()
        && columns.stream()
            .allMatch(column ->
                schema.fields().stream()
                    .anyMatch(field ->
                        field.name().equalsIgnoreCase(column.name())
                            && field.type().equals(column.type())));
  }

  /** Removes the files of a managed table. */
  void drop() {
    if (!managed || !Files.isDirectory(location)) {
      return;
    }
    try (Stream<Path> files = Files.walk(location)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new ArrowmillException(
          "TABLE_NOT_DROPPED",
          "files of a table must be removable: table="
              + name
              + ", location="
              + location
              + ", error="
              + e.getMessage()
              + "; remove them by hand",
          e);
    }
  }
}
