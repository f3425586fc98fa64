package io.arrowmill;

import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable row of Java values.
 *
 * <p>By type: {@code Boolean, Byte, Short, Integer, Long, Float, Double, BigDecimal, String,
 * byte[], LocalDate} (DATE), {@code Instant} (TIMESTAMP), {@code LocalDateTime} (TIMESTAMP_NTZ),
 * {@code Duration, Period} (intervals), {@code List} (ARRAY), {@code Map} (MAP), {@code Row}
 * (STRUCT); null for SQL NULL. Rows are equal if their values are; {@code byte[]} values are
 * compared by content. The schema takes no part in equality.
 */
public final class Row {
  private final List<@Nullable Object> values;
  private final @Nullable StructType schema;

  private Row(List<@Nullable Object> values, @Nullable StructType schema) {
    this.values = values;
    this.schema = schema;
  }

  /** A row of the given values, without a schema. */
  public static Row of(@Nullable Object... values) {
    return new Row(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values))), null);
  }

  /**
   * A row of the given values, in the order of the schema's fields.
   *
   * @throws ArrowmillException if there are more or fewer values than fields
   */
  public static Row withSchema(StructType schema, List<? extends @Nullable Object> values) {
    if (schema.size() != values.size()) {
      throw new ArrowmillException(
          "ROW_SIZE_MISMATCH",
          "a row must have one value a field: values="
              + values.size()
              + ", fields="
              + schema.size()
              + ", schema="
              + schema.toDDL());
    }
    return new Row(Collections.unmodifiableList(new ArrayList<@Nullable Object>(values)), schema);
  }

  /** The value at {@code index}; null for SQL NULL. */
  public @Nullable Object get(int index) {
    Objects.checkIndex(index, values.size());
    return values.get(index);
  }

  /** The value of the field called {@code name}, cast to what the caller expects. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> @Nullable T getAs(String name) {
    return (T) get(fieldIndex(name));
  }

  /** The value at {@code index}, cast to what the caller expects. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> @Nullable T getAs(int index) {
    return (T) get(index);
  }

  /** The position of the field called {@code name}. */
  public int fieldIndex(String name) {
    StructType known = schema;
    if (known == null) {
      throw new ArrowmillException(
          "ROW_WITHOUT_SCHEMA",
          "a row must have a schema to be read by name: name=" + name + "; read it by index");
    }
    return known
        .indexOf(name)
        .orElseThrow(() ->
            new ArrowmillException(
                "FIELD_NOT_FOUND",
                "field must exist: name=" + name + ", fields=" + List.of(known.fieldNames())));
  }

  public boolean isNullAt(int index) {
    return get(index) == null;
  }

  public boolean getBoolean(int index) {
    return (Boolean) required(index);
  }

  public byte getByte(int index) {
    return (Byte) required(index);
  }

  public short getShort(int index) {
    return (Short) required(index);
  }

  public int getInt(int index) {
    return (Integer) required(index);
  }

  public long getLong(int index) {
    return (Long) required(index);
  }

  public float getFloat(int index) {
    return (Float) required(index);
  }

  public double getDouble(int index) {
    return (Double) required(index);
  }

  public @Nullable String getString(int index) {
    return (String) get(index);
  }

  public @Nullable BigDecimal getDecimal(int index) {
    return (BigDecimal) get(index);
  }

  public @Nullable LocalDate getDate(int index) {
    return (LocalDate) get(index);
  }

  public @Nullable Instant getTimestamp(int index) {
    return (Instant) get(index);
  }

  @SuppressWarnings("unchecked")
  public <T> @Nullable List<T> getList(int index) {
    return (List<T>) get(index);
  }

  @SuppressWarnings("unchecked")
  public <K, V> @Nullable Map<K, V> getMap(int index) {
    return (Map<K, V>) get(index);
  }

  public @Nullable Row getStruct(int index) {
    return (Row) get(index);
  }

  /** The row's schema, if it has one. */
  public @Nullable StructType schema() {
    return schema;
  }

  /** Number of values. */
  public int size() {
    return values.size();
  }

  /** The values, in order. */
  public List<@Nullable Object> values() {
    return values;
  }

  private Object required(int index) {
    Object value = get(index);
    if (value == null) {
      throw new ArrowmillException(
          "ROW_VALUE_IS_NULL",
          "value must not be null to be read as a primitive: index="
              + index
              + "; ask isNullAt first, or use get");
    }
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && Arrays.deepEquals(values.toArray(), row.values.toArray());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values.toArray());
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      out.append(i == 0 ? "" : ",");
      out.append(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
    }
    return out.append(']').toString();
  }
}
