package io.arrowmill;

import io.arrowmill.batch.RowCodes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The values of an Arrow reader's columns that hold places in a dictionary. A dictionary is looked
 * up for every batch: a stream may replace it between two.
 */
final class ArrowDictionaries {
  private final ArrowReader reader;
  private final Schema encoded;

  ArrowDictionaries(ArrowReader reader) throws IOException {
    this.reader = reader;
    this.encoded = reader.getVectorSchemaRoot().getSchema();
  }

  /** The reader's columns, as their values are. */
  Schema decoded() throws IOException {
    List<Field> fields = new ArrayList<>();
    for (Field field : encoded.getFields()) {
      DictionaryEncoding encoding = field.getDictionary();
      fields.add(encoding == null ? field : decoded(field, values(encoding).getField()));
    }
    return new Schema(fields);
  }

  private static Field decoded(Field field, Field values) {
    // A dictionary may hold a null that places point to, whatever the places say.
    boolean nullable = field.isNullable() || values.isNullable();
    return new Field(
        field.getName(), new FieldType(nullable, values.getType(), null), values.getChildren());
  }

  private FieldVector values(DictionaryEncoding encoding) throws IOException {
    return dictionary(encoding).getVector();
  }

  private Dictionary dictionary(DictionaryEncoding encoding) throws IOException {
    Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
    if (dictionary == null) {
      throw new AnalysisException(
          "UNSUPPORTED_ARROW_TYPE",
          "Arrow reader must bring the dictionary of its column: dictionary=" + encoding.getId());
    }
    return dictionary;
  }

  /**
   * The batch that the reader has loaded, with values for places in dictionaries.
   *
   * @param use of the batch, which it may take the vectors out of, what it leaves is freed; and of
   *     codes, one a column, null where there are none, which it then owns
   */
  void decode(BufferAllocator allocator, BiConsumer<VectorSchemaRoot, @Nullable RowCodes[]> use)
      throws IOException {
    VectorSchemaRoot loaded = reader.getVectorSchemaRoot();
    List<FieldVector> columns = new ArrayList<>();
    List<FieldVector> made = new ArrayList<>();
    @Nullable RowCodes[] codes = new RowCodes[loaded.getFieldVectors().size()];
    try {
      for (FieldVector vector : loaded.getFieldVectors()) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
          columns.add(vector);
          continue;
        }
        FieldVector values =
            (FieldVector) DictionaryEncoder.decode(vector, dictionary(encoding), allocator);
        made.add(values);
        codes[columns.size()] = codes(vector, values(encoding).getValueCount(), allocator);
        columns.add(values);
      }
      VectorSchemaRoot whole =
          made.isEmpty()
              ? loaded
              : new VectorSchemaRoot(decoded().getFields(), columns, loaded.getRowCount());
      @Nullable RowCodes[] given = codes;
      codes = new RowCodes[0];
      use.accept(whole, given);
    } finally {
      made.forEach(FieldVector::close);
      RowCodes.closeAll(codes);
    }
  }

  /** The places as codes, a null behind the last place; null if that would not pay. */
  private static @Nullable RowCodes codes(
      FieldVector places, int entries, BufferAllocator allocator) {
    int rows = places.getValueCount();
    if (!(places instanceof BaseIntVector integers) || !RowCodes.pays(entries + 1, rows)) {
      return null;
    }
    ArrowBuf values = allocator.buffer(4L * rows);
    for (int row = 0; row < rows; row++) {
      int code = places.isNull(row) ? entries : (int) integers.getValueAsLong(row);
      values.setInt(4L * row, code);
    }
    return new RowCodes(values, entries + 1);
  }
}
