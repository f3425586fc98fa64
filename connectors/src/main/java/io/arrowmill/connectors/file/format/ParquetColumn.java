package io.arrowmill.connectors.file.format;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;

/**
 * One leaf column of the row group that is being written: levels and PLAIN values of the current
 * page, and the pages before it, as they will stand in the file. Confined to one thread.
 */
final class ParquetColumn {
  /** Parquet's physical types, by their numbers in the format. */
  static final int BOOLEAN = 0;

  static final int INT32 = 1;
  static final int INT64 = 2;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int BYTE_ARRAY = 6;
  static final int FIXED_LEN_BYTE_ARRAY = 7;

  private static final int PAGE_BYTES = 1 << 20;
  private static final int PAGE_ROWS_MAX = 1 << 17;
  private static final int ENCODING_PLAIN = 0;
  private static final int ENCODING_RLE = 3;

  final List<String> path;
  final DataType type;
  final int definitionMax;
  final int repetitionMax;
  private final boolean gzip;

  private final GrowingBytes values = new GrowingBytes(1 << 12);
  private final GrowingBytes definitions = new GrowingBytes(1 << 10);
  private final GrowingBytes repetitions = new GrowingBytes(1 << 4);
  private int booleanCount;

  /** Finished pages with their headers. */
  private final GrowingBytes chunk = new GrowingBytes(1 << 12);

  private long chunkUncompressedBytes;
  private long chunkValueCount;

  ParquetColumn(
      List<String> path, DataType type, int definitionMax, int repetitionMax, boolean gzip) {
    this.path = path;
    this.type = type;
    this.definitionMax = definitionMax;
    this.repetitionMax = repetitionMax;
    this.gzip = gzip;
  }

