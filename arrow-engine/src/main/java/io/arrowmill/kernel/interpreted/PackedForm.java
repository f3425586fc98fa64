package io.arrowmill.kernel.interpreted;

import io.arrowmill.batch.record.NestedForm;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** Lists, maps and records as bytes, in columns of type BINARY. */
public enum PackedForm implements NestedForm {
  /** Equal values are equal bytes; maps are refused. */
  KEY,
  VALUE;

  @Override
  public DataType columnType(DataType type) {
    return DataTypes.BINARY;
  }

  @Override
  public Object encode(Object value, DataType type) {
    return Packing.pack(value, type, this == KEY);
  }

  @Override
  public @Nullable Object decode(Object stored, DataType type) {
    return Packing.unpack((byte[]) stored, type);
  }
}
