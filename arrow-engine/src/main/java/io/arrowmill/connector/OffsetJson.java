package io.arrowmill.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.arrowmill.ArrowmillException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Offsets that are a flat JSON object of whole numbers, such as {@code {"offset":3}}. */
final class OffsetJson {
  private static final JsonFactory JSON = new JsonFactory();

  private OffsetJson() {}

  /** The object of {@code fields}, sorted by name. */
  static String write(Map<String, Long> fields) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Long> field : new TreeMap<>(fields).entrySet()) {
        json.writeNumberField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /**
   * The number called {@code field}.
   *
   * @throws ArrowmillException with condition {@code INVALID_OFFSET} if the text has no such number
   */
  static long read(String text, String field, String source) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          boolean wanted = json.currentName().equals(field);
          JsonToken value = json.nextToken();
          if (wanted && value == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
          }
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw invalid(text, field, source, e);
    }
    throw invalid(text, field, source, null);
  }

  private static ArrowmillException invalid(
      String text, String field, String source, @Nullable Throwable cause) {
    return new ArrowmillException(
        "INVALID_OFFSET",
        "an offset must be a JSON object with a whole number called "
            + field
            + ": source="
            + source
            + ", offset="
            + text
            + "; was the checkpoint written by another source?",
        cause);
  }
}