  static int physicalType(DataType type) {
    return switch (type) {
      case DecimalType decimal ->
          decimal.precision() <= 9
              ? INT32
              : decimal.precision() <= 18 ? INT64 : FIXED_LEN_BYTE_ARRAY;
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> BOOLEAN;
            case BYTE, SHORT, INTEGER, DATE -> INT32;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> INT64;
            case FLOAT -> FLOAT;
            case DOUBLE -> DOUBLE;
            case STRING, BINARY -> BYTE_ARRAY;
            case DAY_TIME_INTERVAL, YEAR_MONTH_INTERVAL ->
                throw new IllegalArgumentException(type.sql());
          };
      default -> throw new IllegalArgumentException(type.sql());
    };
  }

  /** How many bytes a decimal of that many digits needs. */
  static int decimalBytes(int precision) {
    return BigInteger.TEN.pow(precision).bitLength() / 8 + 1;
  }

  void putNull(int repetition, int definition) {
    level(repetition, definition);
  }

  /** Adds the value at {@code index}, which is not null. */
  void putValue(FieldVector vector, int index, int repetition) {
    level(repetition, definitionMax);
    switch (vector) {
      case BitVector bits -> putBoolean(bits.get(index));
      case TinyIntVector bytes -> values.putInt(bytes.get(index));
      case SmallIntVector shorts -> values.putInt(shorts.get(index));
      case DecimalVector decimals -> putDecimal(decimals, index);
      case BaseVariableWidthVector variable -> {
        int start = variable.getOffsetBuffer().getInt(4L * index);
        int length = variable.getOffsetBuffer().getInt(4L * index + 4) - start;
        values.putInt(length);
        values.put(variable.getDataBuffer(), start, length);
      }
      case BaseFixedWidthVector fixed -> {
        int width = fixed.getTypeWidth();
        if (width == Integer.BYTES) {
          values.putInt(fixed.getDataBuffer().getInt(4L * index));
        } else {
          values.putLong(fixed.getDataBuffer().getLong(8L * index));
        }
      }
      default -> throw new IllegalArgumentException(vector.getField().toString());
    }
  }

  private void level(int repetition, int definition) {
    definitions.putByte(definition);
    if (repetitionMax > 0) {
      repetitions.putByte(repetition);
    }
  }

  /**
   * Adds the first {@code count} values of a vector that has no nulls and whose bytes are PLAIN
   * already.
   */
  void putAll(FieldVector vector, int start, int count, int width) {
    definitions.fill(definitionMax, count);
    values.put(vector.getDataBuffer(), (long) start * width, count * width);
  }

  private void putBoolean(int bit) {
    if ((booleanCount & 7) == 0) {
      values.putByte(0);
    }
    if (bit != 0) {
      values.array()[values.size() - 1] |= (byte) (1 << (booleanCount & 7));
    }
    booleanCount++;
  }

  private void putDecimal(DecimalVector vector, int index) {
    // 16 bytes, little-endian two's complement
    ArrowBuf data = vector.getDataBuffer();
    long at = (long) index * DecimalVector.TYPE_WIDTH;
    switch (physicalType(type)) {
      case INT32 -> values.putInt(data.getInt(at));
      case INT64 -> values.putLong(data.getLong(at));
      default -> {
        for (int i = decimalBytes(((DecimalType) type).precision()) - 1; i >= 0; i--) {
          values.putByte(data.getByte(at + i));
        }
      }
    }
  }

  /** Between two rows: ends the page if it is large enough. */
  void endRow() throws IOException {
    if (values.size() >= PAGE_BYTES || definitions.size() >= PAGE_ROWS_MAX) {
      endPage();
    }
  }

  private void endPage() throws IOException {
    int count = definitions.size();
    if (count == 0) {
      return;
    }
    GrowingBytes body = new GrowingBytes(values.size() + 64);
    if (repetitionMax > 0) {
      ParquetLevels.encode(repetitions.array(), count, repetitionMax, body);
    }
    if (definitionMax > 0) {
      ParquetLevels.encode(definitions.array(), count, definitionMax, body);
    }
    body.put(values.array(), 0, values.size());
    byte[] stored = body.array();
    int storedBytes = body.size();
    if (gzip) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(storedBytes / 2 + 32);
      try (GZIPOutputStream deflate = new GZIPOutputStream(out)) {
        deflate.write(stored, 0, storedBytes);
      }
      stored = out.toByteArray();
      storedBytes = stored.length;
    }
    byte[] header =
        new ThriftCompactWriter()
            .i32(1, 0) // a data page
            .i32(2, body.size())
            .i32(3, storedBytes)
            .begin(5)
            .i32(1, count)
            .i32(2, ENCODING_PLAIN)
            .i32(3, ENCODING_RLE)
            .i32(4, ENCODING_RLE)
            .end()
            .end()
            .bytes();
    chunk.put(header, 0, header.length);
    chunk.put(stored, 0, storedBytes);
    chunkUncompressedBytes += header.length + (long) body.size();
    chunkValueCount += count;
    values.clear();
    definitions.clear();
    repetitions.clear();
    booleanCount = 0;
  }

  long bufferedBytes() {
    return (long) chunk.size() + values.size() + definitions.size();
  }

  /** Ends the chunk: its bytes stay valid until {@link #reset}. */
  GrowingBytes finish() throws IOException {
    endPage();
    return chunk;
  }

  /** Describes the finished chunk, which the file holds at {@code offset}. */
  void describe(ThriftCompactWriter out, long offset) {
    out.beginElement().i64(2, offset).begin(3);
    out.i32(1, physicalType(type));
    out.list(2, ThriftCompactWriter.I32, 2);
    out.i32Element(ENCODING_PLAIN);
    out.i32Element(ENCODING_RLE);
    out.list(3, ThriftCompactWriter.BINARY, path.size());
    path.forEach(out::textElement);
    out.i32(4, gzip ? 2 : 0);
    out.i64(5, chunkValueCount);
    out.i64(6, chunkUncompressedBytes);
    out.i64(7, chunk.size());
    out.i64(9, offset);
    out.end().end();
  }

  void reset() {
    chunk.clear();
    chunkUncompressedBytes = 0;
    chunkValueCount = 0;
  }
}
