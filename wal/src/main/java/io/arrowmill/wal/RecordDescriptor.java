package io.arrowmill.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Layout of one record, which is the content of one Chronicle Queue document. All numbers are
 * little-endian; the record starts at a multiple of 4 bytes in its file.
 *
 * <pre>
 *    0         1         2         3         4         5         6         7
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 *  0|                              Magic "MILL-WAL"                                 |
 *   +-------------------+-------------------+---------------------------------------+
 *  8|      Version      |       Kind        |            Payload length             |
 *   +-------------------+-------------------+---------------------------------------+
 * 16|                                  Sequence                                     |
 *   +-------------------------------------------------------------------------------+
 * 24|                               Synced through                                  |
 *   +---------------------------------------+---------------------------------------+
 * 32|        CRC-32C of the payload         |   CRC-32C of header bytes 0 to 35     |
 *   +---------------------------------------+---------------------------------------+
 * 40|                                  Payload                                     ...
 *   +-------------------------------------------------------------------------------+
 * </pre>
 *
 * <p><b>Sequence</b> counts records over all segments of a checkpoint from 1, without a gap.
 * <b>Synced through</b> is the highest sequence that was durable when the record was written: it
 * tells a write that a power failure lost (nobody relied on it) from damage to something that had
 * been durable.
 */
final class RecordDescriptor {

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = 8;
  static final int KIND_OFFSET = 10;
  static final int PAYLOAD_LENGTH_OFFSET = 12;
  static final int SEQUENCE_OFFSET = 16;
  static final int SYNCED_THROUGH_OFFSET = 24;
  static final int PAYLOAD_CRC_OFFSET = 32;
  static final int HEADER_CRC_OFFSET = 36;
  static final int PAYLOAD_OFFSET = 40;

  /** Where a record may start in a file: multiples of this many bytes. */
  static final int ALIGNMENT_BYTES = 4;

  /** "MILL-WAL" as the bytes stand in the file. */
  static final long MAGIC = 0x4C41572D4C4C494DL;

  static final short VERSION = 1;

  private RecordDescriptor() {}

  /** The bytes of one record. */
  static byte[] encode(short kind, long sequence, long syncedThrough, byte[] payload) {
    byte[] record = new byte[PAYLOAD_OFFSET + payload.length];
    ByteBuffer buffer = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(MAGIC_OFFSET, MAGIC);
    buffer.putShort(VERSION_OFFSET, VERSION);
    buffer.putShort(KIND_OFFSET, kind);
    buffer.putInt(PAYLOAD_LENGTH_OFFSET, payload.length);
    buffer.putLong(SEQUENCE_OFFSET, sequence);
    buffer.putLong(SYNCED_THROUGH_OFFSET, syncedThrough);
    buffer.putInt(PAYLOAD_CRC_OFFSET, crc32c(ByteBuffer.wrap(payload)));
    buffer.putInt(HEADER_CRC_OFFSET, crc32c(buffer.slice(0, HEADER_CRC_OFFSET)));
    System.arraycopy(payload, 0, record, PAYLOAD_OFFSET, payload.length);
    return record;
  }

  /**
   * Whether an intact record starts at {@code position}: magic, both checksums, and an end within
   * {@code limit}. Any bytes may be asked about.
   */
  static boolean isIntact(ByteBuffer file, int position, int limit) {
    if (position < 0 || limit - position < PAYLOAD_OFFSET) {
      return false;
    }
    if (file.getLong(position + MAGIC_OFFSET) != MAGIC) {
      return false;
    }
    if (crc32c(file.slice(position, HEADER_CRC_OFFSET))
        != file.getInt(position + HEADER_CRC_OFFSET)) {
      return false;
    }
    int payloadLength = file.getInt(position + PAYLOAD_LENGTH_OFFSET);
    return payloadLength >= 0
        && payloadLength <= limit - position - PAYLOAD_OFFSET
        && crc32c(file.slice(position + PAYLOAD_OFFSET, payloadLength))
            == file.getInt(position + PAYLOAD_CRC_OFFSET);
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
