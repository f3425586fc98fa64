package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Columns that are not in the files but in the names of their directories, {@code column=value}.
 */
public final class PartitionColumns {
  /** The directory name of a null value. */
  public static final String NULL_NAME = "__HIVE_DEFAULT_PARTITION__";

  private PartitionColumns() {}

  /** The column and the value that a directory's name gives, or null if it is not of that form. */
  static Map.@Nullable Entry<String, @Nullable String> parse(String directory) {
    int equals = directory.indexOf('=');
    if (equals <= 0) {
      return null;
    }
    String value = unescape(directory.substring(equals + 1));
    return new SimpleImmutableEntry<>(
        unescape(directory.substring(0, equals)), value.equals(NULL_NAME) ? null : value);
  }

  /** The columns in the names of directories below {@code base} down to {@code directory}. */
  static Map<String, @Nullable String> between(Path base, Path directory) {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    for (Path part : base.relativize(directory)) {
      Map.Entry<String, @Nullable String> column = parse(part.toString());
      if (column != null) {
        columns.put(column.getKey(), column.getValue());
      }
    }
    return columns;
  }

  /** Undoes {@code %XX}. */
  static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length()) {
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          out.append((char) (high * 16 + low));
          i += 2;
          continue;
        }
      }
      out.append(c);
    }
    return out.toString();
  }

  /**
   * The partition columns of a set of files, with the narrowest type that fits all values: INT,
   * BIGINT, DOUBLE, DATE, else STRING.
   *
   * @throws AnalysisException if the files are not all partitioned by the same columns
   */
  public static StructType infer(List<DataFile> files) {
    if (files.isEmpty()) {
      return new StructType();
    }
    List<String> names = List.copyOf(files.getFirst().partition().keySet());
    StructType schema = new StructType();
    for (DataFile file : files) {
      if (!names.equals(List.copyOf(file.partition().keySet()))) {
        throw new AnalysisException(
            "CONFLICTING_PARTITION_COLUMN_NAMES",
            "all files must lie in directories of the same columns: file="
                + files.getFirst().uri()
                + ", columns="
                + names
                + ", otherFile="
                + file.uri()
                + ", otherColumns="
                + file.partition().keySet()
                + "; read the directories one by one");
      }
    }
    for (String name : names) {
      DataType type = DataTypes.NULL;
      for (DataFile file : files) {
        String value = file.partition().get(name);
        if (value != null) {
          type = wider(type, typeOf(value));
        }
      }
      schema =
          schema.add(
              new StructField(name, type.equals(DataTypes.NULL) ? DataTypes.STRING : type, true));
    }
    return schema;
  }

  private static DataType wider(DataType left, DataType right) {
    if (left.equals(DataTypes.NULL) || left.equals(right)) {
      return right;
    }
    List<DataType> numbers = List.of(DataTypes.INTEGER, DataTypes.LONG, DataTypes.DOUBLE);
    int l = numbers.indexOf(left);
    int r = numbers.indexOf(right);
    return l >= 0 && r >= 0 ? numbers.get(Math.max(l, r)) : DataTypes.STRING;
  }

  private static DataType typeOf(String value) {
    if (value.matches("[+-]?\\d{1,19}")) {
      try {
        long number = Long.parseLong(value);
        return number == (int) number ? DataTypes.INTEGER : DataTypes.LONG;
      } catch (NumberFormatException e) {
        return DataTypes.DOUBLE;
      }
    }
    if (value.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      return DataTypes.DOUBLE;
    }
    if (value.matches("\\d{4}-\\d{2}-\\d{2}")) {
      try {
        LocalDate.parse(value);
        return DataTypes.DATE;
      } catch (DateTimeException e) {
        return DataTypes.STRING;
      }
    }
    return DataTypes.STRING;
  }
}
