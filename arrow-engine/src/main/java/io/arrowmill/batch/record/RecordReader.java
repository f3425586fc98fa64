package io.arrowmill.batch.record;

import static java.lang.invoke.MethodType.methodType;

import io.arrowmill.batch.VectorReader;
import io.arrowmill.types.DataType;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.Component;
import io.arrowmill.types.JavaType.Plain;
import io.arrowmill.types.JavaType.RecordOf;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Makes Java objects of the rows of columns. One method handle reads the columns of a row and calls
 * the record's constructor; primitives are not boxed on the way, and are read where they lie.
 *
 * <p>Borrows the columns it is bound to, which must be open whenever a row is read. Confined to one
 * task.
 */
public final class RecordReader {
  /** Handles take two arguments; each component adds one on the way. */
  private static final int COMPONENTS_MAX = 200;

  private final JavaType type;
  private final Column[] columns;
  private final Maker maker;

  private RecordReader(JavaType type, Column[] columns, Maker maker) {
    this.type = type;
    this.columns = columns;
    this.maker = maker;
  }

  /** How to read values of a type; readers made of it share what was put together for the class. */
  public static final class Plan {
    private final JavaType type;
    private final NestedForm form;
    private final Maker maker;

    /** A plan for columns of the type's parts, nested parts in a given form. */
    public Plan(JavaType type, NestedForm form) {
      this.type = type;
      this.form = form;
      this.maker = HandleClass.of(Maker.class, "make", handleOf(type));
    }

    /** A reader of its own, bound to no columns yet. */
    public RecordReader reader() {
      List<Component> parts = parts(type);
      Column[] columns = new Column[parts.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = new Column(parts.get(i), form);
      }
      return new RecordReader(type, columns, maker);
    }
  }

  /** The type's columns: a record's components, or one. */
  static List<Component> parts(JavaType type) {
    return type instanceof RecordOf record
        ? record.components()
        : List.of(new Component("value", type.javaClass(), type));
  }

  private static MethodHandle handleOf(JavaType type) {
    MethodHandle target =
        type instanceof RecordOf record
            ? RecordHandles.constructor(record)
            : MethodHandles.identity(type.javaClass());
    List<Component> parts = parts(type);
    if (parts.size() > COMPONENTS_MAX) {
      throw new IllegalArgumentException(
          "a record must have at most " + COMPONENTS_MAX + " components: class=" + type);
    }
    // (columns, row, part 1, ...) -> value; each step fills the first part that is left.
    MethodHandle handle = target.asType(target.type().changeReturnType(Object.class));
    handle = MethodHandles.dropArguments(handle, 0, Column[].class, int.class);
    for (int i = 0; i < parts.size(); i++) {
      MethodHandle part = MethodHandles.insertArguments(reading(parts.get(i)), 1, i);
      handle = foldInto(handle, part);
    }
    return handle;
  }

  /** Fills the third argument with what {@code part} gives for the first two. */
  private static MethodHandle foldInto(MethodHandle handle, MethodHandle part) {
    MethodHandle typed = part.asType(part.type().changeReturnType(handle.type().parameterType(2)));
    MethodHandle collected = MethodHandles.collectArguments(handle, 2, typed);
    int[] order = new int[collected.type().parameterCount()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i < 2 ? i : i - 2; // columns and row are taken twice
    }
    return MethodHandles.permuteArguments(collected, handle.type().dropParameterTypes(2, 3), order);
  }

  /** Reads the object at {@code row} of the columns that this is bound to. */
  public @Nullable Object read(int row) {
    try {
      return maker.make(columns, row);
    } catch (Throwable e) {
      throw RecordHandles.thrown(type.javaClass(), e);
    }
  }

  /** Reads from these columns from now on; they are in the order of the type's parts. */
  public void bind(List<FieldVector> vectors) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].bind(vectors.get(i));
    }
  }

  /** Makes an object of a row. */
  interface Maker {
    @Nullable Object make(Column[] columns, int row) throws Throwable;
  }

  /** One column. */
  static final class Column {
    private final Component part;
    private final JavaValues values;
    private final NestedForm form;
    private final boolean plain;
    private @Nullable FieldVector vector;
    private @Nullable VectorReader reader;
    private boolean hasNulls;

    /** Address of values of fixed width, or 0. */
    private long data;

    Column(Component part, NestedForm form) {
      this.part = part;
      this.values = JavaValues.of(part.type());
      this.form = form;
      this.plain = part.type() instanceof Plain;
    }

    void bind(FieldVector next) {
      DataType type = part.type().dataType();
      vector = next;
      reader = VectorReader.of(next, plain ? type : form.columnType(type));
      hasNulls = next.getNullCount() > 0;
      data = next instanceof BaseFixedWidthVector fixed ? fixed.getDataBufferAddress() : 0;
    }

    /** Where the values are; the row must have one. */
    private long dataOf(int row) {
      FieldVector bound = vector;
      if (hasNulls && bound != null && bound.isNull(row)) {
        throw JavaValues.nullInPrimitive(part.name());
      }
      if (data == 0) {
        throw new IllegalStateException("column must be bound: name=" + part.name());
      }
      return data;
    }

    private @Nullable Object object(int row) {
      VectorReader bound = reader;
      Object stored = bound == null ? null : bound.read(row);
      if (plain || stored == null) {
        return stored;
      }
      return values.fromRowValue(form.decode(stored, part.type().dataType()));
    }
  }

  // ---- what method handles read with

  private static MethodHandle reading(Component part) {
    Class<?> declared = part.declared();
    String method = declared.isPrimitive() ? declared.getName() + "At" : "objectAt";
    Class<?> result = declared.isPrimitive() ? declared : Object.class;
    try {
      return MethodHandles.lookup()
          .findStatic(
              RecordReader.class, method, methodType(result, Column[].class, int.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("reader must exist: method=" + method, e);
    }
  }

  static @Nullable Object objectAt(Column[] columns, int column, int row) {
    return columns[column].object(row);
  }

  static boolean booleanAt(Column[] columns, int column, int row) {
    byte bits = MemoryUtil.getByte(columns[column].dataOf(row) + (row >>> 3));
    return (bits >>> (row & 7) & 1) != 0;
  }

  static byte byteAt(Column[] columns, int column, int row) {
    return MemoryUtil.getByte(columns[column].dataOf(row) + row);
  }

  static short shortAt(Column[] columns, int column, int row) {
    return MemoryUtil.getShort(columns[column].dataOf(row) + 2L * row);
  }

  static int intAt(Column[] columns, int column, int row) {
    return MemoryUtil.getInt(columns[column].dataOf(row) + 4L * row);
  }

  static long longAt(Column[] columns, int column, int row) {
    return MemoryUtil.getLong(columns[column].dataOf(row) + 8L * row);
  }

  static float floatAt(Column[] columns, int column, int row) {
    return Float.intBitsToFloat(intAt(columns, column, row));
  }

  static double doubleAt(Column[] columns, int column, int row) {
    return Double.longBitsToDouble(longAt(columns, column, row));
  }
}
