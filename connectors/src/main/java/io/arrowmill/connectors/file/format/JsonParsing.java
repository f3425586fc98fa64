package io.arrowmill.connectors.file.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.arrowmill.Row;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON objects to rows. A field that can't be read as its type is null and makes the record
 * malformed; the others are kept. Names are compared exactly; of fields of the same name the last
 * one counts. Confined to one thread.
 */
final class JsonParsing implements RecordParser {
  private final JsonFactory factory;
  private final StructType wanted;
  private final Map<StructType, Map<String, Integer>> positions = new HashMap<>();
  private final ScalarText scalars;
  private @Nullable String problem;

  JsonParsing(StructType wanted, SourceSpec spec) {
    this.wanted = wanted;
    this.factory = factory(spec);
    this.scalars = new ScalarText(new TimeText(spec));
  }

  /** A factory of parsers as the {@code allow...} options ask for. */
  static JsonFactory factory(SourceSpec spec) {
    return JsonFactory.builder()
        .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, flag(spec, "allowComments", false))
        .configure(
            JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
            flag(spec, "allowUnquotedFieldNames", false))
        .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, flag(spec, "allowSingleQuotes", true))
        .configure(
            JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS,
            flag(spec, "allowNumericLeadingZeros", false))
        .configure(
            JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, flag(spec, "allowNonNumericNumbers", true))
        .configure(
            JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
            flag(spec, "allowBackslashEscapingAnyCharacter", false))
        .configure(
            JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
            flag(spec, "allowUnquotedControlChars", false))
        .configure(StreamReadFeature.USE_FAST_DOUBLE_PARSER, true)
        .build();
  }

  private static boolean flag(SourceSpec spec, String option, boolean fallback) {
    String text = spec.option(option);
    return text == null ? fallback : Boolean.parseBoolean(text);
  }

  @Override
  public int recordEnd(byte[] bytes, int start, int end) {
    return end; // a file is one value
  }

  @Override
  public @Nullable String parse(byte[] bytes, int start, int end, List<@Nullable Object[]> rows) {
    problem = null;
    try (JsonParser parser = factory.createParser(bytes, start, end - start)) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return null; // blank
      }
      if (token == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          rows.add(object(parser));
        }
      } else {
        rows.add(object(parser));
      }
      if (parser.nextToken() != null) {
        problem = "text follows the value";
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("not JSON");
    }
    return problem;
  }

  private @Nullable Object[] object(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return fields(parser, wanted);
    }
    problem = "a record must be an object";
    parser.skipChildren();
    return new @Nullable Object[wanted.size()];
  }

  private @Nullable Object[] fields(JsonParser parser, StructType type) throws IOException {
    Map<String, Integer> index = positions.computeIfAbsent(type, JsonParsing::index);
    @Nullable Object[] values = new @Nullable Object[type.size()];
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Integer position = index.get(parser.currentName());
      parser.nextToken();
      if (position == null) {
        parser.skipChildren();
      } else {
        values[position] = value(parser, type.field(position).type());
      }
    }
    return values;
  }

  private static Map<String, Integer> index(StructType type) {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < type.size(); i++) {
      index.put(type.field(i).name(), i);
    }
    return index;
  }

  /** The value at the parser's token; leaves the parser at its last token. */
  private @Nullable Object value(JsonParser parser, DataType type) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    boolean object = token == JsonToken.START_OBJECT;
    switch (type) {
      case StructType struct when object -> {
        return Row.withSchema(struct, java.util.Arrays.asList(fields(parser, struct)));
      }
      case MapType map when object -> {
        return map(parser, map);
      }
      case ArrayType array when token == JsonToken.START_ARRAY -> {
        List<@Nullable Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser, array.element()));
        }
        return values;
      }
      case AtomicType.STRING -> {
        return text(parser, token);
      }
      default -> {
        if (token.isScalarValue()) {
          return scalar(parser, token, type);
        }
      }
    }
    parser.skipChildren();
    return misfit(token, type, null);
  }

  private Map<Object, @Nullable Object> map(JsonParser parser, MapType type) throws IOException {
    Map<Object, @Nullable Object> values = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser, type.value());
      try {
        values.put(scalars.parse(name, type.key()), value);
      } catch (RuntimeException e) {
        problem = "a map's key is not " + type.key().sql() + ": " + name;
      }
    }
    return values;
  }

  private static String text(JsonParser parser, JsonToken token) throws IOException {
    if (token.isScalarValue()) {
      return parser.getText();
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = COPY.createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }

  private static final JsonFactory COPY = new JsonFactory();

  private @Nullable Object scalar(JsonParser parser, JsonToken token, DataType type)
      throws IOException {
    try {
      boolean string = token == JsonToken.VALUE_STRING;
      boolean whole = token == JsonToken.VALUE_NUMBER_INT;
      boolean number = whole || token == JsonToken.VALUE_NUMBER_FLOAT;
      if (type instanceof DecimalType decimal && number) {
        return ScalarText.decimal(parser.getDecimalValue(), decimal);
      }
      if (type instanceof DecimalType && string) {
        return scalars.parse(parser.getText(), type);
      }
      if (!(type instanceof AtomicType atomic)) {
        return misfit(token, type, null);
      }
      return switch (atomic) {
        case BOOLEAN ->
            token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
                ? (Object) parser.getBooleanValue()
                : misfit(token, type, null);
        case BYTE, SHORT, INTEGER, LONG ->
            whole ? scalars.parse(parser.getText(), type) : misfit(token, type, null);
        case FLOAT ->
            number ? (Object) parser.getFloatValue() : special(parser, token, string, type);
        case DOUBLE ->
            number ? (Object) parser.getDoubleValue() : special(parser, token, string, type);
        case BINARY -> string ? parser.getBinaryValue() : misfit(token, type, null);
        case TIMESTAMP ->
            whole
                ? Instant.ofEpochSecond(parser.getLongValue())
                : string ? scalars.parse(parser.getText(), type) : misfit(token, type, null);
        case DATE, TIMESTAMP_NTZ ->
            string ? scalars.parse(parser.getText(), type) : misfit(token, type, null);
        case STRING, DAY_TIME_INTERVAL, YEAR_MONTH_INTERVAL -> misfit(token, type, null);
      };
    } catch (RuntimeException | com.fasterxml.jackson.core.exc.StreamReadException e) {
      return misfit(token, type, e);
    }
  }

  /** NaN and the infinities, which JSON has only as strings. */
  private @Nullable Object special(
      JsonParser parser, JsonToken token, boolean string, DataType type) throws IOException {
    if (string) {
      String text = parser.getText();
      double value = ScalarText.number(text);
      if (!Double.isFinite(value)) {
        return type.equals(DataTypes.FLOAT) ? (Object) (float) value : (Object) value;
      }
    }
    return misfit(token, type, null);
  }

  private @Nullable Object misfit(JsonToken token, DataType type, @Nullable Exception cause) {
    problem =
        "a value is not "
            + type.sql()
            + ": token="
            + token
            + (cause == null ? "" : ", cause=" + cause.getMessage());
    return null;
  }
}
