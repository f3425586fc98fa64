package io.arrowmill.connectors.file.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the schema that all records of JSON files have in common: fields in the order of their
 * names; BIGINT, DOUBLE, BOOLEAN, else STRING; structs and arrays of those. Confined to one thread.
 */
final class JsonInference {
  private static final int LONG_BITS_MAX = 63;

  private final JsonFactory factory;
  private final boolean primitivesAsString;
  private DataType type = new StructType();
  private boolean sawCorrupt;

  JsonInference(SourceSpec spec) {
    factory = JsonParsing.factory(spec);
    primitivesAsString = Boolean.parseBoolean(spec.option("primitivesAsString"));
  }

  void add(byte[] bytes, int start, int end) {
    try (JsonParser parser = factory.createParser(bytes, start, end - start)) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return;
      }
      DataType found = typeOf(parser);
      while (found instanceof ArrayType array) {
        found = array.element(); // rows of an array
      }
      if (found instanceof StructType && parser.nextToken() == null) {
        type = merge(type, found);
      } else {
        sawCorrupt = true;
      }
    } catch (IOException e) {
      sawCorrupt = true;
    }
  }

  /** The schema; records that are no objects make it have the column for them. */
  StructType schema(SourceSpec spec) {
    StructType schema = (StructType) withoutNulls(type);
    return sawCorrupt && ParseMode.of(spec) == ParseMode.PERMISSIVE
        ? schema.add(ParseMode.corruptColumn(spec), DataTypes.STRING)
        : schema;
  }

  private DataType typeOf(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, StructField> fields = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, new StructField(name, typeOf(parser), true));
        }
        yield StructType.of(fields.values().stream().toList());
      }
      case START_ARRAY -> {
        DataType element = DataTypes.NULL;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          element = merge(element, typeOf(parser));
        }
        yield DataTypes.array(element);
      }
      case VALUE_NULL -> DataTypes.NULL;
      case VALUE_TRUE, VALUE_FALSE -> primitive(DataTypes.BOOLEAN);
      case VALUE_NUMBER_INT -> primitive(whole(parser.getBigIntegerValue()));
      case VALUE_NUMBER_FLOAT -> primitive(DataTypes.DOUBLE);
      default -> DataTypes.STRING;
    };
  }

  private static DataType whole(BigInteger value) {
    return value.bitLength() <= LONG_BITS_MAX ? DataTypes.LONG : DataTypes.DOUBLE;
  }

  private DataType primitive(DataType found) {
    return primitivesAsString ? DataTypes.STRING : found;
  }

  private static DataType merge(DataType left, DataType right) {
    if (left.equals(right) || right.equals(DataTypes.NULL)) {
      return left;
    }
    if (left.equals(DataTypes.NULL)) {
      return right;
    }
    if (left.isNumeric() && right.isNumeric()) {
      return DataTypes.DOUBLE;
    }
    if (left instanceof ArrayType l && right instanceof ArrayType r) {
      return DataTypes.array(merge(l.element(), r.element()));
    }
    if (left instanceof StructType l && right instanceof StructType r) {
      Map<String, StructField> fields = new TreeMap<>();
      l.fields().forEach(field -> fields.put(field.name(), field));
      for (StructField field : r.fields()) {
        fields.merge(
            field.name(),
            field,
            (a, b) -> new StructField(a.name(), merge(a.type(), b.type()), true));
      }
      return StructType.of(fields.values().stream().toList());
    }
    return DataTypes.STRING;
  }

  private static DataType withoutNulls(DataType type) {
    return switch (type) {
      case DataType.NullType ignored -> DataTypes.STRING;
      case ArrayType array -> DataTypes.array(withoutNulls(array.element()));
      case StructType struct ->
          StructType.of(
              struct.fields().stream()
                  .map(field -> new StructField(field.name(), withoutNulls(field.type()), true))
                  .toList());
      default -> type;
    };
  }
}
