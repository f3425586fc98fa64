package io.arrowmill;

import io.arrowmill.SessionEngine.TableTarget;
import io.arrowmill.runtime.RuntimeConf;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds or makes the tables that streaming queries write to by name. */
final class TableTargets {
  private final Session session;

  TableTargets(Session session) {
    this.session = session;
  }

  TableTarget target(
      String name,
      String format,
      @Nullable String path,
      StructType schema,
      List<String> partitionBy) {
    if (!name.matches("\\w+")) {
      throw new AnalysisException(
          "INVALID_SCHEMA_OR_RELATION_NAME",
          "a table's name must be of letters, digits and underscores: name="
              + name
              + "; choose another");
    }
    if (session.catalog().isView(name)) {
      throw new AnalysisException(
          "_LEGACY_ERROR_TEMP_1190",
          "a query must write to a table, not to a view: name="
              + name
              + "; choose another name, or drop the view");
    }
    StoredTable known = session.catalog().stored(name);
    if (known == null && session.catalog().tableExists(name)) {
      throw new AnalysisException(
          "_LEGACY_ERROR_TEMP_1192",
          "a table must be of the query's format: table="
              + name
              + ", format="
              + format
              + ", tableFormat=memory; drop the table, or choose another name");
    }
    if (known != null) {
      requireSame(known, format, schema);
      return new TableTarget(known.location().toString(), known.partitionBy(), false);
    }
    session.sourceProvider(format); // so that it can be read
    StoredTable made =
        StoredTable.of(name, format, location(name, path), path == null, schema, partitionBy);
    session.catalog().putTable(made);
    return new TableTarget(made.location().toString(), partitionBy, true);
  }

  private static void requireSame(StoredTable table, String format, StructType schema) {
    if (!table.format().equalsIgnoreCase(format)) {
      throw new AnalysisException(
          "_LEGACY_ERROR_TEMP_1192",
          "a table must be of the query's format: table="
              + table.name()
              + ", format="
              + format
              + ", tableFormat="
              + table.format()
              + "; call format(\""
              + table.format()
              + "\")");
    }
    if (!table.takes(schema)) {
      throw new AnalysisException(
          "INCOMPATIBLE_DATA_FOR_TABLE",
          "a query must have the table's columns: table="
              + table.name()
              + ", tableColumns="
              + table.columns().stream()
                  .map(column -> column.name() + " " + column.type().sql())
                  .toList()
              + ", columns="
              + schema.toDDL()
              + "; select and cast them");
    }
  }

  private Path location(String name, @Nullable String path) {
    String text = path == null ? session.conf().snapshot().get(RuntimeConf.WAREHOUSE) : path;
    Path directory = text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
    Path location =
        (path == null ? directory.resolve(name.toLowerCase(Locale.ROOT)) : directory)
            .toAbsolutePath();
    try {
      return Files.createDirectories(location);
    } catch (IOException e) {
      throw new ArrowmillException(
          "SINK_OPEN_FAILED",
          "directory of a table must be writable: table="
              + name
              + ", location="
              + location
              + ", error="
              + e.getMessage()
              + "; set "
              + RuntimeConf.WAREHOUSE.key(),
          e);
    }
  }
}
