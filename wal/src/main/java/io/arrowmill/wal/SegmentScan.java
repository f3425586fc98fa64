package io.arrowmill.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a segment's file holds, found without Chronicle: a queue that its writer left in the middle
 * of an append, or that lost pages to a power failure, is read in one bounded pass.
 *
 * <p>The file is a row of frames, each a little-endian int and its content, padded to 4 bytes:
 *
 * <pre>
 *  bit 31        30         29 ... 0
 *  not complete  metadata   length of the content
 * </pre>
 *
 * <p>A zero int is the end. Metadata (the queue's header and its index) is stepped over; the
 * content of any other frame is a record, see {@link RecordDescriptor}. Where frames stop making
 * sense, the rest of the file is searched for records by their magic and checksums: what tells a
 * torn tail (nothing intact follows) from a hole (something does).
 *
 * @param file the file, whether it exists or not
 * @param records the records from the segment's first, without a gap in their sequence
 * @param end where the last of {@code records} ends, in bytes from the start of the file
 * @param residue bytes other than queue metadata and zeros behind {@code end}
 * @param hole what is wrong if intact records follow a gap, else null
 */
record SegmentScan(
    Path file, List<FoundRecord> records, long end, long residue, @Nullable Hole hole) {

  private static final int NOT_COMPLETE = 0x8000_0000;
  private static final int METADATA = 0x4000_0000;
  private static final int LENGTH_MASK = 0x3FFF_FFFF;

  /** The least that a disk writes at once. */
  private static final int SECTOR_BYTES = 512;

  /** No segment is nearly as large; what stands behind is not the log's. */
  private static final int FILE_BYTES_MAX = 64 << 20;

  /** One intact record; {@code position} is where its header starts in the file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record FoundRecord(
      short version,
      short kind,
      long sequence,
      long syncedThrough,
      byte[] payload,
      long position) {}

  /**
   * Records are missing before an intact one.
   *
   * @param syncedThrough the highest sequence that records behind the hole know to have been
   *     durable
   * @param blank whether a sector of the hole is blank, as after a write that never reached the
   *     disk
   */
  record Hole(
      long position,
      long expectedSequence,
      long foundPosition,
      long foundSequence,
      long syncedThrough,
      boolean blank) {}

  /**
   * Reads a segment.
   *
   * @param endMax where reading stops, in bytes from the start of the file
   */
  static SegmentScan of(SegmentDirectory segment, long endMax) throws IOException {
    Path file = segment.dataFile();
    ByteBuffer bytes = read(file, endMax);
    List<FoundRecord> records = new ArrayList<>();
    int end = 0;
    long expected = segment.firstSequence();
    int position = nextRecord(bytes, 0);
    while (position >= 0) {
      FoundRecord record = recordAt(bytes, position);
      if (record.sequence() != expected) {
        Hole hole = holeAt(bytes, end, expected, record);
        return new SegmentScan(file, List.copyOf(records), end, 0, hole);
      }
      records.add(record);
      expected++;
      end = endOf(record);
      position = nextRecord(bytes, end);
    }
    return new SegmentScan(file, List.copyOf(records), end, residueBehind(bytes, end), null);
  }

  private static ByteBuffer read(Path file, long endMax) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int length = (int) Math.min(Math.min(channel.size(), endMax), FILE_BYTES_MAX);
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // read positions the buffer
      }
      return bytes.flip();
    } catch (NoSuchFileException _) {
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Position of the first intact record at or behind {@code from}, or -1. */
  private static int nextRecord(ByteBuffer bytes, int from) {
    int framed = framedRecord(bytes, from);
    if (framed >= 0) {
      return framed;
    }
    int last = bytes.limit() - RecordDescriptor.PAYLOAD_OFFSET;
    for (int at = from; at <= last; at += RecordDescriptor.ALIGNMENT_BYTES) {
      if (RecordDescriptor.isIntact(bytes, at, bytes.limit())) {
        return at;
      }
    }
    return -1;
  }

  private static int framedRecord(ByteBuffer bytes, int from) {
    int at = skipMetadata(bytes, from);
    int content = at + Integer.BYTES;
    boolean isRecord =
        content <= bytes.limit()
            && (bytes.getInt(at) & NOT_COMPLETE) == 0
            && RecordDescriptor.isIntact(bytes, content, bytes.limit());
    return isRecord ? content : -1;
  }

  /** Position of the first frame at or behind {@code from} that is not whole metadata. */
  private static int skipMetadata(ByteBuffer bytes, int from) {
    int at = from;
    while (at <= bytes.limit() - Integer.BYTES) {
      int header = bytes.getInt(at);
      long next = (long) at + Integer.BYTES + (header & LENGTH_MASK);
      if ((header & (NOT_COMPLETE | METADATA)) != METADATA || next > bytes.limit()) {
        return at;
      }
      if (RecordDescriptor.isIntact(bytes, at + Integer.BYTES, bytes.limit())) {
        return at; // a record, whatever its damaged frame says
      }
      at = align(next);
    }
    return at;
  }

  private static FoundRecord recordAt(ByteBuffer bytes, int position) {
    int length = bytes.getInt(position + RecordDescriptor.PAYLOAD_LENGTH_OFFSET);
    byte[] payload = new byte[length];
    bytes.get(position + RecordDescriptor.PAYLOAD_OFFSET, payload);
    return new FoundRecord(
        bytes.getShort(position + RecordDescriptor.VERSION_OFFSET),
        bytes.getShort(position + RecordDescriptor.KIND_OFFSET),
        bytes.getLong(position + RecordDescriptor.SEQUENCE_OFFSET),
        bytes.getLong(position + RecordDescriptor.SYNCED_THROUGH_OFFSET),
        payload,
        position);
  }

  private static int endOf(FoundRecord record) {
    return align(record.position() + RecordDescriptor.PAYLOAD_OFFSET + record.payload().length);
  }

  private static int align(long position) {
    int mask = RecordDescriptor.ALIGNMENT_BYTES - 1;
    return (int) (position + mask) & ~mask;
  }

  private static Hole holeAt(ByteBuffer bytes, int end, long expected, FoundRecord found) {
    long syncedThrough = found.syncedThrough();
    int position = nextRecord(bytes, endOf(found));
    while (position >= 0) {
      FoundRecord later = recordAt(bytes, position);
      syncedThrough = Math.max(syncedThrough, later.syncedThrough());
      position = nextRecord(bytes, endOf(later));
    }
    int missing = skipMetadata(bytes, end); // an index of the queue is blank for good reason
    boolean blank = hasBlankSector(bytes, missing, (int) found.position());
    return new Hole(end, expected, found.position(), found.sequence(), syncedThrough, blank);
  }

  /**
   * Whether some sector of the range, other than the one that reaches behind it, is all zeros: what
   * is intact behind the range was written later, so it cannot be in a sector that never reached
   * the disk.
   */
  private static boolean hasBlankSector(ByteBuffer bytes, int from, int to) {
    int start = from;
    int stop = (from / SECTOR_BYTES + 1) * SECTOR_BYTES;
    while (stop <= to) {
      if (nonZeros(bytes, start, stop) == 0) {
        return true;
      }
      start = stop;
      stop += SECTOR_BYTES;
    }
    return false;
  }

  private static long residueBehind(ByteBuffer bytes, int end) {
    int rest = skipMetadata(bytes, Math.min(end, bytes.limit()));
    return nonZeros(bytes, Math.min(rest, bytes.limit()), bytes.limit());
  }

  private static long nonZeros(ByteBuffer bytes, int from, int to) {
    long count = 0;
    for (int at = from; at < to; at++) {
      count += bytes.get(at) == 0 ? 0 : 1;
    }
    return count;
  }
}
