package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.wal.SegmentScan.FoundRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scan must read what Chronicle's own reader reads. */
class SegmentScanTest {

  @TempDir Path directory;

  @BeforeAll
  static void prepare() {
    ChronicleSetup.prepare();
  }

  @Test
  void readsWhatChronicleReads() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    SegmentDirectory segment = SegmentDirectory.of(directory, 5);
    List<String> written = new ArrayList<>();
    try (SegmentWriter writer = SegmentWriter.create(segment, record(5, new byte[0], written))) {
      for (int sequence = 6; sequence < 700; sequence++) {
        byte[] payload = new byte[random.nextInt(random.nextInt(50) == 0 ? 70_000 : 300)];
        random.nextBytes(payload);
        writer.append(record(sequence, payload, written));
      }
      assertThat(scanned(segment)).as("while written, seed %d", seed).isEqualTo(written);
    }

    assertThat(scanned(segment)).as("seed %d", seed).isEqualTo(written);
    assertThat(readByChronicle(segment)).as("seed %d", seed).isEqualTo(written);
    SegmentScan scan = SegmentScan.of(segment, Long.MAX_VALUE);
    assertThat(scan.residue()).isZero();
    assertThat(scan.hole()).isNull();
  }

  @Test
  void segmentWithoutFileIsEmpty() throws IOException {
    SegmentScan scan = SegmentScan.of(SegmentDirectory.of(directory, 1), Long.MAX_VALUE);
    assertThat(scan.records()).isEmpty();
    assertThat(scan.end()).isZero();
  }

  private static byte[] record(long sequence, byte[] payload, List<String> written) {
    byte[] record = RecordDescriptor.encode((short) 2, sequence, sequence - 1, payload);
    written.add(HexFormat.of().formatHex(record));
    return record;
  }

  private static List<String> scanned(SegmentDirectory segment) throws IOException {
    List<String> found = new ArrayList<>();
    for (FoundRecord record : SegmentScan.of(segment, Long.MAX_VALUE).records()) {
      byte[] bytes =
          RecordDescriptor.encode(
              record.kind(), record.sequence(), record.syncedThrough(), record.payload());
      found.add(HexFormat.of().formatHex(bytes));
    }
    return found;
  }

  private static List<String> readByChronicle(SegmentDirectory segment) {
    List<String> found = new ArrayList<>();
    Bytes<?> bytes = Bytes.allocateElasticOnHeap();
    try (ChronicleQueue queue =
            SingleChronicleQueueBuilder.binary(segment.path().toFile()).readOnly(true).build();
        ExcerptTailer tailer = queue.createTailer()) {
      while (tailer.readBytes(bytes.clear())) {
        found.add(HexFormat.of().formatHex(bytes.toByteArray()));
      }
    }
    return found;
  }
}
