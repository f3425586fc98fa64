package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata at the end of a Parquet file.
 *
 * <pre>
 * "PAR1" | row groups | footer | its length, 4 bytes | "PAR1"
 * </pre>
 *
 * @param schema depth first, the root first
 * @param arrowSchema the Arrow schema that the writer added, or null
 */
record ParquetFooter(
    List<SchemaElement> schema, List<RowGroup> rowGroups, @Nullable String arrowSchema) {
  private static final int MAGIC = 0x31524150; // "PAR1"
  private static final int TAIL_BYTES = 8;
  private static final int FIRST_READ_BYTES = 32 << 10;

  /** One row group: a chunk for each leaf of the schema, in order. */
  record RowGroup(long rows, List<ChunkMeta> chunks) {}

  /**
   * Reads the footer of a file.
   *
   * @param size of the file in bytes
   * @throws DamagedParquetException if it is not a Parquet file, or a damaged one
   */
  static ParquetFooter read(FileChannel file, long size) throws IOException {
    checkRange("file size", size, 4 + TAIL_BYTES, Long.MAX_VALUE);
    byte[] tail = tail(file, size, (int) Math.min(size, FIRST_READ_BYTES));
    check(integer(tail, tail.length - 4) == MAGIC, "the file must end in PAR1");
    int length = integer(tail, tail.length - TAIL_BYTES);
    checkRange("footer length", length, 1, size - 4 - TAIL_BYTES);
    if ((long) length + TAIL_BYTES > tail.length) {
      checkRange("footer length", length, 1, Integer.MAX_VALUE - 64);
      tail = tail(file, size, length + TAIL_BYTES);
    }
    int to = tail.length - TAIL_BYTES;
    try {
      return parse(new ThriftCompactReader(tail, to - length, to), size - TAIL_BYTES - length);
    } catch (ThriftCompactReader.EndOfBytes e) {
      throw new DamagedParquetException("the footer is incomplete", e);
    }
  }

  private static int integer(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static byte[] tail(FileChannel file, long size, int bytes) throws IOException {
    byte[] array = new byte[bytes];
    ByteBuffer buffer = ByteBuffer.wrap(array);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, size - bytes + buffer.position()) < 0) {
        throw new EOFException("the file got shorter while it was read");
      }
    }
    return array;
  }

  private static ParquetFooter parse(ThriftCompactReader in, long dataEnd) {
    List<SchemaElement> schema = new ArrayList<>();
    List<RowGroup> groups = new ArrayList<>();
    String arrowSchema = null;
    boolean encrypted = false;
    long rows = -1;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 2 -> {
          for (int left = in.structs(); left > 0; left--) {
            schema.add(SchemaElement.read(in));
          }
        }
        case 3 -> rows = in.number();
        case 4 -> {
          for (int left = in.structs(); left > 0; left--) {
            groups.add(rowGroup(in, dataEnd));
          }
        }
        case 5 -> {
          for (int left = in.structs(); left > 0; left--) {
            String found = arrowSchema(in);
            arrowSchema = found == null ? arrowSchema : found;
          }
        }
        case 8 -> {
          encrypted = true;
          in.skip();
        }
        default -> in.skip();
      }
    }
    check(!encrypted, "the file must not be encrypted");
    check(!schema.isEmpty(), "the footer has no schema");
    check(
        groups.stream().mapToLong(RowGroup::rows).sum() == rows,
        "the rows of the row groups must be as many as those of the file");
    return new ParquetFooter(List.copyOf(schema), List.copyOf(groups), arrowSchema);
  }

  /** The value of a pair whose key is {@code ARROW:schema}, or null. */
  private static @Nullable String arrowSchema(ThriftCompactReader in) {
    boolean wanted = false;
    String value = null;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> wanted = in.text().equals("ARROW:schema");
        case 2 -> {
          if (wanted) {
            value = in.text();
          } else {
            in.skip();
          }
        }
        default -> in.skip();
      }
    }
    return value;
  }

  private static RowGroup rowGroup(ThriftCompactReader in, long dataEnd) {
    List<ChunkMeta> chunks = new ArrayList<>();
    long rows = -1;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> {
          for (int left = in.structs(); left > 0; left--) {
            chunks.add(chunk(in, dataEnd));
          }
        }
        case 3 -> rows = in.number();
        default -> in.skip();
      }
    }
    checkRange("rows of a row group", rows, 0, Long.MAX_VALUE >> 16);
    return new RowGroup(rows, List.copyOf(chunks));
  }

  private static ChunkMeta chunk(ThriftCompactReader in, long dataEnd) {
    boolean plain = true;
    ChunkMeta meta = null;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 3 -> meta = chunkMeta(in, dataEnd);
        case 1, 8, 9 -> { // in another file, or encrypted
          plain = false;
          in.skip();
        }
        default -> in.skip();
      }
    }
    if (meta == null || !plain) {
      return new ChunkMeta(-1, 0, -1, 0, 0, 0, 0, false);
    }
    return meta;
  }

  private static ChunkMeta chunkMeta(ThriftCompactReader in, long dataEnd) {
    int type = -1;
    int encodings = 0;
    int codec = -1;
    long values = 0;
    long bytesDecoded = 0;
    long bytes = 0;
    long dataStart = 0;
    long dictionaryStart = 0;
    in.struct();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> type = in.integer();
        case 2 -> {
          for (int left = in.integers(); left > 0; left--) {
            int encoding = in.integerElement();
            checkRange("encoding", encoding, 0, 31);
            encodings |= 1 << encoding;
          }
        }
        case 4 -> codec = in.integer();
        case 5 -> values = in.number();
        case 6 -> bytesDecoded = in.number();
        case 7 -> bytes = in.number();
        case 9 -> dataStart = in.number();
        case 11 -> dictionaryStart = in.number();
        default -> in.skip();
      }
    }
    long start = dictionaryStart > 0 && dictionaryStart < dataStart ? dictionaryStart : dataStart;
    // A chunk that isn't where it says matters only where it is read.
    boolean plain = start >= 4 && start <= dataEnd && bytes >= 0 && bytes <= dataEnd - start;
    return new ChunkMeta(type, encodings, codec, values, start, bytes, bytesDecoded, plain);
  }
}
