package io.arrowmill.types;

import io.arrowmill.AnalysisException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Java class whose values have a place in columns: a record, whose components are the columns; a
 * class with a data type of its own, such as {@code Long} or {@code String}, in one column {@code
 * value}; or a list or map of these.
 */
public sealed interface JavaType {

  /** The data type of a value. */
  DataType dataType();

  /** The class of a value, its type parameters erased. */
  Class<?> javaClass();

  /** Whether a value may be null: those of primitive classes may not. */
  default boolean nullable() {
    return !javaClass().isPrimitive();
  }

  /** The columns that hold values of this type. */
  default StructType columns() {
    return StructType.of(new StructField("value", dataType(), nullable()));
  }

  /** A class with a data type of its own. */
  record Plain(Class<?> javaClass, DataType dataType) implements JavaType {}

  /** A {@link List}. */
  record ListOf(JavaType element) implements JavaType {
    @Override
    public DataType dataType() {
      return DataTypes.array(element.dataType());
    }

    @Override
    public Class<?> javaClass() {
      return List.class;
    }
  }

  /** A {@link Map}. */
  record MapOf(JavaType key, JavaType value) implements JavaType {
    @Override
    public DataType dataType() {
      return DataTypes.map(key.dataType(), value.dataType());
    }

    @Override
    public Class<?> javaClass() {
      return Map.class;
    }
  }

  /**
   * A record.
   *
   * @param components in the order of the record's
   */
  record RecordOf(Class<?> javaClass, List<Component> components) implements JavaType {
    public RecordOf {
      components = List.copyOf(components);
    }

    @Override
    public StructType dataType() {
      return StructType.of(
          components.stream()
              .map(part -> new StructField(part.name(), part.type().dataType(), part.nullable()))
              .toList());
    }

    @Override
    public StructType columns() {
      return dataType();
    }
  }

  /**
   * A component of a record.
   *
   * @param declared the class that the record declares, its type parameters erased
   * @param type what its values are
   */
  record Component(String name, Class<?> declared, JavaType type) {
    public boolean nullable() {
      return !declared.isPrimitive();
    }
  }

  /**
   * The type of a class.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_RECORD_TYPE} if the class, or that
   *     of a component, has no data type
   */
  static JavaType of(Class<?> type) {
    return of(type, Map.of());
  }

  /**
   * The type of a generic record.
   *
   * @param variables what its type parameters stand for, by their names
   */
  static JavaType of(Class<?> type, Map<String, JavaType> variables) {
    return new Resolver(type, variables, List.of()).of((Type) type);
  }

  /** The columns of a class; see {@link #of(Class)}. */
  static StructType columnsOf(Class<?> type) {
    return of(type).columns();
  }

  /**
   * Finds the types of a class's parts.
   *
   * @param owner the class, as errors name it
   * @param within the records that it is part of
   */
  record Resolver(Class<?> owner, Map<String, JavaType> variables, List<Class<?>> within) {
    private static final Map<Class<?>, DataType> PLAIN =
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

    private JavaType of(Type java) {
      JavaType given =
          java instanceof TypeVariable<?> variable ? variables.get(variable.getName()) : null;
      if (given != null) {
        return given;
      }
      if (java instanceof Class<?> plain) {
        DataType known = PLAIN.get(plain);
        if (known != null) {
          return new Plain(plain, known);
        }
        if (plain.isRecord()) {
          return record(plain);
        }
      }
      if (java instanceof ParameterizedType generic) {
        Type[] arguments = generic.getActualTypeArguments();
        if (generic.getRawType().equals(List.class)) {
          return new ListOf(of(arguments[0]));
        }
        if (generic.getRawType().equals(Map.class)) {
          return new MapOf(of(arguments[0]), of(arguments[1]));
        }
      }
      throw unsupported(java);
    }

    private JavaType record(Class<?> type) {
      if (within.contains(type)) {
        throw new AnalysisException(
            "CIRCULAR_CLASS_REFERENCE",
            "a record must not hold itself: class=" + type.getName() + ", in=" + within);
      }
      List<Class<?>> inner = new ArrayList<>(within);
      inner.add(type);
      Resolver parts = new Resolver(owner, variables, inner);
      List<Component> components = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        components.add(
            new Component(
                component.getName(), component.getType(), parts.of(component.getGenericType())));
      }
      return new RecordOf(type, components);
    }

    private AnalysisException unsupported(Type java) {
      return new AnalysisException(
          "UNSUPPORTED_RECORD_TYPE",
          "class must have a data type: class="
              + java.getTypeName()
              + ", in="
              + owner.getName()
              + "; use primitives and their boxes, String, byte[], BigDecimal, java.time classes,"
              + " List, Map and records of these");
    }
  }
}
