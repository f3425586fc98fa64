package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs arrays and structs to bytes and back, so that equal values are equal bytes and they can be
 * grouped by: every NaN is one, -0.0 is 0.0, and a null is not an empty value.
 *
 * <p>A value is a byte, 0 for null or 1, and then: numbers big-endian in their width; times as
 * int64 seconds and int32 nanoseconds; decimals, strings and binaries as an int32 length and their
 * bytes; an array as an int32 count and its elements; a struct as its fields.
 */
final class Packing {
  private Packing() {}

  static void register(FunctionTable table) {
    table.strict1("pack", (site, a) -> pack(a, site.argumentType(0)));
    table.strict1("unpack", (site, a) -> unpack((byte[]) a, site.type()));
  }

  static byte[] pack(Object value, DataType type) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(value, type, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static @Nullable Object unpack(byte[] bytes, DataType type) {
    try {
      return read(type, new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(@Nullable Object value, DataType type, DataOutputStream out)
      throws IOException {
    out.writeBoolean(value != null);
    if (value == null) {
      return;
    }
    switch (type) {
      case StructType struct -> {
        Row row = (Row) value;
        for (int i = 0; i < struct.size(); i++) {
          write(row.get(i), struct.field(i).type(), out);
        }
      }
      case ArrayType array -> {
        List<?> elements = (List<?>) value;
        out.writeInt(elements.size());
        for (Object element : elements) {
          write(element, array.element(), out);
        }
      }
      case DecimalType decimal ->
          writeBytes(
              ((BigDecimal) value).setScale(decimal.scale()).unscaledValue().toByteArray(), out);
      case AtomicType atomic -> writeAtomic(value, atomic, out);
      default -> throw unsupported(type);
    }
  }

  private static void writeAtomic(Object value, AtomicType type, DataOutputStream out)
      throws IOException {
    switch (type) {
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case BYTE -> out.writeByte((Byte) value);
      case SHORT -> out.writeShort((Short) value);
      case INTEGER -> out.writeInt((Integer) value);
      case LONG -> out.writeLong((Long) value);
      // Adding 0.0 turns -0.0 into 0.0; toIntBits and toLongBits know one NaN only.
      case FLOAT -> out.writeInt(Float.floatToIntBits((Float) value + 0.0f));
      case DOUBLE -> out.writeLong(Double.doubleToLongBits((Double) value + 0.0));
      case STRING -> writeBytes(((String) value).getBytes(StandardCharsets.UTF_8), out);
      case BINARY -> writeBytes((byte[]) value, out);
      case DATE -> out.writeLong(((LocalDate) value).toEpochDay());
      case TIMESTAMP -> writeTime((Instant) value, out);
      case TIMESTAMP_NTZ -> writeTime(((LocalDateTime) value).toInstant(ZoneOffset.UTC), out);
      case DAY_TIME_INTERVAL -> out.writeLong(VectorWriter.micros((Duration) value));
      case YEAR_MONTH_INTERVAL -> out.writeLong(((Period) value).toTotalMonths());
    }
  }

  private static void writeTime(Instant time, DataOutputStream out) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static @Nullable Object read(DataType type, DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    return switch (type) {
      case StructType struct -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (StructField field : struct.fields()) {
          values.add(read(field.type(), in));
        }
        yield Row.withSchema(struct, values);
      }
      case ArrayType array -> {
        int count = in.readInt();
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          elements.add(read(array.element(), in));
        }
        yield elements;
      }
      case DecimalType decimal -> new BigDecimal(new BigInteger(readBytes(in)), decimal.scale());
      case AtomicType atomic -> readAtomic(atomic, in);
      default -> throw unsupported(type);
    };
  }

  private static Object readAtomic(AtomicType type, DataInputStream in) throws IOException {
    return switch (type) {
      case BOOLEAN -> in.readBoolean();
      case BYTE -> in.readByte();
      case SHORT -> in.readShort();
      case INTEGER -> in.readInt();
      case LONG -> in.readLong();
      case FLOAT -> Float.intBitsToFloat(in.readInt());
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case STRING -> new String(readBytes(in), StandardCharsets.UTF_8);
      case BINARY -> readBytes(in);
      case DATE -> LocalDate.ofEpochDay(in.readLong());
      case TIMESTAMP -> readTime(in);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(readTime(in), ZoneOffset.UTC);
      case DAY_TIME_INTERVAL -> Duration.of(in.readLong(), ChronoUnit.MICROS);
      case YEAR_MONTH_INTERVAL -> Period.ofMonths(Math.toIntExact(in.readLong()));
    };
  }

  private static Instant readTime(DataInputStream in) throws IOException {
    long seconds = in.readLong();
    return Instant.ofEpochSecond(seconds, in.readInt());
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  private static ArrowmillException unsupported(DataType type) {
    return new ArrowmillException(
        "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
        "a key must not hold maps: type=" + type.sql() + "; group by map_entries(...) instead");
  }
}
