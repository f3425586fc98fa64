package io.arrowmill.wal;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Payloads of records, by kind. Fields stand in the order of the record's components; a list is an
 * int count and its elements, a text an int length and UTF-8, a nullable text has length -1.
 *
 * <pre>
 * SEGMENT_START    queryId: 2 longs | planFingerprint: text | pinnedConf: texts | formatVersion: int
 *                  | previousEnd: long
 * BATCH_PLANNED    batchId: long | batchTimestampMillis: long | watermarkMicros: long
 *                  | previousWatermarkMicros: long | ranges: [source: int | start: text? | end: text?]
 * BATCH_COMMITTED  batchId: long | nextWatermarkMicros: long
 *                  | changes: [operator: int | partition: int | 0: byte | bytes
 *                              or operator: int | partition: int | 1: byte | file | length | crc32c]
 *                  | sourceState: [name: text | text]
 * SNAPSHOT_TAKEN   batchId: long | files: [operator: int | partition: int | file | length | crc32c]
 * </pre>
 */
final class EntryCodec {

  static final short SEGMENT_START = 1;
  static final short BATCH_PLANNED = 2;
  static final short BATCH_COMMITTED = 3;
  static final short SNAPSHOT_TAKEN = 4;

  private static final byte INLINE = 0;
  private static final byte EXTERNAL = 1;

  private EntryCodec() {}

  static short kindOf(LogEntry entry) {
    return switch (entry) {
      case BatchPlanned _ -> BATCH_PLANNED;
      case BatchCommitted _ -> BATCH_COMMITTED;
      case SnapshotTaken _ -> SNAPSHOT_TAKEN;
    };
  }

  static byte[] encode(LogEntry entry) {
    PayloadWriter out = new PayloadWriter();
    switch (entry) {
      case BatchPlanned planned -> encodePlanned(planned, out);
      case BatchCommitted committed -> encodeCommitted(committed, out);
      case SnapshotTaken snapshot -> encodeSnapshot(snapshot, out);
    }
    return out.toBytes();
  }

  /** Throws {@link IllegalStateException} if the payload is not of that kind. */
  static LogEntry decode(short kind, byte[] payload) {
    PayloadReader in = new PayloadReader(payload);
    LogEntry entry =
        switch (kind) {
          case BATCH_PLANNED -> decodePlanned(in);
          case BATCH_COMMITTED -> decodeCommitted(in);
          case SNAPSHOT_TAKEN -> decodeSnapshot(in);
          default -> throw new IllegalStateException("no such kind of entry: kind=" + kind);
        };
    in.requireEnd();
    return entry;
  }

  static byte[] encodeStart(SegmentStart start) {
    PayloadWriter out = new PayloadWriter();
    CheckpointIdentity identity = start.identity();
    out.putLong(identity.queryId().getMostSignificantBits());
    out.putLong(identity.queryId().getLeastSignificantBits());
    out.putText(identity.planFingerprint());
    out.putTexts(identity.pinnedConf());
    out.putInt(identity.formatVersion());
    out.putLong(start.previousEnd());
    return out.toBytes();
  }

  static SegmentStart decodeStart(byte[] payload) {
    PayloadReader in = new PayloadReader(payload);
    UUID queryId = new UUID(in.getLong(), in.getLong());
    CheckpointIdentity identity =
        new CheckpointIdentity(queryId, in.getText(), in.getTexts(), in.getInt());
    SegmentStart start = new SegmentStart(identity, in.getLong());
    in.requireEnd();
    return start;
  }

  private static void encodePlanned(BatchPlanned planned, PayloadWriter out) {
    out.putLong(planned.batchId());
    out.putLong(planned.batchTimestampMillis());
    out.putLong(planned.watermarkMicros());
    out.putLong(planned.previousWatermarkMicros());
    out.putInt(planned.ranges().size());
    for (SourceRange range : planned.ranges()) {
      out.putInt(range.source());
      out.putText(range.startOffset());
      out.putText(range.endOffset());
    }
  }

  private static BatchPlanned decodePlanned(PayloadReader in) {
    long batchId = in.getLong();
    long batchTimestampMillis = in.getLong();
    long watermarkMicros = in.getLong();
    long previousWatermarkMicros = in.getLong();
    int count = in.getCount(3 * Integer.BYTES);
    List<SourceRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ranges.add(new SourceRange(in.getInt(), in.getNullableText(), in.getNullableText()));
    }
    return new BatchPlanned(
        batchId, batchTimestampMillis, watermarkMicros, previousWatermarkMicros, ranges);
  }

  private static void encodeCommitted(BatchCommitted committed, PayloadWriter out) {
    out.putLong(committed.batchId());
    out.putLong(committed.nextWatermarkMicros());
    out.putInt(committed.changes().size());
    for (StateChange change : committed.changes()) {
      out.putInt(change.operator());
      out.putInt(change.partition());
      switch (change.payload()) {
        case StatePayload.Inline inline -> {
          out.putByte(INLINE);
          out.putBytes(inline.bytes());
        }
        case StatePayload.External external -> {
          out.putByte(EXTERNAL);
          out.putText(external.file());
          out.putLong(external.length());
          out.putInt(external.crc32c());
        }
      }
    }
    out.putTexts(committed.sourceState());
  }

  private static BatchCommitted decodeCommitted(PayloadReader in) {
    long batchId = in.getLong();
    long nextWatermarkMicros = in.getLong();
    int count = in.getCount(2 * Integer.BYTES + 1);
    List<StateChange> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      changes.add(new StateChange(in.getInt(), in.getInt(), decodePayload(in)));
    }
    return new BatchCommitted(batchId, nextWatermarkMicros, changes, in.getTexts());
  }

  private static StatePayload decodePayload(PayloadReader in) {
    byte form = in.getByte();
    return switch (form) {
      case INLINE -> new StatePayload.Inline(in.getBytes());
      case EXTERNAL -> new StatePayload.External(in.getText(), in.getLong(), in.getInt());
      default -> throw new IllegalStateException("no such form of state payload: form=" + form);
    };
  }

  private static void encodeSnapshot(SnapshotTaken snapshot, PayloadWriter out) {
    out.putLong(snapshot.batchId());
    out.putInt(snapshot.files().size());
    for (SnapshotFile file : snapshot.files()) {
      out.putInt(file.operator());
      out.putInt(file.partition());
      out.putText(file.file());
      out.putLong(file.length());
      out.putInt(file.crc32c());
    }
  }

  private static SnapshotTaken decodeSnapshot(PayloadReader in) {
    long batchId = in.getLong();
    int count = in.getCount(4 * Integer.BYTES + Long.BYTES);
    List<SnapshotFile> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(
          new SnapshotFile(in.getInt(), in.getInt(), in.getText(), in.getLong(), in.getInt()));
    }
    return new SnapshotTaken(batchId, files);
  }
}
