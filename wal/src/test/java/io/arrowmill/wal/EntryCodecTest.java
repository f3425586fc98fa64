package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  @Test
  void anyEntryComesBackAndNoPartOfItIsAnEntry() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      LogEntry entry = Entries.random(random);
      short kind = EntryCodec.kindOf(entry);
      byte[] payload = EntryCodec.encode(entry);

      assertThat(EntryCodec.decode(kind, payload)).as("seed %d", seed).isEqualTo(entry);
      byte[] part = Arrays.copyOf(payload, random.nextInt(payload.length));
      assertThatThrownBy(() -> EntryCodec.decode(kind, part))
          .as("seed %d", seed)
          .isInstanceOf(IllegalStateException.class);
      byte[] longer = Arrays.copyOf(payload, payload.length + 1);
      assertThatThrownBy(() -> EntryCodec.decode(kind, longer))
          .as("seed %d", seed)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void fieldsStandInTheOrderOfTheDiagram() {
    BatchCommitted entry =
        new BatchCommitted(
            1,
            -1,
            List.of(
                new LogEntry.StateChange(2, 3, new LogEntry.StatePayload.Inline(new byte[] {9})),
                new LogEntry.StateChange(
                    4, 5, new LogEntry.StatePayload.External("f", 6, 0x0A0B0C0D))),
            Map.of("k", "v"));

    assertThat(HexFormat.of().formatHex(EntryCodec.encode(entry)))
        .isEqualTo(
            "0100000000000000" // batchId
                + "ffffffffffffffff" // nextWatermarkMicros
                + "02000000" // changes
                + "02000000"
                + "03000000"
                + "00"
                + "01000000"
                + "09"
                + "04000000"
                + "05000000"
                + "01"
                + "01000000"
                + "66"
                + "0600000000000000"
                + "0d0c0b0a"
                + "01000000" // sourceState
                + "01000000"
                + "6b"
                + "01000000"
                + "76");
  }

  @Test
  void identityComesBack() {
    CheckpointIdentity identity =
        new CheckpointIdentity(new UUID(-1, 1), "a\nb é", Map.of("z", "", "a", "1"), 7);
    SegmentStart start = new SegmentStart(identity, 12_345);
    assertThat(EntryCodec.decodeStart(EntryCodec.encodeStart(start))).isEqualTo(start);
  }

  @Test
  void kindThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> EntryCodec.decode((short) 9, new byte[0]))
        .hasMessage("no such kind of entry: kind=9");
  }

  @Test
  void textWithoutUtf8FormIsRefused() {
    BatchCommitted entry = new BatchCommitted(1, 1, List.of(), Map.of("k", "\uD83D"));
    assertThatThrownBy(() -> EntryCodec.encode(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of a surrogate pair");
  }
}
