package io.arrowmill.types;

import java.util.Objects;

/**
 * A named, typed field of a {@link StructType}.
 *
 * @param nullable whether values may be null
 */
public record StructField(String name, DataType type, boolean nullable) {
  public StructField {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
