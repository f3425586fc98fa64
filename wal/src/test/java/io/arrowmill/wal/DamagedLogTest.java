package io.arrowmill.wal;

import static io.arrowmill.wal.Entries.IDENTITY;
import static io.arrowmill.wal.Entries.commit;
import static io.arrowmill.wal.Entries.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log as a crash leaves it: {@code SYNCED} batches were synced one by one, {@code UNSYNCED} more
 * only appended, and the writer never closed. Every test damages copies of its file.
 */
@Timeout(60)
class DamagedLogTest {

  private static final int SYNCED = 12;
  private static final int UNSYNCED = 12;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @TempDir Path directory;
  private byte[] image = new byte[0];
  private List<Located> entries = List.of();
  private int syncedEnd;

  @BeforeEach
  void writeAndCrash() throws IOException {
    Path original = directory.resolve("original");
    try (WriteAheadLog log = WriteAheadLog.open(original, IDENTITY)) {
      for (int batch = 0; batch < SYNCED + UNSYNCED; batch++) {
        log.append(commit(batch, random.nextInt(3000)));
        log.append(plan(batch + 1));
        if (batch < SYNCED) {
          log.sync();
        }
      }
      image = Files.readAllBytes(dataFile(original, 1));
    }
    entries = LogContents.read(checkpoint("whole", image)).segments().getFirst().entries();
    assertThat(entries).hasSize(2 * (SYNCED + UNSYNCED));
    syncedEnd = end(entries.get(2 * SYNCED - 1));
    image = Arrays.copyOf(image, end(entries.getLast()) + 50_000); // the rest is zeros
  }

  @Test
  void truncatedTailIsDropped() throws IOException {
    for (int i = 0; i < 150; i++) {
      int cut = between(syncedEnd, i % 2 == 0 ? end(entries.getLast()) : image.length);
      assertRecovers(Arrays.copyOf(image, cut), i % 25 == 0);
    }
  }

