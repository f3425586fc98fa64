package io.arrowmill.connectors.file.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the few shapes of Thrift's compact protocol that Parquet's metadata needs. A field's
 * header holds how far its id is from the one before; so fields are written in ascending order.
 * Confined to one thread.
 */
final class ThriftCompactWriter {
  private static final int BOOLEAN_TRUE = 1;
  private static final int BOOLEAN_FALSE = 2;
  private static final int BYTE = 3;
  static final int I32 = 5;
  private static final int I64 = 6;
  static final int BINARY = 8;
  private static final int LIST = 9;
  static final int STRUCT = 12;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int[] lastIds = new int[8];
  private int depth;

  private void header(int id, int type) {
    int delta = id - lastIds[depth];
    out.write((delta << 4) | type);
    lastIds[depth] = id;
  }

  ThriftCompactWriter i32(int id, int value) {
    header(id, I32);
    varint(zigzag(value));
    return this;
  }

  ThriftCompactWriter i64(int id, long value) {
    header(id, I64);
    varint(zigzag(value));
    return this;
  }

  ThriftCompactWriter i8(int id, int value) {
    header(id, BYTE);
    out.write(value);
    return this;
  }

  ThriftCompactWriter bool(int id, boolean value) {
    header(id, value ? BOOLEAN_TRUE : BOOLEAN_FALSE);
    return this;
  }

  ThriftCompactWriter text(int id, String value) {
    header(id, BINARY);
    textElement(value);
    return this;
  }

  ThriftCompactWriter list(int id, int elementType, int size) {
    header(id, LIST);
    if (size < 15) {
      out.write((size << 4) | elementType);
    } else {
      out.write(0xF0 | elementType);
      varint(size);
    }
    return this;
  }

  void i32Element(int value) {
    varint(zigzag(value));
  }

  void textElement(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /** Appends a whole struct, an element of a list, that another writer wrote. */
  void raw(byte[] struct) {
    out.write(struct, 0, struct.length);
  }

  /** Begins a struct that is a field. */
  ThriftCompactWriter begin(int id) {
    header(id, STRUCT);
    return beginElement();
  }

  /** Begins a struct that is an element of a list. */
  ThriftCompactWriter beginElement() {
    depth++;
    if (depth == lastIds.length) {
      lastIds = Arrays.copyOf(lastIds, 2 * depth);
    }
    lastIds[depth] = 0;
    return this;
  }

  /** Ends the innermost struct, or the whole message. */
  ThriftCompactWriter end() {
    out.write(0);
    depth--;
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
