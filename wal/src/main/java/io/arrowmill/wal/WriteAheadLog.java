package io.arrowmill.wal;

import static java.util.Objects.requireNonNull;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one checkpoint directory, which this object owns exclusively while it is open.
 *
 * <p>{@link #append} hands an entry to the operating system: it survives the process. {@link #sync}
 * makes everything appended so far survive the machine. After a failed write or sync the log
 * refuses further entries: what the disk holds is known again only after reopening.
 *
 * <p>Any thread may call; calls exclude each other.
 */
public final class WriteAheadLog implements AutoCloseable {

  /** The longest encoded entry, in bytes; larger changes go to files that the entry names. */
  public static final int PAYLOAD_BYTES_MAX = 1_000_000;

  /** A segment that has grown beyond this is followed by a new one. */
  private static final long SEGMENT_BYTES = 4 << 20;

  private final Path checkpoint;
  private final CheckpointLock lock;
  private final CheckpointIdentity identity;
  private final RecoveredLog recovered;
  private final ArrayDeque<FinishedSegment> finished = new ArrayDeque<>();
  private SegmentWriter writer;
  private SegmentDirectory current;
  private BatchIds currentIds = BatchIds.NONE;
  private BatchIds allIds = BatchIds.NONE;
  private long nextSequence;
  private long syncedThrough;
  private @Nullable Throwable failure;
  private boolean closed;

  /** A segment that is only read any more. */
  private record FinishedSegment(SegmentDirectory directory, BatchIds ids) {}

  /** The highest batch ids among some entries; {@link Long#MIN_VALUE} where there is none. */
  private record BatchIds(long planned, long committed, long snapshot) {

    static final BatchIds NONE = new BatchIds(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);

    BatchIds with(LogEntry entry) {
      long id = entry.batchId();
      return switch (entry) {
        case BatchPlanned _ -> new BatchIds(Math.max(planned, id), committed, snapshot);
        case BatchCommitted _ -> new BatchIds(planned, Math.max(committed, id), snapshot);
        case SnapshotTaken _ -> new BatchIds(planned, committed, Math.max(snapshot, id));
      };
    }

    long max() {
      return Math.max(planned, Math.max(committed, snapshot));
    }
  }

  private WriteAheadLog(
      Path checkpoint, CheckpointLock lock, CheckpointIdentity identity, LogContents contents)
      throws IOException {
    this.checkpoint = checkpoint;
    this.lock = lock;
    this.identity = identity;
    this.recovered = LogRecovery.recover(contents);
    List<Segment> kept = new ArrayList<>(contents.segments());
    dropEmptyTail(contents, kept);
    for (Segment segment : kept) {
      BatchIds ids = BatchIds.NONE;
      for (Located located : segment.entries()) {
        ids = ids.with(located.entry());
        allIds = allIds.with(located.entry());
      }
      finished.add(new FinishedSegment(segment.directory(), ids));
    }
    long previousEnd = kept.isEmpty() ? 0 : kept.getLast().end();
    nextSequence = kept.isEmpty() ? 1 : kept.getLast().nextSequence();
    current = SegmentDirectory.of(checkpoint.resolve(SegmentDirectory.WAL), nextSequence);
    writer = startSegment(previousEnd);
  }

  /**
   * Opens the log in {@code checkpoint/wal}, creating both if need be. An unfinished write at the
   * end of the log is dropped and told in {@link RecoveredLog#droppedTail}; the log continues
   * before it.
   *
   * @param identityIfNew written if the checkpoint has no log yet, otherwise not looked at
   * @throws CheckpointInUseException if this or another process has it open
   * @throws LogDamagedException if something that had been durable is missing or altered
   * @throws LogReadException if the operating system refuses to read
   * @throws LogWriteException if the operating system refuses to write
   * @throws JvmFlagsMissingException if the JVM lacks flags that mapping files needs
   */
  public static WriteAheadLog open(Path checkpoint, CheckpointIdentity identityIfNew) {
    requireNonNull(identityIfNew, "identityIfNew");
    ChronicleSetup.prepare();
    boolean interrupted = Thread.interrupted();
    CheckpointLock lock = acquireLock(checkpoint);
    try {
      return openLocked(checkpoint, lock, identityIfNew);
    } catch (RuntimeException | Error e) {
      try {
        lock.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    } finally {
      restore(interrupted);
    }
  }

  /** Sets the interrupt again that was put off, as it would close the channels that write. */
  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static CheckpointLock acquireLock(Path checkpoint) {
    try {
      CheckpointFiles.createDirectoriesDurably(
          checkpoint.toAbsolutePath().resolve(SegmentDirectory.WAL));
      return CheckpointLock.acquire(checkpoint);
    } catch (IOException e) {
      throw writeFailed(checkpoint, e);
    }
  }

  private static WriteAheadLog openLocked(
      Path checkpoint, CheckpointLock lock, CheckpointIdentity identityIfNew) {
    LogContents contents;
    try {
      contents = LogContents.read(checkpoint);
      contents.requireWhole();
    } catch (IOException e) {
      throw new LogReadException(
          "log must be readable: checkpoint="
              + checkpoint
              + ", error="
              + e
              + "; check permissions and the disk",
          e);
    }
    CheckpointIdentity found = contents.identity();
    try {
      CheckpointFiles.settle(checkpoint);
      SegmentDirectory.finishDeletions(checkpoint.resolve(SegmentDirectory.WAL));
      if (!contents.segments().isEmpty()) {
        syncFile(contents.segments().getLast().directory().dataFile());
      }
      return new WriteAheadLog(checkpoint, lock, found == null ? identityIfNew : found, contents);
    } catch (IOException e) {
      throw writeFailed(checkpoint, e);
    }
  }

  /**
   * What a killed process appended but did not sync becomes durable before anything builds on it.
   */
  private static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** A segment without entries holds nothing but its place; the first keeps the identity. */
  private static void dropEmptyTail(LogContents contents, List<Segment> kept) throws IOException {
    SegmentDirectory unfinished = contents.unfinished();
    if (unfinished != null) {
      unfinished.delete();
    }
    while (kept.size() > 1 && kept.getLast().entries().isEmpty()) {
      kept.removeLast().directory().delete();
    }
  }

  private SegmentWriter startSegment(long previousEnd) throws IOException {
    byte[] payload = EntryCodec.encodeStart(new SegmentStart(identity, previousEnd));
    byte[] record =
        RecordDescriptor.encode(EntryCodec.SEGMENT_START, nextSequence, nextSequence - 1, payload);
    SegmentWriter started = SegmentWriter.create(current, record);
    syncedThrough = nextSequence;
    nextSequence++;
    return started;
  }

  /** Whose checkpoint this is, as written when it was created. */
  public CheckpointIdentity identity() {
    return identity;
  }

  /** What was found when the log was opened. */
  public RecoveredLog recovered() {
    return recovered;
  }

  /**
   * Appends an entry, which is durable only after {@link #sync}.
   *
   * @throws EntryTooLargeException if the encoded entry exceeds {@link #PAYLOAD_BYTES_MAX}
   * @throws IllegalArgumentException if a commit does not follow the last commit, or a text has no
   *     UTF-8 form
   * @throws LogWriteException if the operating system refuses, now or earlier
   */
  public synchronized void append(LogEntry entry) {
    requireUsable();
    requireOrder(entry);
    short kind = EntryCodec.kindOf(entry);
    byte[] payload = EntryCodec.encode(entry);
    if (!EntryCodec.decode(kind, payload).equals(entry)) {
      throw new IllegalStateException("entry must read back as it was written: entry=" + entry);
    }
    byte[] record = RecordDescriptor.encode(kind, nextSequence, syncedThrough, payload);
    boolean interrupted = Thread.interrupted();
    try {
      if (writer.end() > SEGMENT_BYTES) {
        record = rollTo(kind, payload);
      }
      writer.append(record);
    } catch (IOException e) {
      throw fail(e);
    } finally {
      restore(interrupted);
    }
    nextSequence++;
    currentIds = currentIds.with(entry);
    allIds = allIds.with(entry);
  }

  private byte[] rollTo(short kind, byte[] payload) throws IOException {
    writer.sync();
    writer.close();
    long previousEnd = writer.end();
    finished.add(new FinishedSegment(current, currentIds));
    current = SegmentDirectory.of(checkpoint.resolve(SegmentDirectory.WAL), nextSequence);
    currentIds = BatchIds.NONE;
    writer = startSegment(previousEnd);
    return RecordDescriptor.encode(kind, nextSequence, syncedThrough, payload);
  }

  private void requireOrder(LogEntry entry) {
    if (entry instanceof BatchCommitted && entry.batchId() <= allIds.committed()) {
      throw new IllegalArgumentException(
          "commits must ascend: batchId="
              + entry.batchId()
              + ", lastCommitted="
              + allIds.committed()
              + "; a batch is committed once");
    }
  }

  /**
   * Makes everything appended so far durable: it survives a crash of the machine.
   *
   * @throws LogWriteException if the operating system refuses, now or earlier
   */
  public synchronized void sync() {
    requireUsable();
    if (syncedThrough == nextSequence - 1) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      writer.sync();
    } catch (IOException e) {
      throw fail(e);
    } finally {
      restore(interrupted);
    }
    syncedThrough = nextSequence - 1;
  }

  /**
   * Allows old entries to be deleted. Deleted are whole segments that hold nothing of {@code
   * batchId} or later, nothing of the newest snapshot's batch or later, and neither the last plan
   * nor the last commit.
   *
   * @throws LogWriteException if the operating system refuses
   */
  public synchronized void truncateBefore(long batchId) {
    requireUsable();
    long kept = Math.min(batchId, keptBatchId());
    boolean interrupted = Thread.interrupted();
    try {
      while (!finished.isEmpty() && finished.getFirst().ids().max() < kept) {
        finished.getFirst().directory().delete();
        finished.removeFirst();
      }
    } catch (IOException e) {
      throw writeFailed(checkpoint, e);
    } finally {
      restore(interrupted);
    }
  }

  private long keptBatchId() {
    long kept = Math.min(allIds.planned(), allIds.committed());
    return allIds.snapshot() == Long.MIN_VALUE ? kept : Math.min(kept, allIds.snapshot());
  }

  /** Syncs what was appended and releases the checkpoint. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted();
    try {
      try {
        if (failure == null && syncedThrough < nextSequence - 1) {
          writer.sync();
        }
      } finally {
        try {
          writer.close();
        } finally {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw writeFailed(checkpoint, e);
    } finally {
      restore(interrupted);
    }
  }

  private void requireUsable() {
    if (closed) {
      throw new IllegalStateException("log must be open: checkpoint=" + checkpoint);
    }
    if (failure != null) {
      throw writeFailed(checkpoint, failure);
    }
  }

  private LogWriteException fail(Throwable cause) {
    failure = cause;
    return writeFailed(checkpoint, cause);
  }

  private static LogWriteException writeFailed(Path checkpoint, Throwable cause) {
    return new LogWriteException(
        "log must be writable: checkpoint="
            + checkpoint
            + ", error="
            + cause
            + "; check free space, permissions and the disk, then start the query again",
        cause);
  }
}
