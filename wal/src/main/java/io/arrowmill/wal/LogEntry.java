package io.arrowmill.wal;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One thing that the log remembers. Entries are values: immutable, compared by content. */
public sealed interface LogEntry {

  /** The watermark of a query that has none yet. */
  long NO_WATERMARK = Long.MIN_VALUE;

  /** The batch this entry speaks of. */
  long batchId();

  /**
   * A batch is about to run over exactly these ranges; a batch that is found planned but not
   * committed is run again with this very plan.
   *
   * @param batchTimestampMillis the batch's processing time, milliseconds since the epoch
   * @param watermarkMicros event-time watermark, microseconds since the epoch, or {@link
   *     #NO_WATERMARK}
   * @param previousWatermarkMicros the watermark of the batch before, or {@link #NO_WATERMARK}
   */
  record BatchPlanned(
      long batchId,
      long batchTimestampMillis,
      long watermarkMicros,
      long previousWatermarkMicros,
      List<SourceRange> ranges)
      implements LogEntry {

    /** Copies the list. */
    public BatchPlanned {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * The part of one source that a batch reads: after {@code startOffset}, up to and with {@code
   * endOffset}.
   *
   * @param source ordinal of the source in the plan
   * @param startOffset the source's own JSON text, null before the first batch
   * @param endOffset the source's own JSON text, null if the source has no data yet
   */
  record SourceRange(int source, @Nullable String startOffset, @Nullable String endOffset) {}

  /**
   * A batch is done: its output is in the sink, and these are the changes of state it made.
   *
   * @param nextWatermarkMicros watermark that the next batch runs with, or {@link #NO_WATERMARK}
   * @param sourceState free text per name that sources need after a restart, iterated in name order
   */
  record BatchCommitted(
      long batchId,
      long nextWatermarkMicros,
      List<StateChange> changes,
      Map<String, String> sourceState)
      implements LogEntry {

    /** Copies the list and the map. */
    public BatchCommitted {
      changes = List.copyOf(changes);
      sourceState = Collections.unmodifiableMap(new TreeMap<>(sourceState));
    }
  }

  /**
   * What one batch changed in one partition of one operator's state.
   *
   * @param operator ordinal of the stateful operator in the plan
   */
  record StateChange(int operator, int partition, StatePayload payload) {

    /** Refuses null. */
    public StateChange {
      requireNonNull(payload, "payload");
    }
  }

  /** The bytes of a change, in the entry itself or in a file that the entry names. */
  sealed interface StatePayload {

    /** Bytes inside the entry. The array is not copied: whoever passes it must not change it. */
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
    record Inline(byte[] bytes) implements StatePayload {

      /** Refuses null. */
      public Inline {
        requireNonNull(bytes, "bytes");
      }

      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Inline inline && Arrays.equals(bytes, inline.bytes);
      }

      @Override
      public int hashCode() {
        return Arrays.hashCode(bytes);
      }

      @Override
      public String toString() {
        return "Inline[bytes=" + bytes.length + "]";
      }
    }

    /**
     * Bytes in a file of the checkpoint, see {@link CheckpointFiles#writeDurably}.
     *
     * @param file path relative to the checkpoint, with '/' between names
     * @param length bytes of the file
     * @param crc32c CRC-32C of the whole file
     */
    record External(String file, long length, int crc32c) implements StatePayload {

      /** Refuses a path that leaves the checkpoint. */
      public External {
        CheckpointFiles.requireRelative(file);
      }
    }
  }

  /**
   * The state after a batch is in these files, all of them durable already; commits up to and with
   * this batch are not needed any more to rebuild the state.
   */
  record SnapshotTaken(long batchId, List<SnapshotFile> files) implements LogEntry {

    /** Copies the list. */
    public SnapshotTaken {
      files = List.copyOf(files);
    }
  }

  /**
   * One file of a snapshot.
   *
   * @param operator ordinal of the stateful operator in the plan
   * @param file path relative to the checkpoint, with '/' between names
   * @param length bytes of the file
   * @param crc32c CRC-32C of the whole file
   */
  record SnapshotFile(int operator, int partition, String file, long length, int crc32c) {

    /** Refuses a path that leaves the checkpoint. */
    public SnapshotFile {
      CheckpointFiles.requireRelative(file);
    }
  }
}
