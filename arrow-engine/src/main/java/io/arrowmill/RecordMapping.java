package io.arrowmill;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps a Java record class to a schema and back; components are columns, primitives are not
 * nullable. A class that is not a record but has a type of its own (such as {@code Long} or {@code
 * String}) maps to one column {@code value}. Immutable.
 */
public final class RecordMapping<R> {
  private static final Map<Class<?>, DataType> TYPES =
      Map.ofEntries(
          Map.entry(boolean.class, DataTypes.BOOLEAN),
          Map.entry(Boolean.class, DataTypes.BOOLEAN),
          Map.entry(byte.class, DataTypes.BYTE),
          Map.entry(Byte.class, DataTypes.BYTE),
          Map.entry(short.class, DataTypes.SHORT),
          Map.entry(Short.class, DataTypes.SHORT),
          Map.entry(int.class, DataTypes.INTEGER),
          Map.entry(Integer.class, DataTypes.INTEGER),
          Map.entry(long.class, DataTypes.LONG),
          Map.entry(Long.class, DataTypes.LONG),
          Map.entry(float.class, DataTypes.FLOAT),
          Map.entry(Float.class, DataTypes.FLOAT),
          Map.entry(double.class, DataTypes.DOUBLE),
          Map.entry(Double.class, DataTypes.DOUBLE),
          Map.entry(String.class, DataTypes.STRING),
          Map.entry(byte[].class, DataTypes.BINARY),
          Map.entry(BigDecimal.class, DataTypes.decimal(38, 18)),
          Map.entry(LocalDate.class, DataTypes.DATE),
          Map.entry(Instant.class, DataTypes.TIMESTAMP),
          Map.entry(LocalDateTime.class, DataTypes.TIMESTAMP_NTZ),
          Map.entry(Duration.class, DataTypes.dayTimeInterval()),
          Map.entry(Period.class, DataTypes.yearMonthInterval()));

  private final Class<R> type;
  private final StructType schema;

  private RecordMapping(Class<R> type, StructType schema) {
    this.type = type;
    this.schema = schema;
  }

  /**
   * The mapping of a class.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_RECORD_TYPE} if a component's class
   *     has no data type
   */
  public static <R> RecordMapping<R> of(Class<R> type) {
    if (type.isRecord()) {
      return new RecordMapping<>(type, structOf(type));
    }
    return new RecordMapping<>(
        type, StructType.of(new StructField("value", typeOf(type, type), !type.isPrimitive())));
  }

  /** The columns. */
  public StructType schema() {
    return schema;
  }

  private static StructType structOf(Class<?> type) {
    List<StructField> fields = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      fields.add(
          new StructField(
              component.getName(),
              typeOf(component.getGenericType(), type),
              !component.getType().isPrimitive()));
    }
    return StructType.of(fields);
  }

  private static DataType typeOf(Type java, Class<?> owner) {
    if (java instanceof Class<?> plain) {
      DataType known = TYPES.get(plain);
      if (known != null) {
        return known;
      }
      if (plain.isRecord()) {
        return structOf(plain);
      }
    }
    if (java instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType().equals(List.class)) {
        return DataTypes.array(typeOf(arguments[0], owner));
      }
      if (generic.getRawType().equals(Map.class)) {
        return DataTypes.map(typeOf(arguments[0], owner), typeOf(arguments[1], owner));
      }
    }
    throw new AnalysisException(
        "UNSUPPORTED_RECORD_TYPE",
        "class must have a data type: class="
            + java.getTypeName()
            + ", in="
            + owner.getName()
            + "; use primitives and their boxes, String, byte[], BigDecimal, java.time classes,"
            + " List, Map and records of these");
  }

  /** The row of a value. */
  public Row toRow(R value) {
    return type.isRecord() ? rowOf(value, schema) : Row.withSchema(schema, singleton(value));
  }

  private static List<@Nullable Object> singleton(Object value) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(value);
    return values;
  }

  private static Row rowOf(Object value, StructType schema) {
    List<@Nullable Object> values = new ArrayList<>();
    RecordComponent[] components = value.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      values.add(encode(read(components[i], value), schema.field(i).type()));
    }
    return Row.withSchema(schema, values);
  }

  private static @Nullable Object read(RecordComponent component, Object value) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
      throw new ArrowmillException(
          "RECORD_NOT_ACCESSIBLE",
          "record must be readable: class="
              + value.getClass().getName()
              + ", component="
              + component.getName()
              + "; make it public, or open its package",
          e);
    }
  }

  private static @Nullable Object encode(@Nullable Object value, DataType type) {
    return switch (type) {
      case StructType struct when value != null -> rowOf(value, struct);
      case DataType.ArrayType array when value instanceof List<?> list -> {
        List<@Nullable Object> elements = new ArrayList<>();
        list.forEach(element -> elements.add(encode(element, array.element())));
        yield elements;
      }
      case DataType.MapType map when value instanceof Map<?, ?> entries -> {
        Map<@Nullable Object, @Nullable Object> encoded = new LinkedHashMap<>();
        entries.forEach((k, v) -> encoded.put(encode(k, map.key()), encode(v, map.value())));
        yield encoded;
      }
      default -> value;
    };
  }
}