  @Test
  void zeroedTailIsDropped() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] damaged = image.clone();
      int cut = between(syncedEnd, end(entries.getLast()));
      Arrays.fill(damaged, cut, damaged.length, (byte) 0);
      assertRecovers(damaged, i % 25 == 0);
    }
  }

  @Test
  void garbageTailIsDroppedAndTold() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] damaged = image.clone();
      int cut = between(syncedEnd, end(entries.getLast()));
      byte[] garbage = new byte[damaged.length - cut];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, damaged, cut, garbage.length);
      assertRecovers(damaged, i % 25 == 0);
      assertThat(LogContents.read(checkpoint("told", damaged)).droppedTail())
          .startsWith("dropped ")
          .contains(" behind the last intact entry: file=", "position=");
    }
  }

  /** A power failure keeps some sectors from the disk, while later ones got there. */
  @Test
  void sectorsThatNeverReachedTheDiskAreDropped() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] damaged = image.clone();
      int sector = 512 * between(syncedEnd / 512, end(entries.getLast()) / 512);
      int from = Math.max(sector, syncedEnd);
      int to = Math.min(damaged.length, sector + 512 * between(1, 12));
      Arrays.fill(damaged, from, to, (byte) 0);
      assertRecovers(damaged, i % 25 == 0);
    }
  }

  @Test
  void flippedBitInADurableEntryIsDamage() throws IOException {
    for (int i = 0; i < 150; i++) {
      int victim = random.nextInt(2 * SYNCED - 2); // the last sync is known to nobody behind it
      Located entry = entries.get(victim);
      byte[] damaged = image.clone();
      int at = between((int) entry.position(), end(entry) - 1);
      damaged[at] ^= (byte) (1 << random.nextInt(8));

      assertRefused(damaged, entry, i % 25 == 0);
    }
  }

  @Test
  void zeroedDurableEntryIsDamage() throws IOException {
    for (int victim = 0; victim < 2 * SYNCED - 2; victim++) {
      Located entry = entries.get(victim);
      byte[] damaged = image.clone();
      Arrays.fill(damaged, (int) entry.position() - 4, end(entry), (byte) 0);
      assertRefused(damaged, entry, false);
    }
  }

  @Test
  void damageToTheQueuesOwnBytesCostsNothing() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] damaged = image.clone();
      int at;
      do {
        at = random.nextInt(end(entries.getLast()));
      } while (isRecord(at));
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThat(undamaged(damaged)).isEqualTo(entries);
      assertRecovers(damaged, i % 25 == 0);
    }
  }

  /** A record's frame has 32 bits that say what it is and how long: one of them may flip. */
  @Test
  void anyBitOfARecordsFrameMayFlip() throws IOException {
    for (Located entry : entries) {
      for (int bit = 0; bit < 32; bit++) {
        byte[] damaged = image.clone();
        damaged[(int) entry.position() - 4 + bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(undamaged(damaged)).isEqualTo(entries);
        assertRecovers(damaged, false);
      }
    }
  }

  /**
   * Whatever is done to the file, it opens with a first part of what was written, or is refused.
   */
  @Test
  void anyDamageIsRefusedOrCostsATail() throws IOException {
    for (int i = 0; i < 300; i++) {
      byte[] damaged = Arrays.copyOf(image, between(0, image.length));
      for (int spots = between(0, 3); spots > 0 && damaged.length > 0; spots--) {
        int from = random.nextInt(damaged.length);
        byte[] noise = new byte[between(1, Math.min(damaged.length - from, between(1, 9000)))];
        switch (random.nextInt(3)) {
          case 0 -> random.nextBytes(noise);
          case 1 -> Arrays.fill(noise, (byte) 0);
          default -> {
            int source = random.nextInt(image.length - noise.length);
            System.arraycopy(image, source, noise, 0, noise.length); // intact data, wrong place
          }
        }
        System.arraycopy(noise, 0, damaged, from, noise.length);
      }
      Path checkpoint = checkpoint("any", damaged);
      LogContents contents = LogContents.read(checkpoint);
      List<Located> found =
          contents.segments().isEmpty() ? List.of() : contents.segments().getFirst().entries();
      assertThat(found.size()).as("seed %d", seed).isLessThanOrEqualTo(entries.size());
      assertThat(found.stream().map(Located::entry))
          .as("seed %d", seed)
          .containsExactlyElementsOf(
              entries.stream().limit(found.size()).map(Located::entry).toList());
      if (i % 25 == 0 && contents.damage().isEmpty()) {
        assertThatLogGoesOn(checkpoint, found.size());
      }
    }
  }

  @Test
  void olderSegmentMustBeWhole() throws IOException {
    Path checkpoint = checkpoint("older", image);
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
      log.append(plan(99));
    }
    Located last = entries.getLast();
    Path file = dataFile(checkpoint, 1);
    byte[] damaged = Files.readAllBytes(file);
    damaged[end(last) - 1] ^= 1;
    Files.write(file, damaged);
    assertThatThrownBy(() -> WriteAheadLog.open(checkpoint, IDENTITY))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("expectedSequence=" + last.sequence())
        .hasMessageContaining("foundSequence=" + (last.sequence() + 1));
  }

  @Test
  void missingSegmentIsDamage() throws IOException {
    Path checkpoint = checkpoint("missing", image);
    for (int i = 0; i < 3; i++) {
      try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
        log.append(plan(100 + i));
      }
    }
    List<Segment> segments = LogContents.read(checkpoint).segments();
    assertThat(segments).hasSize(4);
    segments.get(1).directory().delete();
    assertThatThrownBy(() -> WriteAheadLog.open(checkpoint, IDENTITY))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("restore the checkpoint from a copy");
  }

  @Test
  void segmentThatWasNeverBegunIsDropped() throws IOException {
    for (int length : new int[] {0, 1, 3, 4, 100, 5000}) {
      Path checkpoint = checkpoint("unbegun" + length, image);
      Path begun = dataFile(checkpoint, 2 + entries.size());
      Files.createDirectories(CheckpointFiles.parentOf(begun));
      Files.write(begun, Arrays.copyOf(image, Math.min(length, 100)));
      try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
        assertThat(log.recovered().planned()).hasSize(SYNCED + UNSYNCED);
        assertThat(log.recovered().droppedTail()).contains("a segment that was never begun");
        log.append(plan(500));
      }
      try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
        assertThat(log.recovered().lastPlanned()).isEqualTo(plan(500));
        assertThat(log.recovered().droppedTail()).isEmpty();
      }
    }
  }

  private void assertRecovers(byte[] damaged, boolean open) throws IOException {
    List<Located> expected = undamaged(damaged);
    Path checkpoint = checkpoint("damaged", damaged);
    LogContents contents = LogContents.read(checkpoint);
    assertThat(contents.damage()).as("seed %d", seed).isEmpty();
    assertThat(contents.segments().getFirst().entries()).as("seed %d", seed).isEqualTo(expected);
    if (open) {
      assertThatLogGoesOn(checkpoint, expected.size());
    }
  }

  /** Opens the damaged log, appends, and finds the same entries and the new one behind them. */
  private void assertThatLogGoesOn(Path checkpoint, int entryCount) throws IOException {
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
      log.append(plan(1000));
    }
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
      assertThat(log.recovered().lastPlanned()).as("seed %d", seed).isEqualTo(plan(1000));
      assertThat(log.recovered().droppedTail()).as("seed %d", seed).isEmpty();
    }
    List<Located> found =
        LogContents.read(checkpoint).segments().stream()
            .flatMap(s -> s.entries().stream())
            .toList();
    assertThat(found).as("seed %d", seed).hasSize(entryCount + 1);
  }

  private void assertRefused(byte[] damaged, Located entry, boolean open) throws IOException {
    Path checkpoint = checkpoint("damaged", damaged);
    String expected = "expectedSequence=" + entry.sequence() + ",";
    assertThat(LogContents.read(checkpoint).damage())
        .as("seed %d", seed)
        .singleElement()
        .satisfies(found -> assertThat(found).hasMessageContaining(expected));
    if (open) {
      assertThatThrownBy(() -> WriteAheadLog.open(checkpoint, IDENTITY))
          .as("seed %d", seed)
          .isInstanceOf(LogDamagedException.class)
          .hasMessageStartingWith("[LOG_DAMAGED] log must be whole up to its last durable entry")
          .hasMessageContaining("file=" + dataFile(checkpoint, 1))
          .hasMessageContaining(expected)
          .hasMessageContaining("restore the checkpoint from a copy");
    }
  }

  /** A checkpoint whose only segment has this file. */
  private Path checkpoint(String name, byte[] file) throws IOException {
    Path checkpoint = Files.createDirectories(directory.resolve(name));
    for (SegmentDirectory old : SegmentDirectory.list(checkpoint.resolve("wal"))) {
      if (old.firstSequence() != 1) { // that one is overwritten
        old.delete();
      }
    }
    Path data = dataFile(checkpoint, 1);
    Files.createDirectories(CheckpointFiles.parentOf(data));
    Files.write(data, file);
    return checkpoint;
  }

  private static Path dataFile(Path checkpoint, long firstSequence) {
    return SegmentDirectory.of(checkpoint.resolve("wal"), firstSequence).dataFile();
  }

  /** The entries before the first that has not the same bytes as it had. */
  private List<Located> undamaged(byte[] damaged) {
    int count = 0;
    while (count < entries.size() && isUndamaged(entries.get(count), damaged)) {
      count++;
    }
    return entries.subList(0, count);
  }

  private boolean isUndamaged(Located entry, byte[] damaged) {
    int from = (int) entry.position();
    int to = end(entry);
    return to <= damaged.length && Arrays.equals(image, from, to, damaged, from, to);
  }

  private static boolean overlaps(Located entry, int from, int to) {
    return entry.position() < to && end(entry) > from;
  }

  private boolean isRecord(int at) {
    int firstEntry = (int) entries.getFirst().position();
    return at < firstEntry
        ? at >= startRecord() && at < firstEntry
        : entries.stream().anyMatch(entry -> overlaps(entry, at, at + 1));
  }

  /** Where the record before the first entry starts. */
  private int startRecord() {
    byte[] magic = {'M', 'I', 'L', 'L', '-', 'W', 'A', 'L'};
    int at = 0;
    while (!Arrays.equals(image, at, at + 8, magic, 0, 8)) {
      at++;
    }
    return at;
  }

  private static int end(Located entry) {
    return (int) (entry.position() + 40 + entry.payloadBytes());
  }

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }
}
