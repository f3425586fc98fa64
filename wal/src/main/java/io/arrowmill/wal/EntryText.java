package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Entries as one readable line each. */
final class EntryText {

  private EntryText() {}

  static String line(CheckpointIdentity identity) {
    return "CHECKPOINT query="
        + identity.queryId()
        + " format="
        + identity.formatVersion()
        + " conf="
        + identity.pinnedConf()
        + " plan="
        + oneLine(identity.planFingerprint());
  }

  static String line(Located located) {
    String facts =
        switch (located.entry()) {
          case BatchPlanned planned ->
              "PLANNED batch="
                  + planned.batchId()
                  + " time="
                  + Instant.ofEpochMilli(planned.batchTimestampMillis())
                  + " watermark="
                  + watermark(planned.watermarkMicros())
                  + " previousWatermark="
                  + watermark(planned.previousWatermarkMicros())
                  + " ranges="
                  + list(planned.ranges(), EntryText::range);
          case BatchCommitted committed ->
              "COMMITTED batch="
                  + committed.batchId()
                  + " nextWatermark="
                  + watermark(committed.nextWatermarkMicros())
                  + " changes="
                  + list(committed.changes(), EntryText::change)
                  + " sourceState="
                  + oneLine(committed.sourceState().toString());
          case SnapshotTaken taken ->
              "SNAPSHOT batch="
                  + taken.batchId()
                  + " files="
                  + list(taken.files(), EntryText::snapshotFile);
        };
    return located.sequence() + " " + facts;
  }

  /** A watermark as an instant, or "none". */
  static String watermark(long micros) {
    return micros == LogEntry.NO_WATERMARK
        ? "none"
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static String range(SourceRange range) {
    return range.source()
        + ": "
        + oneLine(String.valueOf(range.startOffset()))
        + " to "
        + oneLine(String.valueOf(range.endOffset()));
  }

  private static String change(StateChange change) {
    String payload =
        switch (change.payload()) {
          case StatePayload.Inline inline -> inline.bytes().length + " bytes";
          case StatePayload.External external ->
              file(external.file(), external.length(), external.crc32c());
        };
    return change.operator() + "/" + change.partition() + ": " + payload;
  }

  private static String snapshotFile(SnapshotFile file) {
    return file.operator()
        + "/"
        + file.partition()
        + ": "
        + file(file.file(), file.length(), file.crc32c());
  }

  private static String file(String name, long length, int crc32c) {
    return oneLine(name) + " (" + length + " bytes, crc32c " + Integer.toHexString(crc32c) + ")";
  }

  private static <T> String list(List<T> elements, Function<T, String> text) {
    return elements.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String oneLine(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }
}
