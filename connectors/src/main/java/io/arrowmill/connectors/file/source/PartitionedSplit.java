package io.arrowmill.connectors.file.source;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * A split of a file whose directory gives some of the wanted columns: adds them, each value
 * repeated for every row.
 *
 * @param split gives the other wanted columns, in their order
 */
record PartitionedSplit(DataFile file, InputSplit split, StructType wanted) implements InputSplit {

  @Override
  public BatchReader open(BufferAllocator allocator) throws IOException {
    return new Reader(split.open(allocator), allocator);
  }

  @Override
  public BatchReader open(BufferAllocator allocator, List<ValueFilter> filters) throws IOException {
    List<ValueFilter> ofFile =
        filters.stream().filter(filter -> !file.partition().containsKey(filter.column())).toList();
    return new Reader(split.open(allocator, ofFile), allocator);
  }

  @Override
  public boolean canReadAhead() {
    return split.canReadAhead();
  }

  @Override
  public String description() {
    return split.description();
  }

  /** Adds the columns to each batch. */
  private final class Reader implements BatchReader {
    private final BatchReader reader;
    private final BufferAllocator allocator;

    Reader(BatchReader reader, BufferAllocator allocator) {
      this.reader = reader;
      this.allocator = allocator;
    }

    @Override
    public @Nullable RecordBatch next() throws IOException {
      RecordBatch batch = reader.next();
      if (batch == null) {
        return null;
      }
      List<FieldVector> columns = new ArrayList<>();
      List<FieldVector> made = new ArrayList<>();
      @Nullable RowCodes[] codes = new RowCodes[wanted.size()];
      try {
        int fromFile = 0;
        for (StructField field : wanted.fields()) {
          if (file.partition().containsKey(field.name())) {
            FieldVector vector = ArrowTypes.field(field).createVector(allocator);
            made.add(vector);
            columns.add(vector);
            fill(vector, field, batch.rowCount());
          } else {
            codes[columns.size()] = batch.codes(fromFile);
            columns.add(batch.column(fromFile++));
          }
        }
        return new RecordBatch(wanted, columns, codes, batch.rowCount());
      } catch (RuntimeException | Error e) {
        made.forEach(FieldVector::close);
        batch.close();
        throw e;
      }
    }

    @Override
    public long rowsLeftOut() {
      return reader.rowsLeftOut();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private void fill(FieldVector vector, StructField field, int rows) {
    String text = file.partition().get(field.name());
    if (text == null) {
      vector.setInitialCapacity(rows);
      vector.allocateNew();
      vector.setValueCount(rows);
      return;
    }
    if (vector instanceof VarCharVector strings) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      strings.allocateNew((long) rows * bytes.length, rows);
      for (int row = 0; row < rows; row++) {
        strings.set(row, bytes);
      }
    } else if (vector instanceof BaseFixedWidthVector fixed) {
      fixed.allocateNew(rows);
      try {
        setAll(fixed, field, text.trim(), rows);
      } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
        throw mismatch(field, text, e);
      }
    } else {
      throw mismatch(field, text, null);
    }
    vector.setValueCount(rows);
  }

  private ArrowmillException mismatch(StructField field, String text, @Nullable Exception cause) {
    return new ArrowmillException(
        "INVALID_PARTITION_VALUE",
        "a directory's value must fit the column's type: file="
            + file.uri()
            + ", column="
            + field.name()
            + ", value="
            + text
            + ", type="
            + field.type().sql()
            + "; read the column as STRING",
        cause);
  }

  private static void setAll(
      BaseFixedWidthVector vector, StructField field, String text, int rows) {
    switch (vector) {
      case BitVector bits -> {
        int bit = Boolean.parseBoolean(text) ? 1 : 0;
        for (int row = 0; row < rows; row++) {
          bits.set(row, bit);
        }
      }
      case Float4Vector floats -> {
        float value = Float.parseFloat(text);
        for (int row = 0; row < rows; row++) {
          floats.set(row, value);
        }
      }
      case Float8Vector doubles -> {
        double value = Double.parseDouble(text);
        for (int row = 0; row < rows; row++) {
          doubles.set(row, value);
        }
      }
      case DecimalVector decimals -> {
        DecimalType type = (DecimalType) field.type();
        BigDecimal value = new BigDecimal(text).setScale(type.scale(), RoundingMode.UNNECESSARY);
        if (value.precision() > type.precision()) {
          throw new ArithmeticException("too many digits");
        }
        for (int row = 0; row < rows; row++) {
          decimals.set(row, value);
        }
      }
      default -> setLongs(vector, whole(field, text), rows);
    }
  }

  private static void setLongs(BaseFixedWidthVector vector, long value, int rows) {
    for (int row = 0; row < rows; row++) {
      switch (vector) {
        case TinyIntVector bytes -> bytes.set(row, (byte) value);
        case SmallIntVector shorts -> shorts.set(row, (short) value);
        case IntVector ints -> ints.set(row, (int) value);
        case BigIntVector longs -> longs.set(row, value);
        case DateDayVector days -> days.set(row, (int) value);
        case TimeStampVector micros -> micros.set(row, value);
        default -> throw new NumberFormatException("type");
      }
    }
  }

  private static long whole(StructField field, String text) {
    return switch (field.type()) {
      case AtomicType type ->
          switch (type) {
            case BYTE -> Byte.parseByte(text);
            case SHORT -> Short.parseShort(text);
            case INTEGER -> Integer.parseInt(text);
            case DATE -> LocalDate.parse(text).toEpochDay();
            case TIMESTAMP, TIMESTAMP_NTZ -> micros(text);
            default -> Long.parseLong(text);
          };
      default -> throw new NumberFormatException("type");
    };
  }

  private static long micros(String text) {
    String iso = text.replace(' ', 'T');
    OffsetDateTime time =
        iso.indexOf('T') < 0
            ? LocalDate.parse(iso).atTime(LocalTime.MIDNIGHT).atOffset(ZoneOffset.UTC)
            : iso.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)$")
                ? OffsetDateTime.parse(iso)
                : LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
    return ChronoUnit.MICROS.between(LocalDate.EPOCH.atStartOfDay().atOffset(ZoneOffset.UTC), time);
  }
}
