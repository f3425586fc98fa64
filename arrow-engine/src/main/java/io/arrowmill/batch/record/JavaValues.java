package io.arrowmill.batch.record;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.Component;
import io.arrowmill.types.JavaType.ListOf;
import io.arrowmill.types.JavaType.MapOf;
import io.arrowmill.types.JavaType.Plain;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructType;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of Java classes as the values of a {@link Row}, where a record is a Row, and back. Made
 * once a class. Safe for any thread.
 */
public sealed interface JavaValues {

  /** The value as a Row holds it. */
  @Nullable Object toRowValue(@Nullable Object value);

  /** The value of the class, of what a Row holds. */
  @Nullable Object fromRowValue(@Nullable Object value);

  /** Conversions of a type. */
  static JavaValues of(JavaType type) {
    return switch (type) {
      case Plain ignored -> AsIs.INSTANCE;
      case ListOf list -> new Elements(of(list.element()));
      case MapOf map -> new Entries(of(map.key()), of(map.value()));
      case RecordOf record -> new Records(record);
    };
  }

  /** Values that a Row holds as they are. */
  enum AsIs implements JavaValues {
    INSTANCE;

    @Override
    public @Nullable Object toRowValue(@Nullable Object value) {
      return value;
    }

    @Override
    public @Nullable Object fromRowValue(@Nullable Object value) {
      return value;
    }
  }

  /** Lists. */
  record Elements(JavaValues element) implements JavaValues {
    @Override
    public @Nullable Object toRowValue(@Nullable Object value) {
      if (!(value instanceof List<?> list)) {
        return value;
      }
      List<@Nullable Object> elements = new ArrayList<>(list.size());
      list.forEach(each -> elements.add(element.toRowValue(each)));
      return elements;
    }

    @Override
    public @Nullable Object fromRowValue(@Nullable Object value) {
      if (!(value instanceof List<?> list)) {
        return value;
      }
      List<@Nullable Object> elements = new ArrayList<>(list.size());
      list.forEach(each -> elements.add(element.fromRowValue(each)));
      return elements;
    }
  }

  /** Maps. */
  record Entries(JavaValues key, JavaValues value) implements JavaValues {
    @Override
    public @Nullable Object toRowValue(@Nullable Object map) {
      if (!(map instanceof Map<?, ?> entries)) {
        return map;
      }
      Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
      entries.forEach((k, v) -> converted.put(key.toRowValue(k), value.toRowValue(v)));
      return converted;
    }

    @Override
    public @Nullable Object fromRowValue(@Nullable Object map) {
      if (!(map instanceof Map<?, ?> entries)) {
        return map;
      }
      Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
      entries.forEach((k, v) -> converted.put(key.fromRowValue(k), value.fromRowValue(v)));
      return converted;
    }
  }

  /** Records. */
  final class Records implements JavaValues {
    private final RecordOf type;
    private final StructType schema;
    private final JavaValues[] parts;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    Records(RecordOf type) {
      this.type = type;
      this.schema = type.dataType();
      int count = type.components().size();
      this.parts = new JavaValues[count];
      this.accessors = new MethodHandle[count];
      for (int i = 0; i < count; i++) {
        Component component = type.components().get(i);
        parts[i] = of(component.type());
        MethodHandle accessor = RecordHandles.accessor(type, component);
        accessors[i] = accessor.asType(accessor.type().changeReturnType(Object.class));
      }
      MethodHandle spread = RecordHandles.constructor(type).asSpreader(Object[].class, count);
      this.constructor = spread.asType(spread.type().changeReturnType(Object.class));
    }

    @Override
    public @Nullable Object toRowValue(@Nullable Object value) {
      if (value == null) {
        return null;
      }
      List<@Nullable Object> values = new ArrayList<>(parts.length);
      try {
        for (int i = 0; i < parts.length; i++) {
          values.add(parts[i].toRowValue((@Nullable Object) accessors[i].invokeExact(value)));
        }
      } catch (Throwable e) {
        throw RecordHandles.thrown(type.javaClass(), e);
      }
      return Row.withSchema(schema, values);
    }

    @Override
    public @Nullable Object fromRowValue(@Nullable Object value) {
      if (!(value instanceof Row row)) {
        return value;
      }
      @Nullable Object[] values = new @Nullable Object[parts.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = parts[i].fromRowValue(row.get(i));
        Component component = type.components().get(i);
        if (values[i] == null && !component.nullable()) {
          throw nullInPrimitive(type.javaClass().getName() + "." + component.name());
        }
      }
      try {
        return (Object) constructor.invokeExact(values);
      } catch (Throwable e) {
        throw RecordHandles.thrown(type.javaClass(), e);
      }
    }
  }

  /** A null where a primitive component must have a value. */
  static ArrowmillException nullInPrimitive(String component) {
    return new ArrowmillException(
        "NOT_NULL_ASSERT_VIOLATION",
        "a component of a primitive class must have a value: component="
            + component
            + ", value=null; declare it with its box, such as Long for long, or leave such rows"
            + " out");
  }
}
