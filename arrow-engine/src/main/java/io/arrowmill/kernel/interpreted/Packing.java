package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Packs arrays and structs to bytes and back, so that equal values are equal bytes, by which they
 * are grouped, and lesser values are lesser bytes, by which they have a minimum and a maximum.
 *
 * <p>A value is a byte, 0 for null or 1, and then: whole numbers big-endian in their width with the
 * sign bit turned; floating numbers so, all other bits turned too if negative; times as seconds and
 * int32 nanoseconds; decimals as an integer of 128 bits; strings and binaries as their bytes, 0
 * written as 00 FF, and 00 00; an array as its elements, a 1 before each, and 0; a struct as its
 * fields; a map, which is never a key, as its entries in their order, a 1 before each, and 0. Every
 * NaN is one. In a key -0.0 is 0.0.
 */
final class Packing {
  private static final int NOT_THE_END = 0xFF;
  private static final BigInteger LOW_MASK =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private final DataOutputStream out;
  private final boolean isKey;

  private Packing(DataOutputStream out, boolean isKey) {
    this.out = out;
    this.isKey = isKey;
  }

  static void register(FunctionTable table) {
    table.strict1("pack", (site, a) -> pack(a, site.argumentType(0), true));
    table.strict1("pack_value", (site, a) -> pack(a, site.argumentType(0), false));
    table.strict1("unpack", (site, a) -> unpack((byte[]) a, site.type()));
  }

  /**
   * The bytes of a value.
   *
   * @param isKey whether -0.0 is 0.0
   */
  static byte[] pack(Object value, DataType type, boolean isKey) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new Packing(new DataOutputStream(bytes), isKey).write(value, type);
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

  private void write(@Nullable Object value, DataType type) throws IOException {
    out.writeBoolean(value != null);
    if (value == null) {
      return;
    }
    switch (type) {
      case StructType struct -> {
        Row row = (Row) value;
        for (int i = 0; i < struct.size(); i++) {
          write(row.get(i), struct.field(i).type());
        }
      }
      case ArrayType array -> {
        for (Object element : (List<?>) value) {
          out.writeByte(1);
          write(element, array.element());
        }
        out.writeByte(0);
      }
      case MapType map when !isKey -> {
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.writeByte(1);
          write(entry.getKey(), map.key());
          write(entry.getValue(), map.value());
        }
        out.writeByte(0);
      }
      case DecimalType decimal -> {
        BigInteger unscaled = ((BigDecimal) value).setScale(decimal.scale()).unscaledValue();
        writeLong(unscaled.shiftRight(Long.SIZE).longValue());
        out.writeLong(unscaled.longValue());
      }
      case AtomicType atomic -> writeAtomic(value, atomic);
      default -> throw unsupported(type);
    }
  }

  private void writeAtomic(Object value, AtomicType type) throws IOException {
    switch (type) {
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case BYTE -> out.writeByte((Byte) value ^ Byte.MIN_VALUE);
      case SHORT -> out.writeShort((Short) value ^ Short.MIN_VALUE);
      case INTEGER -> writeInt((Integer) value);
      case LONG -> writeLong((Long) value);
      case FLOAT -> {
        // Adding 0.0 turns -0.0 into 0.0; floatToIntBits knows one NaN only.
        float number = isKey ? (Float) value + 0.0f : (Float) value;
        writeInt(inOrder(Float.floatToIntBits(number)));
      }
      case DOUBLE -> {
        double number = isKey ? (Double) value + 0.0 : (Double) value;
        writeLong(inOrder(Double.doubleToLongBits(number)));
      }
      case STRING -> writeBytes(((String) value).getBytes(StandardCharsets.UTF_8));
      case BINARY -> writeBytes((byte[]) value);
      case DATE -> writeLong(((LocalDate) value).toEpochDay());
      case TIMESTAMP -> writeTime((Instant) value);
      case TIMESTAMP_NTZ -> writeTime(((LocalDateTime) value).toInstant(ZoneOffset.UTC));
      case DAY_TIME_INTERVAL -> writeLong(VectorWriter.micros((Duration) value));
      case YEAR_MONTH_INTERVAL -> writeLong(((Period) value).toTotalMonths());
    }
  }

  private void writeInt(int value) throws IOException {
    out.writeInt(value ^ Integer.MIN_VALUE);
  }

  private void writeLong(long value) throws IOException {
    out.writeLong(value ^ Long.MIN_VALUE);
  }

  /** The bits of a float as an int of the same order, and back. */
  private static int inOrder(int bits) {
    return bits ^ ((bits >> (Integer.SIZE - 1)) & Integer.MAX_VALUE);
  }

  private static long inOrder(long bits) {
    return bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE);
  }

  private void writeTime(Instant time) throws IOException {
    writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private void writeBytes(byte[] bytes) throws IOException {
    for (byte each : bytes) {
      out.writeByte(each);
      if (each == 0) {
        out.writeByte(NOT_THE_END);
      }
    }
    out.writeShort(0);
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
        List<@Nullable Object> elements = new ArrayList<>();
        while (in.readByte() == 1) {
          elements.add(read(array.element(), in));
        }
        yield elements;
      }
      case MapType map -> {
        Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
        while (in.readByte() == 1) {
          Object key = read(map.key(), in);
          entries.put(key, read(map.value(), in));
        }
        yield entries;
      }
      case DecimalType decimal -> {
        BigInteger high = BigInteger.valueOf(readLong(in)).shiftLeft(Long.SIZE);
        BigInteger low = BigInteger.valueOf(in.readLong()).and(LOW_MASK);
        yield new BigDecimal(high.or(low), decimal.scale());
      }
      case AtomicType atomic -> readAtomic(atomic, in);
      default -> throw unsupported(type);
    };
  }

  private static Object readAtomic(AtomicType type, DataInputStream in) throws IOException {
    return switch (type) {
      case BOOLEAN -> in.readBoolean();
      case BYTE -> (byte) (in.readByte() ^ Byte.MIN_VALUE);
      case SHORT -> (short) (in.readShort() ^ Short.MIN_VALUE);
      case INTEGER -> in.readInt() ^ Integer.MIN_VALUE;
      case LONG -> readLong(in);
      case FLOAT -> Float.intBitsToFloat(inOrder(in.readInt() ^ Integer.MIN_VALUE));
      case DOUBLE -> Double.longBitsToDouble(inOrder(readLong(in)));
      case STRING -> new String(readBytes(in), StandardCharsets.UTF_8);
      case BINARY -> readBytes(in);
      case DATE -> LocalDate.ofEpochDay(readLong(in));
      case TIMESTAMP -> readTime(in);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(readTime(in), ZoneOffset.UTC);
      case DAY_TIME_INTERVAL -> Duration.of(readLong(in), ChronoUnit.MICROS);
      case YEAR_MONTH_INTERVAL -> Period.ofMonths(Math.toIntExact(readLong(in)));
    };
  }

  private static Instant readTime(DataInputStream in) throws IOException {
    long seconds = readLong(in);
    return Instant.ofEpochSecond(seconds, in.readInt());
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte each = in.readByte(); each != 0 || in.readByte() != 0; each = in.readByte()) {
      bytes.write(each);
    }
    return bytes.toByteArray();
  }

  private static long readLong(DataInputStream in) throws IOException {
    return in.readLong() ^ Long.MIN_VALUE;
  }

  private static ArrowmillException unsupported(DataType type) {
    return new ArrowmillException(
        "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
        "a key must not hold maps: type=" + type.sql() + "; group by map_entries(...) instead");
  }
}
