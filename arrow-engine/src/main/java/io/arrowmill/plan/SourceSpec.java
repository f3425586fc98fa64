package io.arrowmill.plan;

import io.arrowmill.types.StructType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names a source or sink of data: what {@code format(...).schema(...).options(...).load()} said.
 * Option names are matched without regard to case; a path is the option {@code path}.
 *
 * @param format the connector's name, such as {@code parquet}
 * @param schema the schema the user gave, or null to let the source say
 */
public record SourceSpec(String format, @Nullable StructType schema, Map<String, String> options) {
  public SourceSpec {
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(options);
    options = java.util.Collections.unmodifiableMap(sorted);
  }

  /** The value of an option, or null if it was not given. */
  public @Nullable String option(String name) {
    return options.get(name);
  }
}
