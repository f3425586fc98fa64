package io.arrowmill.wal;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Entries that tests write. */
final class Entries {

  static final CheckpointIdentity IDENTITY =
      new CheckpointIdentity(new UUID(1, 2), "sources: rate", Map.of("partitions", "8"), 1);

  private Entries() {}

  static BatchPlanned plan(long batchId) {
    return new BatchPlanned(
        batchId,
        1_700_000_000_000L + batchId,
        LogEntry.NO_WATERMARK,
        LogEntry.NO_WATERMARK,
        List.of(new SourceRange(0, "" + batchId, "" + (batchId + 1))));
  }

  /** A commit whose one change has {@code byteCount} pseudo-random bytes, none of them zero. */
  static BatchCommitted commit(long batchId, int byteCount) {
    byte[] bytes = new byte[byteCount];
    Random random = new Random(batchId);
    for (int i = 0; i < byteCount; i++) {
      bytes[i] = (byte) (1 + random.nextInt(255));
    }
    StateChange change = new StateChange(0, 3, new StatePayload.Inline(bytes));
    return new BatchCommitted(batchId, 7, List.of(change), Map.of());
  }

  static SnapshotTaken snapshot(long batchId) {
    return new SnapshotTaken(batchId, List.of());
  }

  /** Any entry: every component of it is drawn. */
  static LogEntry random(Random random) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new BatchPlanned(
              random.nextLong(),
              random.nextLong(),
              random.nextLong(),
              random.nextLong(),
              list(random, () -> range(random)));
      case 1 ->
          new BatchCommitted(
              random.nextLong(),
              random.nextLong(),
              list(random, () -> change(random)),
              texts(random));
      default ->
          new SnapshotTaken(
              random.nextLong(),
              list(
                  random,
                  () ->
                      new SnapshotFile(
                          random.nextInt(),
                          random.nextInt(),
                          "state/" + random.nextInt(),
                          random.nextLong(),
                          random.nextInt())));
    };
  }

  private static SourceRange range(Random random) {
    return new SourceRange(random.nextInt(), nullableText(random), nullableText(random));
  }

  private static StateChange change(Random random) {
    byte[] bytes = new byte[random.nextInt(70)];
    random.nextBytes(bytes);
    StatePayload payload =
        random.nextBoolean()
            ? new StatePayload.Inline(bytes)
            : new StatePayload.External(
                "state/" + random.nextInt(), random.nextLong(), random.nextInt());
    return new StateChange(random.nextInt(), random.nextInt(), payload);
  }

  private static Map<String, String> texts(Random random) {
    Map<String, String> texts = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      texts.put(text(random), text(random));
    }
    return texts;
  }

  private static @Nullable String nullableText(Random random) {
    return random.nextInt(3) == 0 ? null : text(random);
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(9), 0, Character.MIN_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .append(random.nextBoolean() ? "😀" : "")
        .toString();
  }

  private static <T> List<T> list(Random random, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(element.get());
    }
    return elements;
  }
}
