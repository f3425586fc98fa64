package io.arrowmill.batch.record;

import io.arrowmill.types.DataType;
import org.jspecify.annotations.Nullable;

/** How lists, maps and records inside a record lie in columns where they may not be nested. */
public interface NestedForm {
  /** As nested columns. */
  NestedForm NESTED =
      new NestedForm() {
        @Override
        public DataType columnType(DataType type) {
          return type;
        }

        @Override
        public Object encode(Object value, DataType type) {
          return value;
        }

        @Override
        public Object decode(Object stored, DataType type) {
          return stored;
        }
      };

  /** The type of the column that holds values of a nested type. */
  DataType columnType(DataType type);

  /** The value as the column holds it. */
  Object encode(Object value, DataType type);

  /** The value of what the column holds. */
  @Nullable Object decode(Object stored, DataType type);
}
