package io.arrowmill.batch.record;

import static java.lang.invoke.MethodType.methodType;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataType;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.Component;
import io.arrowmill.types.JavaType.Plain;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Appends Java objects as rows to columns. One method handle calls the record's accessors and
 * writes what they give; primitives are not boxed on the way, and are written where they are to
 * lie.
 *
 * <p>Owns the columns until {@link #build} hands them on. Confined to one task.
 */
public final class RecordWriter implements AutoCloseable {
  private static final int INITIAL_ROWS = 1_024;

  private final JavaType type;
  private final StructType schema;
  private final BufferAllocator allocator;
  private final Column[] columns;
  private final Taker taker;
  private int rowCount;
  private int capacityRows = INITIAL_ROWS;
  private boolean open;

  private RecordWriter(Plan plan, StructType schema, BufferAllocator allocator) {
    this.type = plan.type;
    this.schema = schema;
    this.allocator = allocator;
    this.taker = plan.taker;
    List<Component> parts = RecordReader.parts(type);
    this.columns = new Column[parts.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new Column(parts.get(i), plan.form, schema.field(i));
    }
  }

  /** How to write values of a type; writers made of it share what was put together for it. */
  public static final class Plan {
    private final JavaType type;
    private final NestedForm form;
    private final Taker taker;

    /** A plan for columns of the type's parts, nested parts in a given form. */
    public Plan(JavaType type, NestedForm form) {
      this.type = type;
      this.form = form;
      this.taker = HandleClass.of(Taker.class, "take", handleOf(type));
    }

    /** A writer of columns of these names, of the types of {@link RecordWriter#columns}. */
    public RecordWriter writer(StructType schema, BufferAllocator allocator) {
      return new RecordWriter(this, schema, allocator);
    }
  }

  /** The columns of a type's parts, nested parts in a given form. */
  public static StructType columns(JavaType type, NestedForm form) {
    return StructType.of(
        RecordReader.parts(type).stream()
            .map(part -> new StructField(part.name(), columnType(part, form), part.nullable()))
            .toList());
  }

  private static DataType columnType(Component part, NestedForm form) {
    DataType type = part.type().dataType();
    return part.type() instanceof Plain ? type : form.columnType(type);
  }

  private static MethodHandle handleOf(JavaType type) {
    List<Component> parts = RecordReader.parts(type);
    MethodHandle all = null;
    for (int i = parts.size() - 1; i >= 0; i--) {
      Component part = parts.get(i);
      MethodHandle accessor =
          type instanceof RecordOf record
              ? RecordHandles.accessor(record, part)
              : MethodHandles.identity(Object.class);
      MethodHandle writing = MethodHandles.insertArguments(writing(part), 1, i);
      Class<?> taken = writing.type().parameterType(2);
      MethodHandle value = accessor.asType(methodType(taken, Object.class));
      MethodHandle one = MethodHandles.filterArguments(writing, 2, value);
      all = all == null ? one : MethodHandles.foldArguments(all, one);
    }
    return all != null
        ? all
        : MethodHandles.empty(methodType(void.class, Column[].class, int.class, Object.class));
  }

  /**
   * Appends an object as a row.
   *
   * @throws ArrowmillException if it is null and no value of one nullable column, or holds what its
   *     columns can't
   */
  public void append(@Nullable Object value) {
    if (value == null && type instanceof RecordOf) {
      throw new ArrowmillException(
          "NOT_NULL_ASSERT_VIOLATION",
          "a row must be a record: class="
              + type.javaClass().getName()
              + ", value=null; leave the row out");
    }
    try {
      if (!open) {
        allocate();
      }
      taker.take(columns, rowCount, value);
    } catch (Throwable e) {
      throw RecordHandles.thrown(type.javaClass(), e);
    }
    rowCount++;
  }

  private void allocate() {
    open = true;
    for (Column column : columns) {
      column.open(allocator, capacityRows);
    }
  }

  /** Rows appended since the last build. */
  public int rowCount() {
    return rowCount;
  }

  /** Whether the batch has as many rows as one can hold. */
  public boolean isFull() {
    return rowCount == RecordBatch.ROWS_MAX;
  }

  /** The rows appended since the last build, maybe none, as a batch that the caller owns. */
  public RecordBatch build() {
    if (!open) {
      allocate();
    }
    List<FieldVector> vectors = new ArrayList<>();
    for (Column column : columns) {
      vectors.add(column.take(rowCount));
    }
    int rows = rowCount;
    capacityRows = Math.max(INITIAL_ROWS, rows);
    rowCount = 0;
    open = false;
    return new RecordBatch(schema, vectors, rows);
  }

  /** Frees what was appended and not built. */
  @Override
  public void close() {
    for (Column column : columns) {
      column.close();
    }
    rowCount = 0;
    open = false;
  }

  /** Writes an object as a row. */
  interface Taker {
    void take(Column[] columns, int row, @Nullable Object value) throws Throwable;
  }

  /** One column. */
  static final class Column {
    private final Component part;
    private final JavaValues values;
    private final NestedForm form;
    private final StructField field;
    private final boolean plain;
    private @Nullable FieldVector vector;
    private @Nullable VectorWriter writer;

    /** Address of a primitive component's values, and for how many there is room; else 0. */
    private long data;

    private int capacity;

    Column(Component part, NestedForm form, StructField field) {
      this.part = part;
      this.values = JavaValues.of(part.type());
      this.form = form;
      this.field = field;
      this.plain = part.type() instanceof Plain;
    }

    void open(BufferAllocator allocator, int rows) {
      FieldVector next = ArrowTypes.field(field).createVector(allocator);
      vector = next;
      next.setInitialCapacity(rows);
      next.allocateNew();
      writer = VectorWriter.of(next, field);
      findRoom();
    }

    private void findRoom() {
      if (part.declared().isPrimitive() && vector instanceof BaseFixedWidthVector fixed) {
        data = fixed.getDataBufferAddress();
        capacity = fixed.getValueCapacity();
      }
    }

    /** Where a primitive component's values are, with room for the row's. */
    private long dataWith(int row) {
      if (row >= capacity) {
        grow(row);
      }
      return data;
    }

    private void grow(int row) {
      FieldVector open = vector;
      if (data == 0 || open == null) {
        throw new IllegalStateException("column must be open: name=" + field.name());
      }
      while (open.getValueCapacity() <= row) {
        open.reAlloc();
      }
      findRoom();
    }

    FieldVector take(int rows) {
      FieldVector taken = vector;
      if (taken == null) {
        throw new IllegalStateException("column must be open: name=" + field.name());
      }
      if (data != 0) {
        taken.getValidityBuffer().setOne(0L, (rows + 7L) / 8); // a primitive is never null
      }
      taken.setValueCount(rows);
      forget();
      return taken;
    }

    private void forget() {
      vector = null;
      writer = null;
      data = 0;
      capacity = 0;
    }

    void close() {
      FieldVector open = vector;
      forget();
      if (open != null) {
        open.close();
      }
    }

    private void object(int row, @Nullable Object value) {
      VectorWriter open = writer;
      if (open == null) {
        throw new IllegalStateException("column must be open: name=" + field.name());
      }
      Object stored = plain ? value : values.toRowValue(value);
      if (!plain && stored != null) {
        stored = form.encode(stored, part.type().dataType());
      }
      open.write(row, stored);
    }
  }

  // ---- what method handles write with

  private static MethodHandle writing(Component part) {
    Class<?> declared = part.declared();
    String method = declared.isPrimitive() ? "put" + capitalized(declared.getName()) : "putObject";
    Class<?> taken = declared.isPrimitive() ? declared : Object.class;
    try {
      return MethodHandles.lookup()
          .findStatic(
              RecordWriter.class,
              method,
              methodType(void.class, Column[].class, int.class, int.class, taken));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("writer must exist: method=" + method, e);
    }
  }

  private static String capitalized(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  static void putObject(Column[] columns, int column, int row, @Nullable Object value) {
    columns[column].object(row, value);
  }

  static void putBoolean(Column[] columns, int column, int row, boolean value) {
    long address = columns[column].dataWith(row) + (row >>> 3);
    int bit = 1 << (row & 7);
    int bits = MemoryUtil.getByte(address);
    MemoryUtil.putByte(address, (byte) (value ? bits | bit : bits & ~bit));
  }

  static void putByte(Column[] columns, int column, int row, byte value) {
    MemoryUtil.putByte(columns[column].dataWith(row) + row, value);
  }

  static void putShort(Column[] columns, int column, int row, short value) {
    MemoryUtil.putShort(columns[column].dataWith(row) + 2L * row, value);
  }

  static void putInt(Column[] columns, int column, int row, int value) {
    MemoryUtil.putInt(columns[column].dataWith(row) + 4L * row, value);
  }

  static void putLong(Column[] columns, int column, int row, long value) {
    MemoryUtil.putLong(columns[column].dataWith(row) + 8L * row, value);
  }

  static void putFloat(Column[] columns, int column, int row, float value) {
    putInt(columns, column, row, Float.floatToRawIntBits(value));
  }

  static void putDouble(Column[] columns, int column, int row, double value) {
    putLong(columns, column, row, Double.doubleToRawLongBits(value));
  }
}
