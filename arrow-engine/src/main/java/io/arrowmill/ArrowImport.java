package io.arrowmill;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.batch.RowCopy;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Takes in Arrow data that the program has. */
public final class ArrowImport {
  private ArrowImport() {}

  /**
   * The columns of an Arrow schema.
   *
   * @throws AnalysisException with condition {@code UNSUPPORTED_ARROW_TYPE} if a column is not laid
   *     out as the engine holds its type
   */
  public static StructType schemaOf(Schema arrow) {
    return StructType.of(arrow.getFields().stream().map(ArrowImport::fieldOf).toList());
  }

  private static StructField fieldOf(Field field) {
    if (field.getDictionary() != null) {
      throw new AnalysisException(
          "UNSUPPORTED_ARROW_TYPE",
          "Arrow column must hold values, not places in a dictionary: column="
              + field.getName()
              + ", dictionary="
              + field.getDictionary().getId()
              + "; decode it with DictionaryEncoder.decode, or read it as a column of its own"
              + " through an ArrowReader, which brings the dictionary");
    }
    StructField column = new StructField(field.getName(), typeOf(field), field.isNullable());
    ArrowType expected = ArrowTypes.field(column).getType();
    boolean isZoned =
        expected instanceof ArrowType.Timestamp && field.getType() instanceof ArrowType.Timestamp;
    if (!isZoned && !expected.equals(field.getType())) {
      throw unsupported(field);
    }
    return column;
  }

  private static DataType typeOf(Field field) {
    return switch (field.getType()) {
      case ArrowType.Null ignored -> DataTypes.NULL;
      case ArrowType.Bool ignored -> DataTypes.BOOLEAN;
      case ArrowType.Int integer when integer.getIsSigned() ->
          switch (integer.getBitWidth()) {
            case 8 -> DataTypes.BYTE;
            case 16 -> DataTypes.SHORT;
            case 32 -> DataTypes.INTEGER;
            default -> DataTypes.LONG;
          };
      case ArrowType.FloatingPoint floating ->
          switch (floating.getPrecision()) {
            case SINGLE -> DataTypes.FLOAT;
            case DOUBLE -> DataTypes.DOUBLE;
            case HALF -> throw unsupported(field);
          };
      case ArrowType.Utf8 ignored -> DataTypes.STRING;
      case ArrowType.Binary ignored -> DataTypes.BINARY;
      case ArrowType.Date ignored -> DataTypes.DATE;
      case ArrowType.Timestamp timestamp ->
          switch (timestamp.getUnit()) {
            case MICROSECOND ->
                timestamp.getTimezone() == null ? DataTypes.TIMESTAMP_NTZ : DataTypes.TIMESTAMP;
            default -> throw unsupported(field);
          };
      case ArrowType.Decimal decimal ->
          DataTypes.decimal(decimal.getPrecision(), decimal.getScale());
      case ArrowType.Duration ignored -> DataTypes.dayTimeInterval();
      case ArrowType.Interval ignored -> DataTypes.yearMonthInterval();
      case ArrowType.List ignored -> {
        Field element = field.getChildren().getFirst();
        yield new DataType.ArrayType(fieldOf(element).type(), element.isNullable());
      }
      case ArrowType.Map ignored -> {
        List<Field> entry = field.getChildren().getFirst().getChildren();
        yield new DataType.MapType(
            fieldOf(entry.get(0)).type(), fieldOf(entry.get(1)).type(), entry.get(1).isNullable());
      }
      case ArrowType.Struct ignored ->
          StructType.of(field.getChildren().stream().map(ArrowImport::fieldOf).toList());
      default -> throw unsupported(field);
    };
  }

  private static AnalysisException unsupported(Field field) {
    return new AnalysisException(
        "UNSUPPORTED_ARROW_TYPE",
        "Arrow column must be of a type the engine holds: column="
            + field.getName()
            + ", type="
            + field.getType()
            + "; use signed integers, floats, utf8, binary, date32, timestamps in microseconds,"
            + " decimal128, list, map or struct");
  }

  static DataFrame read(Session session, ArrowReader reader) {
    BufferAllocator allocator = session.allocator();
    List<RecordBatch> batches = new ArrayList<>();
    try {
      ArrowDictionaries dictionaries = new ArrowDictionaries(reader);
      StructType schema = schemaOf(dictionaries.decoded());
      while (reader.loadNextBatch()) {
        dictionaries.decode(
            allocator, (root, codes) -> take(schema, root, codes, allocator, batches));
      }
      return session.engine().hold("Arrow data", schema, batches);
    } catch (IOException e) {
      throw new ArrowmillException(
          "SOURCE_READ_FAILED", "Arrow reader must be readable: error=" + e.getMessage(), e);
    } finally {
      batches.forEach(RecordBatch::close);
    }
  }

  /**
   * Takes the vectors out of {@code root}, in batches of at most {@link RecordBatch#ROWS_MAX} rows.
   *
   * @param batches receives the batches; the caller owns them
   */
  public static void take(
      StructType schema,
      VectorSchemaRoot root,
      BufferAllocator allocator,
      List<RecordBatch> batches) {
    take(schema, root, new RowCodes[schema.size()], allocator, batches);
  }

  /** Owns {@code codes}. */
  private static void take(
      StructType schema,
      VectorSchemaRoot root,
      @Nullable RowCodes[] codes,
      BufferAllocator allocator,
      List<RecordBatch> batches) {
    boolean isOurs =
        root.getFieldVectors().stream()
            .allMatch(vector -> vector.getAllocator().getRoot().equals(allocator.getRoot()));
    try (RecordBatch whole =
        isOurs
            ? RecordBatch.transfer(schema, root, codes, allocator)
            : copy(schema, root, codes, allocator)) {
      for (int start = 0; start < whole.rowCount(); start += RecordBatch.ROWS_MAX) {
        int count = Math.min(RecordBatch.ROWS_MAX, whole.rowCount() - start);
        batches.add(whole.slice(start, count, allocator));
      }
    }
    if (!isOurs) {
      root.clear();
    }
  }

  private static RecordBatch copy(
      StructType schema,
      VectorSchemaRoot root,
      @Nullable RowCodes[] codes,
      BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    int rows = root.getRowCount();
    try {
      for (FieldVector vector : root.getFieldVectors()) {
        FieldVector copy = vector.getField().createVector(allocator);
        columns.add(copy);
        copy.setInitialCapacity(rows);
        copy.allocateNew();
        for (int row = 0; row < rows; row++) {
          RowCopy.copy(vector, row, copy, row);
        }
        copy.setValueCount(rows);
      }
      return new RecordBatch(schema, columns, codes, rows);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      RowCodes.closeAll(codes);
      throw e;
    }
  }
}
