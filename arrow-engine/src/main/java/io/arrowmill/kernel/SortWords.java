package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getFloat;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.runtime.TextWords;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The values of a key as words of 64 bits, whose order without sign is the order of the values: one
 * word of numbers and times, two of long decimals, any number of texts and binaries. Values whose
 * first words are the same are told apart by their second ones, and so on. Borrows the values.
 *
 * <p>A word of a text is seven of its bytes, zeros behind its end, and how many bytes there are
 * from the first of them on, at most 8. Words of a descending key have all bits turned.
 */
final class SortWords {
  private static final int TEXT_BYTES = 7;

  /** What is said of a text that goes on behind its word. */
  private static final int GOES_ON = TEXT_BYTES + 1;

  private static final int SHORT_PRECISION = 18;

  private enum Kind {
    BIT,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    SHORT_DECIMAL,
    DECIMAL,
    TEXT
  }

  private final Kind kind;
  private final long data;
  private final long offsets;
  private final long turned;

  private SortWords(Kind kind, FieldVector values, boolean ascending) {
    this.kind = kind;
    this.data = values.getDataBuffer().memoryAddress();
    this.offsets = kind == Kind.TEXT ? values.getOffsetBuffer().memoryAddress() : 0;
    this.turned = ascending ? 0 : -1;
  }

  /** The words of a key; null if its type has none. */
  static @Nullable SortWords of(SortKey key) {
    Kind kind = kind(key.type());
    return kind == null ? null : new SortWords(kind, key.values(), key.ascending());
  }

  private static @Nullable Kind kind(DataType type) {
    return switch (type) {
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> Kind.BIT;
            case BYTE -> Kind.BYTE;
            case SHORT -> Kind.SHORT;
            case INTEGER, DATE, YEAR_MONTH_INTERVAL -> Kind.INT;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ, DAY_TIME_INTERVAL -> Kind.LONG;
            case FLOAT -> Kind.FLOAT;
            case DOUBLE -> Kind.DOUBLE;
            case STRING, BINARY -> Kind.TEXT;
          };
      case DecimalType decimal ->
          decimal.precision() <= SHORT_PRECISION ? Kind.SHORT_DECIMAL : Kind.DECIMAL;
      default -> null;
    };
  }

  /** How many words a value has at most. */
  int most() {
    return switch (kind) {
      case TEXT -> Integer.MAX_VALUE;
      case DECIMAL -> 2;
      default -> 1;
    };
  }

  /** Whether values whose words from 0 to {@code depth} are the same, are the same. */
  boolean isLast(int depth, long word) {
    return switch (kind) {
      case TEXT -> ((word ^ turned) & 0xFF) != GOES_ON;
      case DECIMAL -> depth == 1;
      default -> true;
    };
  }

  /**
   * Writes the words of rows that are not null.
   *
   * @param depth which of their words
   * @param positions address of the rows' numbers
   * @param from the first of the positions to be read, and of the words to be written
   * @param words address of the words
   */
  void fill(int depth, long positions, int from, int to, long words) {
    switch (kind) {
      case BIT -> {
        for (int i = from; i < to; i++) {
          put(words, i, getBit(data, getInt(positions + 4L * i)) ? 1 : 0);
        }
      }
      case BYTE -> {
        for (int i = from; i < to; i++) {
          put(words, i, getByte(data + getInt(positions + 4L * i)) ^ Long.MIN_VALUE);
        }
      }
      case SHORT -> {
        for (int i = from; i < to; i++) {
          put(words, i, getShort(data + 2L * getInt(positions + 4L * i)) ^ Long.MIN_VALUE);
        }
      }
      case INT -> {
        for (int i = from; i < to; i++) {
          put(words, i, getInt(data + 4L * getInt(positions + 4L * i)) ^ Long.MIN_VALUE);
        }
      }
      case LONG -> {
        for (int i = from; i < to; i++) {
          put(words, i, getLong(data + 8L * getInt(positions + 4L * i)) ^ Long.MIN_VALUE);
        }
      }
      case FLOAT -> {
        for (int i = from; i < to; i++) {
          put(words, i, inOrder(getFloat(data + 4L * getInt(positions + 4L * i))));
        }
      }
      case DOUBLE -> {
        for (int i = from; i < to; i++) {
          put(words, i, inOrder(getDouble(data + 8L * getInt(positions + 4L * i))));
        }
      }
      case SHORT_DECIMAL -> {
        for (int i = from; i < to; i++) {
          put(words, i, getLong(data + 16L * getInt(positions + 4L * i)) ^ Long.MIN_VALUE);
        }
      }
      case DECIMAL -> {
        long half = depth == 0 ? data + 8 : data;
        long sign = depth == 0 ? Long.MIN_VALUE : 0;
        for (int i = from; i < to; i++) {
          put(words, i, getLong(half + 16L * getInt(positions + 4L * i)) ^ sign);
        }
      }
      case TEXT -> {
        for (int i = from; i < to; i++) {
          put(words, i, text(getInt(positions + 4L * i), TEXT_BYTES * depth));
        }
      }
    }
  }

  private void put(long words, int index, long word) {
    putLong(words + 8L * index, word ^ turned);
  }

  /** Adding 0.0 turns -0.0 into 0.0; doubleToLongBits knows one NaN only, which is greatest. */
  private static long inOrder(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> (Long.SIZE - 1)) | Long.MIN_VALUE);
  }

  private long text(int row, int start) {
    int from = getInt(offsets + 4L * row);
    int length = getInt(offsets + 4L * row + 4) - from;
    int left = length - start;
    long address = data + from + start;
    if (left >= Long.BYTES) {
      return (Long.reverseBytes(getLong(address)) & -256L) | GOES_ON;
    }
    if (left <= 0) {
      return 0;
    }
    // Nothing is read outside the text: the word that ends with it has the bytes that are left.
    long bytes =
        length >= Long.BYTES
            ? getLong(address + left - Long.BYTES) >>> (8 * (Long.BYTES - left))
            : TextWords.shortText(address, left);
    return Long.reverseBytes(bytes) | left;
  }
}
