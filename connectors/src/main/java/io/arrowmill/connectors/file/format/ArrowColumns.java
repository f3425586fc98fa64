package io.arrowmill.connectors.file.format;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The data type that a column of a file has, given the Arrow type that the native reader reports
 * for it.
 *
 * <p>Timestamps with a zone are TIMESTAMP, those without TIMESTAMP_NTZ; except nanoseconds without
 * zone, which is how Parquet's INT96 instants are reported: they are TIMESTAMP.
 */
public final class ArrowColumns {
  private ArrowColumns() {}

  /** The data type of {@code field}, or null if there is none for it. */
  public static @Nullable DataType dataType(Field field) {
    if (field.getDictionary() != null) {
      return DataTypes.STRING;
    }
    return switch (field.getType()) {
      case ArrowType.Null ignored -> DataTypes.NULL;
      case ArrowType.Bool ignored -> DataTypes.BOOLEAN;
      case ArrowType.Int type -> integer(type);
      case ArrowType.FloatingPoint type ->
          switch (type.getPrecision()) {
            case HALF -> null;
            case SINGLE -> DataTypes.FLOAT;
            case DOUBLE -> DataTypes.DOUBLE;
          };
      case ArrowType.Utf8 ignored -> DataTypes.STRING;
      case ArrowType.LargeUtf8 ignored -> DataTypes.STRING;
      case ArrowType.Binary ignored -> DataTypes.BINARY;
      case ArrowType.LargeBinary ignored -> DataTypes.BINARY;
      case ArrowType.FixedSizeBinary ignored -> DataTypes.BINARY;
      case ArrowType.Decimal type ->
          type.getBitWidth() == 128 && type.getScale() >= 0
              ? new DecimalType(type.getPrecision(), type.getScale())
              : null;
      case ArrowType.Date ignored -> DataTypes.DATE;
      case ArrowType.Timestamp type ->
          type.getTimezone() != null || type.getUnit() == TimeUnit.NANOSECOND
              ? DataTypes.TIMESTAMP
              : DataTypes.TIMESTAMP_NTZ;
      case ArrowType.Duration ignored -> DataTypes.dayTimeInterval();
      case ArrowType.List ignored -> array(field);
      case ArrowType.Map ignored -> map(field);
      case ArrowType.Struct ignored -> struct(field.getChildren());
      default -> null;
    };
  }

  private static DataType integer(ArrowType.Int type) {
    return switch (type.getBitWidth()) {
      case 8 -> type.getIsSigned() ? DataTypes.BYTE : DataTypes.SHORT;
      case 16 -> type.getIsSigned() ? DataTypes.SHORT : DataTypes.INTEGER;
      case 32 -> type.getIsSigned() ? DataTypes.INTEGER : DataTypes.LONG;
      default -> type.getIsSigned() ? DataTypes.LONG : DataTypes.decimal(20, 0);
    };
  }

  private static @Nullable DataType array(Field field) {
    Field child = field.getChildren().getFirst();
    DataType element = dataType(child);
    return element == null ? null : new ArrayType(element, child.isNullable());
  }

  private static @Nullable DataType map(Field field) {
    List<Field> pair = field.getChildren().getFirst().getChildren();
    DataType key = dataType(pair.get(0));
    DataType value = dataType(pair.get(1));
    return key == null || value == null ? null : new MapType(key, value, pair.get(1).isNullable());
  }

  private static @Nullable StructType struct(List<Field> children) {
    List<StructField> fields = new ArrayList<>();
    for (Field child : children) {
      DataType type = dataType(child);
      if (type == null) {
        return null;
      }
      fields.add(new StructField(child.getName(), type, true));
    }
    return StructType.of(fields);
  }
}
