package io.arrowmill.batch;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataType.NullType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The one Arrow type in which each data type is held inside the engine. Sources convert whatever
 * they read to these.
 */
public final class ArrowTypes {
  private ArrowTypes() {}

  /** The Arrow schema of a batch of these columns. */
  public static Schema schema(StructType columns) {
    return new Schema(columns.fields().stream().map(ArrowTypes::field).toList());
  }

  /** The Arrow field of a column. */
  public static Field field(StructField field) {
    return field(field.name(), field.type(), field.nullable());
  }

  /** The Arrow field of a column. */
  public static Field field(String name, DataType type, boolean nullable) {
    List<Field> children =
        switch (type) {
          case ArrayType array -> List.of(field("element", array.element(), array.containsNull()));
          case MapType map ->
              List.of(
                  new Field(
                      "entries",
                      new FieldType(false, ArrowType.Struct.INSTANCE, null),
                      List.of(
                          field("key", map.key(), false),
                          field("value", map.value(), map.valueContainsNull()))));
          case StructType struct -> {
            List<Field> fields = new ArrayList<>();
            struct.fields().forEach(child -> fields.add(field(child)));
            yield fields;
          }
          default -> List.of();
        };
    return new Field(name, new FieldType(nullable, arrowType(type), null), children);
  }

  private static ArrowType arrowType(DataType type) {
    return switch (type) {
      case NullType ignored -> ArrowType.Null.INSTANCE;
      case DecimalType decimal -> new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
      case ArrayType ignored -> ArrowType.List.INSTANCE;
      case MapType ignored -> new ArrowType.Map(false);
      case StructType ignored -> ArrowType.Struct.INSTANCE;
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> ArrowType.Bool.INSTANCE;
            case BYTE -> new ArrowType.Int(8, true);
            case SHORT -> new ArrowType.Int(16, true);
            case INTEGER -> new ArrowType.Int(32, true);
            case LONG -> new ArrowType.Int(64, true);
            case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case STRING -> ArrowType.Utf8.INSTANCE;
            case BINARY -> ArrowType.Binary.INSTANCE;
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case TIMESTAMP_NTZ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
            case DAY_TIME_INTERVAL -> new ArrowType.Duration(TimeUnit.MICROSECOND);
            case YEAR_MONTH_INTERVAL -> new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
          };
    };
  }
}
