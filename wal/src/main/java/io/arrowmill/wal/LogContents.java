package io.arrowmill.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every retained entry of a checkpoint's log, read without changing anything and without a lock.
 *
 * @param identity null if there is no segment
 * @param segments ascending, without {@code unfinished}; of a damaged one, what stands before the
 *     damage
 * @param unfinished a segment whose writer died before its first record was durable, or null
 * @param droppedTail a sentence about what an interrupted write left behind, or ""
 * @param damage everything that had been durable and is missing or altered, the oldest first
 */
record LogContents(
    @Nullable CheckpointIdentity identity,
    List<Segment> segments,
    @Nullable SegmentDirectory unfinished,
    String droppedTail,
    List<LogDamagedException> damage) {

  /** An entry and where it stands. */
  record Located(long sequence, long position, long payloadBytes, LogEntry entry) {}

  /**
   * One segment.
   *
   * @param end where its data ends, in bytes from the start of its file
   */
  record Segment(SegmentDirectory directory, SegmentStart start, List<Located> entries, long end) {

    /** The sequence that follows its last record. */
    long nextSequence() {
      return directory.firstSequence() + 1 + entries.size();
    }
  }

  private static final int LIVE_ATTEMPTS = 3;

  /** Reads a log that nobody writes. */
  static LogContents read(Path checkpoint) throws IOException {
    return new LogReader(checkpoint).read();
  }

  /**
   * Reads a log that may be written meanwhile: segments may come and go, and a page read early may
   * miss what a page read late refers to. Damage is believed when it is seen again.
   */
  static LogContents readLive(Path checkpoint) throws IOException {
    LogContents contents = read(checkpoint);
    for (int attempt = 1; attempt < LIVE_ATTEMPTS && !contents.damage().isEmpty(); attempt++) {
      String seen = contents.damage().toString();
      contents = read(checkpoint);
      if (contents.damage().toString().equals(seen)) {
        return contents;
      }
    }
    return contents;
  }

  /** Throws the oldest damage, if there is any. */
  void requireWhole() {
    if (!damage.isEmpty()) {
      LogDamagedException first = damage.getFirst();
      damage.subList(1, damage.size()).forEach(first::addSuppressed);
      throw first;
    }
  }
}
