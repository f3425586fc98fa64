package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import io.arrowmill.wal.SegmentScan.FoundRecord;
import io.arrowmill.wal.SegmentScan.Hole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments of a log, the newest first, because only the start of a segment knows where
 * the data of the one before ends: everything up to there had been durable and must be whole.
 *
 * <p>The newest segment may end in anything. Where intact records follow a gap there, the gap is
 * damage if a later record knows that the missing one had been durable, or if the gap is not blank;
 * a blank sector means a write that a power failure kept from the disk while a later one got there,
 * and nobody was told that either was durable.
 */
final class LogReader {

  private static final String REMEDY =
      "; restore the checkpoint from a copy, or start the query with a new checkpoint";

  private final List<SegmentDirectory> directories;
  private final List<Segment> segments = new ArrayList<>();
  private final List<LogDamagedException> damage = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private @Nullable SegmentDirectory unfinished;
  private @Nullable Segment next;

  LogReader(Path checkpoint) throws IOException {
    directories = SegmentDirectory.list(checkpoint.resolve(SegmentDirectory.WAL));
  }

  LogContents read() throws IOException {
    for (SegmentDirectory directory : directories.reversed()) {
      boolean newest = directory.equals(directories.getLast());
      readSegment(directory, newest);
    }
    CheckpointIdentity identity = segments.isEmpty() ? null : segments.getLast().start().identity();
    return new LogContents(
        identity,
        List.copyOf(segments),
        unfinished,
        String.join("; ", dropped),
        List.copyOf(damage));
  }

  private void readSegment(SegmentDirectory directory, boolean newest) throws IOException {
    long endMax = next == null ? Long.MAX_VALUE : next.start().previousEnd();
    SegmentScan scan = SegmentScan.of(directory, endMax);
    if (newest && scan.records().isEmpty() && scan.hole() == null) {
      unfinished = directory;
      dropped.add("dropped a segment that was never begun: file=" + scan.file());
      return;
    }
    boolean tail = next == null && damage.isEmpty();
    boolean whole = checkHole(scan, tail);
    if (scan.records().isEmpty()) {
      if (whole) {
        addDamage(scan.file(), 0, directory.firstSequence(), "nothing");
      }
      next = null;
      return;
    }
    Segment segment = decode(directory, scan);
    if (segment == null) {
      next = null;
      return;
    }
    if (tail) {
      addDropped(scan);
    } else if (whole) {
      checkSuccession(segment);
    }
    segments.addFirst(segment);
    next = segment;
  }

  /** Returns whether the segment has no hole that is damage. */
  private boolean checkHole(SegmentScan scan, boolean tail) {
    Hole hole = scan.hole();
    if (hole == null) {
      return true;
    }
    boolean neverSynced = hole.syncedThrough() < hole.expectedSequence() && hole.blank();
    if (tail && neverSynced) {
      return true;
    }
    String found = hole.foundSequence() + " at position=" + hole.foundPosition();
    addDamage(scan.file(), hole.position(), hole.expectedSequence(), found);
    return false;
  }

  private void checkSuccession(Segment segment) {
    if (next == null) {
      return;
    }
    Path file = segment.directory().dataFile();
    long following = next.directory().firstSequence();
    if (segment.nextSequence() != following) {
      addDamage(file, segment.end(), segment.nextSequence(), String.valueOf(following));
    }
    if (!segment.start().identity().equals(next.start().identity())) {
      addDamage(file, 0, segment.directory().firstSequence(), "a segment of another checkpoint");
    }
  }

  private @Nullable Segment decode(SegmentDirectory directory, SegmentScan scan) {
    FoundRecord current = scan.records().getFirst();
    try {
      requireVersion(scan.file(), current);
      if (current.kind() != EntryCodec.SEGMENT_START) {
        throw new IllegalStateException("kind=" + current.kind());
      }
      SegmentStart start = EntryCodec.decodeStart(current.payload());
      List<Located> entries = new ArrayList<>();
      for (FoundRecord record : scan.records().subList(1, scan.records().size())) {
        current = record;
        requireVersion(scan.file(), record);
        LogEntry entry = EntryCodec.decode(record.kind(), record.payload());
        entries.add(
            new Located(record.sequence(), record.position(), record.payload().length, entry));
      }
      return new Segment(directory, start, List.copyOf(entries), scan.end());
    } catch (IllegalStateException | IllegalArgumentException e) {
      addDamage(scan.file(), current.position(), current.sequence(), "unreadable: " + e);
      return null;
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

  private void addDamage(Path file, long position, long expectedSequence, String found) {
    damage.addFirst(
        new LogDamagedException(
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
                + REMEDY));
  }

  private void addDropped(SegmentScan scan) {
    Hole hole = scan.hole();
    if (hole == null && scan.residue() == 0) {
      return;
    }
    String what =
        hole == null
            ? scan.residue() + " bytes of an unfinished write"
            : "writes that were never synced, of which sequence="
                + hole.foundSequence()
                + " is left";
    dropped.add(
        "dropped "
            + what
            + " behind the last intact entry: file="
            + scan.file()
            + ", position="
            + scan.end());
  }
}
