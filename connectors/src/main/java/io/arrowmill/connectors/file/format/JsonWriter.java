package io.arrowmill.connectors.file.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes each row as a JSON object on a line of its own. Fields that are null are left out, unless
 * {@code ignoreNullFields} is false. Confined to one thread.
 */
final class JsonWriter implements RecordFileWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final OutputStream out;
  private final JsonGenerator json;
  private final StructType schema;
  private final TimeText times;
  private final boolean writeNulls;
  private final byte[] separator;

  JsonWriter(Path file, StructType schema, SourceSpec spec) throws IOException {
    this.schema = schema;
    times = new TimeText(spec);
    writeNulls = "false".equalsIgnoreCase(spec.option("ignoreNullFields"));
    separator = WriteOptions.text(spec, "lineSep", "\n").getBytes(StandardCharsets.UTF_8);
    out = WriteOptions.stream(file, spec);
    json = FACTORY.createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  @Override
  public void write(RecordBatch batch, int @Nullable [] rows, int count) throws IOException {
    VectorReader[] columns = new VectorReader[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = VectorReader.of(batch.column(i), schema.field(i).type());
    }
    for (int i = 0; i < count; i++) {
      int row = rows == null ? i : rows[i];
      json.writeStartObject();
      for (int c = 0; c < columns.length; c++) {
        field(schema.field(c).name(), columns[c].read(row));
      }
      json.writeEndObject();
      json.flush();
      out.write(separator);
    }
  }

  private void field(String name, @Nullable Object value) throws IOException {
    if (value != null || writeNulls) {
      json.writeFieldName(name);
      value(value);
    }
  }

  private void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean bool -> json.writeBoolean(bool);
      case BigDecimal decimal -> json.writeNumber(decimal);
      case Double number -> json.writeNumber(number);
      case Float number -> json.writeNumber(number);
      case Number number -> json.writeNumber(number.longValue());
      case byte[] bytes -> json.writeBinary(bytes);
      case Instant instant -> json.writeString(times.text(instant));
      case LocalDateTime dateTime -> json.writeString(times.text(dateTime));
      case LocalDate date -> json.writeString(times.text(date));
      case Row row -> {
        StructType type = row.schema();
        json.writeStartObject();
        for (int i = 0; type != null && i < row.size(); i++) {
          field(type.field(i).name(), row.get(i));
        }
        json.writeEndObject();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(key(entry.getKey()));
          value(entry.getValue());
        }
        json.writeEndObject();
      }
      case Collection<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          value(element);
        }
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }

  private String key(@Nullable Object key) {
    return switch (key) {
      case Instant instant -> times.text(instant);
      case LocalDateTime dateTime -> times.text(dateTime);
      case LocalDate date -> times.text(date);
      case null, default -> String.valueOf(key);
    };
  }

  @Override
  public void finish() throws IOException {
    json.flush();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
