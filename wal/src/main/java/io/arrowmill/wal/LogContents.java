package io.arrowmill.wal;

import io.arrowmill.wal.SegmentScan.FoundRecord;
import io.arrowmill.wal.SegmentScan.Hole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every retained entry of a checkpoint's log, read without changing anything and without a lock.
 *
 * @param identity null if there is no segment
 * @param segments ascending, without those of {@code unfinished}
 * @param unfinished a segment whose writer died before its first record was durable, or null
 * @param droppedTail a sentence about what an interrupted write left behind, or ""
 */
record LogContents(
    @Nullable CheckpointIdentity identity,
    List<Segment> segments,
    @Nullable SegmentDirectory unfinished,
    String droppedTail) {

  /** An entry and where it stands. */
  record Located(long sequence, long position, long payloadBytes, LogEntry entry) {}

  /**
   * One segment.
   *
   * @param end where its data ends, in bytes from the start of its file
   */
  record Segment(
      SegmentDirectory directory, Path file, SegmentStart start, List<Located> entries, long end) {

    /** The sequence that follows its last record. */
    long nextSequence() {
      return directory.firstSequence() + 1 + entries.size();
    }
  }

  private static final String REMEDY =
      "; restore the checkpoint from a copy, or start the query with a new checkpoint";

  /**
   * Reads a checkpoint.
   *
   * @throws LogDamagedException if something that had been durable is missing or altered
   */
  static LogContents read(Path checkpoint) throws IOException {
    List<SegmentDirectory> directories =
        SegmentDirectory.list(checkpoint.resolve(SegmentDirectory.WAL));
    List<Segment> segments = new ArrayList<>();
    CheckpointIdentity identity = null;
    for (int i = 0; i < directories.size(); i++) {
      SegmentDirectory directory = directories.get(i);
      boolean last = i == directories.size() - 1;
      SegmentScan scan = SegmentScan.of(directory, last ? Long.MAX_VALUE : endOf(directories, i));
      requireNoHole(scan, last);
      if (scan.records().isEmpty()) {
        if (last && scan.hole() == null) {
          return new LogContents(identity, segments, directory, describeUnfinished(scan));
        }
        throw damaged(scan.file(), 0, directory.firstSequence(), "nothing");
      }
      Segment segment = decode(directory, scan);
      if (identity != null && !identity.equals(segment.start().identity())) {
        throw damaged(scan.file(), 0, directory.firstSequence(), "another checkpoint's segment");
      }
      identity = segment.start().identity();
      if (!last && segment.nextSequence() != directories.get(i + 1).firstSequence()) {
        String found = String.valueOf(directories.get(i + 1).firstSequence());
        throw damaged(scan.file(), segment.end(), segment.nextSequence(), found);
      }
      segments.add(segment);
      if (last) {
        return new LogContents(identity, segments, null, describeTail(scan));
      }
    }
    return new LogContents(null, segments, null, "");
  }

  /** Where the segment after {@code i} says that the data of {@code i} ends. */
  private static long endOf(List<SegmentDirectory> directories, int i) throws IOException {
    SegmentDirectory next = directories.get(i + 1);
    List<FoundRecord> records = SegmentScan.of(next, Long.MAX_VALUE).records();
    return records.isEmpty() ? Long.MAX_VALUE : startOf(next, records.getFirst()).previousEnd();
  }

  private static void requireNoHole(SegmentScan scan, boolean last) {
    Hole hole = scan.hole();
    if (hole == null) {
      return;
    }
    boolean neverSynced = hole.syncedThrough() < hole.expectedSequence() && hole.blank();
    if (!last || !neverSynced) {
      String found = hole.foundSequence() + " at position=" + hole.foundPosition();
      throw damaged(scan.file(), hole.position(), hole.expectedSequence(), found);
    }
  }

  private static Segment decode(SegmentDirectory directory, SegmentScan scan) {
    SegmentStart start = startOf(directory, scan.records().getFirst());
    List<Located> entries = new ArrayList<>();
    for (FoundRecord record : scan.records().subList(1, scan.records().size())) {
      requireVersion(scan.file(), record);
      try {
        LogEntry entry = EntryCodec.decode(record.kind(), record.payload());
        entries.add(
            new Located(record.sequence(), record.position(), record.payload().length, entry));
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw damaged(scan.file(), record.position(), record.sequence(), "unreadable: " + e);
      }
    }
    return new Segment(directory, scan.file(), start, List.copyOf(entries), scan.end());
  }

  private static SegmentStart startOf(SegmentDirectory directory, FoundRecord record) {
    Path file = directory.dataFile();
    requireVersion(file, record);
    if (record.kind() != EntryCodec.SEGMENT_START) {
      throw damaged(file, record.position(), record.sequence(), "kind=" + record.kind());
    }
    try {
      return EntryCodec.decodeStart(record.payload());
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw damaged(file, record.position(), record.sequence(), "unreadable: " + e);
    }
  }

  private static void requireVersion(Path file, FoundRecord record) {
    if (record.version() != RecordDescriptor.VERSION) {
      throw new LogReadException(
          "log must have a format that this version reads: formatVersion="
              + record.version()
              + ", readable="
              + RecordDescriptor.VERSION
              + ", file="
              + file
              + "; use the version of Arrowmill that wrote it, or a newer one",
          null);
    }
  }

  private static LogDamagedException damaged(
      Path file, long position, long expectedSequence, String found) {
    return new LogDamagedException(
        file,
        position,
        "log must be whole up to its last durable entry: file="
            + file
            + ", position="
            + position
            + ", expectedSequence="
            + expectedSequence
            + ", foundSequence="
            + found
            + REMEDY);
  }

  private static String describeUnfinished(SegmentScan scan) {
    return "dropped a segment that was never begun: file=" + scan.file();
  }

  private static String describeTail(SegmentScan scan) {
    Hole hole = scan.hole();
    if (hole == null && scan.residue() == 0) {
      return "";
    }
    String what =
        hole == null
            ? scan.residue() + " bytes of an unfinished write"
            : "writes that were never synced, of which sequence="
                + hole.foundSequence()
                + " is left";
    return "dropped "
        + what
        + " behind the last intact entry: file="
        + scan.file()
        + ", position="
        + scan.end();
  }
}
