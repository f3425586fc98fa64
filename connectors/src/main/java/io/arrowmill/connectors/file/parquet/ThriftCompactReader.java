package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads Thrift's compact protocol from a range of bytes. Each struct is a loop: {@link #next} moves
 * to the next field, whose value is then read or {@link #skip}ped, until it returns 0.
 *
 * <pre>
 * reader.begin();
 * for (int id = reader.next(); id != 0; id = reader.next()) {
 *   switch (id) {
 *     case 1 -> rows = reader.number();
 *     default -> reader.skip();
 *   }
 * }
 * </pre>
 *
 * <p>Every length is checked against what is left before it is used. The bytes are an array, since
 * the many small accesses of a segment take the JVM's compiler longer than they take. Confined to
 * one thread.
 */
final class ThriftCompactReader {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int MAP = 11;
  private static final int STRUCT = 12;
  private static final int UUID = 13;
  private static final int DEPTH_MAX = 64;

  /** The bytes end inside a value; there may be more where they came from. */
  static final class EndOfBytes extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    EndOfBytes() {
      super("metadata ends in the middle of a value", null, false, false);
    }
  }

  private final byte[] bytes;
  private final int end;
  private final int[] lastIds = new int[DEPTH_MAX];
  private int position;
  private int depth = -1;
  private int type;

  /** The type of the elements of the list whose header was read last. */
  private int elementType;

  ThriftCompactReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  /** Where the next byte is read. */
  int position() {
    return position;
  }

  /** Enters a struct: the message, a field's value or a list's element. */
  void begin() {
    check(++depth < DEPTH_MAX, "metadata is nested too deep");
    lastIds[depth] = 0;
  }

  /** Moves to the struct's next field and returns its id, or leaves the struct and returns 0. */
  int next() {
    int header = readByte();
    if (header == 0) {
      depth--;
      return 0;
    }
    type = header & 0x0F;
    int delta = header >>> 4;
    long id = delta == 0 ? unzigzag(varint()) : (long) lastIds[depth] + delta;
    check(id > 0 && id <= Short.MAX_VALUE, "metadata has a field with an impossible id");
    lastIds[depth] = (int) id;
    return (int) id;
  }

  /** The field's value, a whole number of any width. */
  long number() {
    return switch (type) {
      case BYTE -> (byte) readByte();
      case I16, I32, I64 -> unzigzag(varint());
      default -> throw unexpected();
    };
  }

  /** The field's value, which must fit an int. */
  int integer() {
    long value = number();
    check(value == (int) value, "metadata has a number that is too large");
    return (int) value;
  }

  boolean bool() {
    return switch (type) {
      case TRUE -> true;
      case FALSE -> false;
      default -> throw unexpected();
    };
  }

  byte[] binary() {
    expect(BINARY);
    long length = varint();
    int from = position;
    advance(length);
    return Arrays.copyOfRange(bytes, from, position);
  }

  String text() {
    return new String(binary(), StandardCharsets.UTF_8);
  }

  /** Enters a struct that is the field's value. */
  void struct() {
    expect(STRUCT);
    begin();
  }

  /** The number of elements of the list of structs that is the field's value; each begins. */
  int structs() {
    return list(STRUCT);
  }

  /** The number of elements of the list of ints that is the field's value. */
  int integers() {
    return list(I32);
  }

  private int list(int elements) {
    expect(LIST);
    int size = listHeader();
    check(
        size == 0 || elementType == elements, "metadata has a list of another type than expected");
    return size;
  }

  /** An element of a list of ints. */
  int integerElement() {
    long value = unzigzag(varint());
    check(value == (int) value, "metadata has a number that is too large");
    return (int) value;
  }

  private int listHeader() {
    int header = readByte();
    elementType = header & 0x0F;
    int inHeader = header >>> 4;
    long size = inHeader == 15 ? varint() : inHeader;
    // Every element takes at least a byte.
    if (size < 0 || size > end - position) {
      throw new EndOfBytes();
    }
    return (int) size;
  }

  /** Skips the field's value. */
  void skip() {
    skip(type, 0);
  }

  private void skip(int kind, int level) {
    check(level < DEPTH_MAX, "metadata is nested too deep");
    switch (kind) {
      case TRUE, FALSE -> {}
      case BYTE -> readByte();
      case I16, I32, I64 -> varint();
      case DOUBLE -> advance(8);
      case UUID -> advance(16);
      case BINARY -> advance(varint());
      case LIST, SET -> {
        int size = listHeader();
        int element = elementType;
        for (int i = 0; i < size; i++) {
          skipElement(element, level + 1);
        }
      }
      case MAP -> {
        long size = varint();
        if (size != 0) {
          int types = readByte();
          for (long i = 0; i < size; i++) {
            skipElement(types >>> 4, level + 1);
            skipElement(types & 0x0F, level + 1);
          }
        }
      }
      case STRUCT -> {
        for (int header = readByte(); header != 0; header = readByte()) {
          if (header >>> 4 == 0) {
            varint();
          }
          skip(header & 0x0F, level + 1);
        }
      }
      default -> throw unexpected();
    }
  }

  private void skipElement(int kind, int level) {
    if (kind == TRUE || kind == FALSE) {
      readByte(); // in a list, unlike in a struct, a boolean has a byte of its own
    } else {
      skip(kind, level);
    }
  }

  private void advance(long count) {
    if (count < 0 || count > end - position) {
      throw new EndOfBytes();
    }
    position += (int) count;
  }

  private void expect(int wanted) {
    if (type != wanted) {
      throw unexpected();
    }
  }

  private static DamagedParquetException unexpected() {
    return new DamagedParquetException("metadata has a field of another type than expected");
  }

  private int readByte() {
    if (position >= end) {
      throw new EndOfBytes();
    }
    return bytes[position++] & 0xFF;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedParquetException("metadata has a number that is too long");
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
