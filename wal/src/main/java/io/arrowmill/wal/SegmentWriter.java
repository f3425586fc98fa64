package io.arrowmill.wal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes one segment: a Chronicle Queue of one file that never rolls, as its clock stands still.
 * Owns the queue and a handle on its file. Called by one thread at a time.
 *
 * <p>Chronicle writes through a mapping of a sparse file, where a full disk would show as a fault
 * in the middle of an append. So blocks of the file are reserved ahead by ordinary writes of zeros,
 * which fail with an ordinary error. Syncs go through the handle for the same reason: Chronicle
 * only logs a sync that failed. On Linux the handle is not a channel, as an interrupt would close
 * that.
 */
final class SegmentWriter implements AutoCloseable {

  /** The span of the file that is mapped at once; a quarter of it is the longest document. */
  private static final int BLOCK_BYTES = 4 << 20;

  private static final int RESERVE_BYTES = 256 << 10;

  /** More than the queue writes on its own between two documents: an index, a header, padding. */
  private static final int QUEUE_BYTES_MAX = 64 << 10;

  /** What a new segment takes of the disk before its file is reserved ahead, with room to spare. */
  private static final int NEW_SEGMENT_BYTES = 1 << 20;

  /** Whether a sync of a file also writes what was changed through a mapping of it. */
  private static final boolean SYNC_COVERS_MAPPINGS =
      System.getProperty("os.name", "").startsWith("Linux");

  private static final int INDEX_COUNT = 512;
  private static final int INDEX_SPACING = 64;
  private static final byte[] ZEROS = new byte[RESERVE_BYTES];

  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private @Nullable RandomAccessFile file;
  private long reservedEnd;
  private long end;
  private boolean closed;

  private SegmentWriter(ChronicleQueue queue) {
    this.queue = queue;
    this.appender = queue.createAppender();
    // The log's own lock lets one thread in at a time; it may be opened by one, written by another.
    appender.singleThreadedCheckDisabled(true);
  }

  /** Creates the segment's directory and file; {@code startRecord} is durable on return. */
  static SegmentWriter create(SegmentDirectory segment, byte[] startRecord) throws IOException {
    CheckpointFiles.createDirectoriesDurably(segment.path());
    long usableBytes = Files.getFileStore(segment.path()).getUsableSpace();
    if (usableBytes < NEW_SEGMENT_BYTES) {
      throw new IOException(
          "No space left for a segment: usableBytes="
              + usableBytes
              + ", needed="
              + NEW_SEGMENT_BYTES);
    }
    SegmentWriter writer = openWriter(segment);
    try {
      writer.write(startRecord);
      writer.file = new RandomAccessFile(segment.dataFile().toFile(), "rw");
      writer.reservedEnd = writer.end;
      writer.reserve(writer.end + QUEUE_BYTES_MAX);
      writer.sync();
      CheckpointFiles.syncDirectory(segment.path());
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      writer.close();
      throw e;
    }
  }

  private static SegmentWriter openWriter(SegmentDirectory segment) throws IOException {
    try {
      return new SegmentWriter(
          SingleChronicleQueueBuilder.binary(segment.path().toFile())
              .rollCycle(LegacyRollCycles.DAILY)
              .timeProvider(() -> 0)
              .blockSize(BLOCK_BYTES)
              .indexCount(INDEX_COUNT)
              .indexSpacing(INDEX_SPACING)
              .syncMode(SYNC_COVERS_MAPPINGS ? SyncMode.NONE : SyncMode.SYNC)
              .build());
    } catch (RuntimeException | InternalError e) {
      throw new IOException("queue cannot be created: directory=" + segment.path(), e);
    }
  }

  /** Where the last record ends, in bytes from the start of the file. */
  long end() {
    return end;
  }

  /** Appends a record, which is durable after the next {@link #sync}. */
  void append(byte[] record) throws IOException {
    reserve(end + record.length + QUEUE_BYTES_MAX);
    write(record);
  }

  private void write(byte[] record) throws IOException {
    try (DocumentContext document = appender.writingDocument()) {
      Bytes<?> bytes = document.wire().bytes();
      bytes.write(record);
      end = bytes.writePosition();
    } catch (RuntimeException | InternalError e) {
      throw new IOException("queue does not take a record: end=" + end + ", error=" + e, e);
    }
  }

  private void reserve(long neededEnd) throws IOException {
    while (reservedEnd < neededEnd) {
      RandomAccessFile handle = handle();
      handle.seek(reservedEnd);
      handle.write(ZEROS);
      reservedEnd += RESERVE_BYTES;
    }
  }

  /** Everything appended so far is durable on return. */
  void sync() throws IOException {
    if (SYNC_COVERS_MAPPINGS) {
      handle().getFD().sync();
    } else {
      appender.sync();
      handle().getChannel().force(true);
    }
  }

  private RandomAccessFile handle() throws IOException {
    if (file == null) {
      throw new IOException("segment must have been created: end=" + end);
    }
    return file;
  }

  /** Idempotent; does not sync. Gives back the space that was reserved ahead. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    appender.close();
    queue.close();
    if (file != null) {
      try (RandomAccessFile closing = file) {
        closing.setLength(end);
      }
    }
  }
}
