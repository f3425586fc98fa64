package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordDescriptorTest {

  /** CRC-32C of "123456789" is E3069283 in every catalogue of checksums. */
  private static final byte[] PAYLOAD = "123456789".getBytes(StandardCharsets.US_ASCII);

  @Test
  void headerIsAsTheDiagramSays() {
    byte[] record = RecordDescriptor.encode((short) 3, 258, 257, PAYLOAD);

    assertThat(record).hasSize(40 + 9);
    assertThat(HexFormat.of().formatHex(record, 0, 36))
        .isEqualTo(
            HexFormat.of().formatHex("MILL-WAL".getBytes(StandardCharsets.US_ASCII))
                + "0100" // version
                + "0300" // kind
                + "09000000" // payload length
                + "0201000000000000" // sequence
                + "0101000000000000" // synced through
                + "839206e3"); // checksum of the payload
    assertThat(record).endsWith(PAYLOAD);
  }

  @Test
  void anyFlippedBitIsNoticed() {
    byte[] record = RecordDescriptor.encode((short) 3, 258, 257, PAYLOAD);
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] flipped = record.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(isIntact(flipped, flipped.length)).as("bit %d", bit).isFalse();
    }
    assertThat(isIntact(record, record.length)).isTrue();
  }

  @Test
  void recordThatReachesBehindTheLimitIsNotIntact() {
    byte[] record = RecordDescriptor.encode((short) 3, 258, 257, PAYLOAD);
    for (int limit = 0; limit < record.length; limit++) {
      assertThat(isIntact(record, limit)).as("limit %d", limit).isFalse();
    }
  }

  @Test
  void emptyPayloadIsARecordToo() {
    byte[] record = RecordDescriptor.encode((short) 4, 1, 0, new byte[0]);
    assertThat(isIntact(record, 40)).isTrue();
    assertThat(isIntact(record, 39)).isFalse();
  }

  private static boolean isIntact(byte[] record, int limit) {
    ByteBuffer file = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    return RecordDescriptor.isIntact(file, 0, limit);
  }
}
