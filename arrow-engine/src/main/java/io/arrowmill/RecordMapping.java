package io.arrowmill;

import io.arrowmill.batch.record.JavaValues;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps a Java record class to a schema and back; components are columns, primitives are not
 * nullable. A class that is not a record but has a type of its own (such as {@code Long} or {@code
 * String}) maps to one column {@code value}. Safe for any thread.
 */
public final class RecordMapping<R> {
  private final JavaType type;
  private final StructType schema;
  private final JavaValues values;

  private RecordMapping(JavaType type) {
    this.type = type;
    this.schema = type.columns();
    this.values = JavaValues.of(type);
  }

  /**
   * The mapping of a class.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_RECORD_TYPE} if the class or a
   *     component's class has no data type
   */
  public static <R> RecordMapping<R> of(Class<R> type) {
    return of(JavaType.of(type));
  }

  /** The mapping of a type whose values are of class {@code R}. */
  static <R> RecordMapping<R> of(JavaType type) {
    return new RecordMapping<>(type);
  }

  /** The class's values as plans know them. */
  public JavaType type() {
    return type;
  }

  /** The columns. */
  public StructType schema() {
    return schema;
  }

  /**
   * The row of a value.
   *
   * @throws ArrowmillException with condition {@code NOT_NULL_ASSERT_VIOLATION} if a record is null
   */
  public Row toRow(R value) {
    Object converted = values.toRowValue(value);
    if (!(type instanceof RecordOf)) {
      List<@Nullable Object> single = new ArrayList<>();
      single.add(converted);
      return Row.withSchema(schema, single);
    }
    if (!(converted instanceof Row row)) {
      throw new ArrowmillException(
          "NOT_NULL_ASSERT_VIOLATION",
          "a row must be a record: class="
              + type.javaClass().getName()
              + ", value=null; leave the row out");
    }
    return row;
  }

  /**
   * The value of a row of these columns.
   *
   * @throws ArrowmillException with condition {@code NOT_NULL_ASSERT_VIOLATION} if a component of a
   *     primitive class would be null
   */
  public R fromRow(Row row) {
    return TypedColumns.cast(values.fromRowValue(type instanceof RecordOf ? row : row.get(0)));
  }
}
