package io.arrowmill.streaming;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes progress in the JSON that Spark writes. Offsets are JSON already and go in as they are.
 */
final class ProgressJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ProgressJson() {}

  static String write(StreamingQueryProgress progress, boolean pretty) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      if (pretty) {
        json.useDefaultPrettyPrinter();
      }
      json.writeStartObject();
      json.writeStringField("id", progress.id().toString());
      json.writeStringField("runId", progress.runId().toString());
      json.writeStringField("name", progress.name());
      json.writeStringField("timestamp", progress.timestamp());
      json.writeNumberField("batchId", progress.batchId());
      json.writeNumberField("batchDuration", progress.batchDuration());
      json.writeNumberField("numInputRows", progress.numInputRows());
      rate(json, "inputRowsPerSecond", progress.inputRowsPerSecond());
      rate(json, "processedRowsPerSecond", progress.processedRowsPerSecond());
      json.writeObjectFieldStart("durationMs");
      for (Map.Entry<String, Long> entry : progress.durationMs().entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      strings(json, "eventTime", progress.eventTime());
      stateOperators(json, progress);
      sources(json, progress);
      json.writeObjectFieldStart("sink");
      json.writeStringField("description", progress.sink().description());
      json.writeNumberField("numOutputRows", progress.sink().numOutputRows());
      strings(json, "metrics", progress.sink().metrics());
      json.writeEndObject();
      observed(json, progress);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void stateOperators(JsonGenerator json, StreamingQueryProgress progress)
      throws IOException {
    json.writeArrayFieldStart("stateOperators");
    for (StateOperatorProgress operator : progress.stateOperators()) {
      json.writeStartObject();
      json.writeStringField("operatorName", operator.operatorName());
      json.writeNumberField("numRowsTotal", operator.numRowsTotal());
      json.writeNumberField("numRowsUpdated", operator.numRowsUpdated());
      json.writeNumberField("allUpdatesTimeMs", operator.allUpdatesTimeMs());
      json.writeNumberField("numRowsRemoved", operator.numRowsRemoved());
      json.writeNumberField("allRemovalsTimeMs", operator.allRemovalsTimeMs());
      json.writeNumberField("commitTimeMs", operator.commitTimeMs());
      json.writeNumberField("memoryUsedBytes", operator.memoryUsedBytes());
      json.writeNumberField("numRowsDroppedByWatermark", operator.numRowsDroppedByWatermark());
      json.writeNumberField("numShufflePartitions", operator.numShufflePartitions());
      json.writeNumberField("numStateStoreInstances", operator.numStateStoreInstances());
      json.writeObjectFieldStart("customMetrics");
      for (Map.Entry<String, Long> entry : operator.customMetrics().entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void sources(JsonGenerator json, StreamingQueryProgress progress)
      throws IOException {
    json.writeArrayFieldStart("sources");
    for (SourceProgress source : progress.sources()) {
      json.writeStartObject();
      json.writeStringField("description", source.description());
      offset(json, "startOffset", source.startOffset());
      offset(json, "endOffset", source.endOffset());
      offset(json, "latestOffset", source.latestOffset());
      json.writeNumberField("numInputRows", source.numInputRows());
      rate(json, "inputRowsPerSecond", source.inputRowsPerSecond());
      rate(json, "processedRowsPerSecond", source.processedRowsPerSecond());
      strings(json, "metrics", source.metrics());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void observed(JsonGenerator json, StreamingQueryProgress progress)
      throws IOException {
    json.writeObjectFieldStart("observedMetrics");
    for (Map.Entry<String, Row> entry : progress.observedMetrics().entrySet()) {
      json.writeObjectFieldStart(entry.getKey());
      Row row = entry.getValue();
      StructType schema = row.schema();
      for (int i = 0; i < row.size(); i++) {
        String name = schema == null ? "_" + (i + 1) : schema.field(i).name();
        Object value = row.get(i);
        if (value == null) {
          json.writeNullField(name);
        } else if (value instanceof Number number) {
          json.writeFieldName(name);
          json.writeNumber(number.toString());
        } else if (value instanceof Boolean bool) {
          json.writeBooleanField(name, bool);
        } else {
          json.writeStringField(name, value.toString());
        }
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Spark leaves a rate out while it is not a number. */
  private static void rate(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    }
  }

  private static void offset(JsonGenerator json, String name, @Nullable String offset)
      throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(offset == null ? "null" : offset);
  }

  private static void strings(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }
}
