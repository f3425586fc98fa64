package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Entries as one JSON object a line. Absent offsets and watermarks are null; inline bytes are told
 * by their count, checksums as eight hexadecimal digits.
 */
final class EntryJson {

  private EntryJson() {}

  static String line(CheckpointIdentity identity) {
    return object(
        text("kind", "CHECKPOINT"),
        text("queryId", identity.queryId().toString()),
        number("formatVersion", identity.formatVersion()),
        raw("pinnedConf", texts(identity.pinnedConf())),
        text("planFingerprint", identity.planFingerprint()));
  }

  static String line(Located located) {
    String sequence = number("sequence", located.sequence());
    String batchId = number("batchId", located.entry().batchId());
    return switch (located.entry()) {
      case BatchPlanned planned ->
          object(
              sequence,
              text("kind", "PLANNED"),
              batchId,
              number("batchTimestampMillis", planned.batchTimestampMillis()),
              watermark("watermarkMicros", planned.watermarkMicros()),
              watermark("previousWatermarkMicros", planned.previousWatermarkMicros()),
              raw("ranges", array(planned.ranges().stream().map(EntryJson::range).toList())));
      case BatchCommitted committed ->
          object(
              sequence,
              text("kind", "COMMITTED"),
              batchId,
              watermark("nextWatermarkMicros", committed.nextWatermarkMicros()),
              raw("changes", array(committed.changes().stream().map(EntryJson::change).toList())),
              raw("sourceState", texts(committed.sourceState())));
      case SnapshotTaken taken ->
          object(
              sequence,
              text("kind", "SNAPSHOT"),
              batchId,
              raw("files", array(taken.files().stream().map(EntryJson::snapshotFile).toList())));
    };
  }

  private static String range(SourceRange range) {
    return object(
        number("source", range.source()),
        text("startOffset", range.startOffset()),
        text("endOffset", range.endOffset()));
  }

  private static String change(StateChange change) {
    String operator = number("operator", change.operator());
    String partition = number("partition", change.partition());
    return switch (change.payload()) {
      case StatePayload.Inline inline ->
          object(operator, partition, number("inlineBytes", inline.bytes().length));
      case StatePayload.External external ->
          object(
              operator,
              partition,
              text("file", external.file()),
              number("length", external.length()),
              crc32c(external.crc32c()));
    };
  }

  private static String snapshotFile(SnapshotFile file) {
    return object(
        number("operator", file.operator()),
        number("partition", file.partition()),
        text("file", file.file()),
        number("length", file.length()),
        crc32c(file.crc32c()));
  }

  private static String crc32c(int crc32c) {
    return text("crc32c", String.format(Locale.ROOT, "%08x", crc32c));
  }

  private static String watermark(String name, long micros) {
    return raw(name, micros == LogEntry.NO_WATERMARK ? "null" : Long.toString(micros));
  }

  private static String number(String name, long value) {
    return raw(name, Long.toString(value));
  }

  private static String text(String name, @Nullable String value) {
    return raw(name, value == null ? "null" : quote(value));
  }

  private static String raw(String name, String json) {
    return quote(name) + ":" + json;
  }

  private static String texts(Map<String, String> texts) {
    return object(
        texts.entrySet().stream()
            .map(entry -> text(entry.getKey(), entry.getValue()))
            .toArray(String[]::new));
  }

  private static String object(String... members) {
    return "{" + String.join(",", members) + "}";
  }

  private static String array(Collection<String> elements) {
    return "[" + String.join(",", elements) + "]";
  }

  /** A JSON string. */
  static String quote(String text) {
    return text.chars().mapToObj(EntryJson::escape).collect(Collectors.joining("", "\"", "\""));
  }

  private static String escape(int unit) {
    if (unit == '"' || unit == '\\') {
      return "\\" + (char) unit;
    }
    return unit >= ' ' ? String.valueOf((char) unit) : String.format(Locale.ROOT, "\\u%04x", unit);
  }
}
