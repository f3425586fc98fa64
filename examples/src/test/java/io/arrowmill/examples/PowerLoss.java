package io.arrowmill.examples;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does to the checkpoint of a killed query what a power failure could have done as well: takes away
 * the newest entry of the log, or a part of it, and sometimes the commit before a plan that shared
 * its sync. All entries before are durable, and so is a commit whose output has begun to be
 * published. What sources remember is durable before the first plan: as long as there is none, it
 * is taken away.
 */
final class PowerLoss {
  private static final byte[] MAGIC = "MILL-WAL".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 40;
  private static final int KIND_OFFSET = 8 + 2;
  private static final int LENGTH_OFFSET = 8 + 4;
  private static final int SEQUENCE_OFFSET = 8 + 8;
  private static final int SYNCED_THROUGH_OFFSET = 8 + 16;
  private static final short PLANNED = 2;
  private static final short COMMITTED = 3;

  private PowerLoss() {}

  /** Damages the log; false if everything in it had been durable. */
  static boolean strike(Path checkpoint, Path output, Random random) throws IOException {
    Path segment = newestSegment(checkpoint.resolve("wal"));
    if (segment == null) {
      return false;
    }
    byte[] bytes = Files.readAllBytes(segment);
    int newest = lastRecord(bytes, bytes.length);
    if (newest < 0) {
      return takeSources(checkpoint, random);
    }
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean damageable = kind(record, newest) == PLANNED || isUnpublished(record, newest, output);
    if (!damageable) {
      return false;
    }
    int end = Math.min(bytes.length, newest + HEADER_BYTES + record.getInt(newest + LENGTH_OFFSET));
    int before = lastRecord(bytes, newest);
    boolean sharedSync =
        before >= 0
            && record.getLong(newest + SYNCED_THROUGH_OFFSET)
                < record.getLong(before + SEQUENCE_OFFSET);
    if (sharedSync && isUnpublished(record, before, output) && random.nextBoolean()) {
      newest = before;
    }
    int document = newest - 4; // the queue's own header of the record
    int from = document + random.nextInt(end - document);
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      switch (random.nextInt(3)) {
        case 0 -> file.setLength(from);
        case 1 -> {
          file.seek(from);
          file.write(new byte[bytes.length - from]);
        }
        default -> {
          byte[] garbage = new byte[end - from];
          random.nextBytes(garbage);
          file.seek(from);
          file.write(garbage);
        }
      }
    }
    return true;
  }

  /** Takes away what sources remember, if no plan needs it yet: with their directories, or not. */
  private static boolean takeSources(Path checkpoint, Random random) throws IOException {
    Path sources = checkpoint.resolve("sources");
    if (!Files.isDirectory(sources) || segments(checkpoint.resolve("wal")).size() > 1) {
      return false;
    }
    boolean filesOnly = random.nextBoolean();
    try (Stream<Path> paths = Files.walk(sources)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!filesOnly || Files.isRegularFile(path)) {
          Files.delete(path);
        }
      }
    }
    return true;
  }

  private static List<Path> segments(Path wal) throws IOException {
    if (!Files.isDirectory(wal)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(wal)) {
      return children.filter(child -> child.getFileName().toString().matches("\\d{20}")).toList();
    }
  }

  private static @Nullable Path newestSegment(Path wal) throws IOException {
    Path newest = segments(wal).stream().max(Path::compareTo).orElse(null);
    Path file = newest == null ? null : newest.resolve("19700101.cq4");
    return file != null && Files.exists(file) ? file : null;
  }

  /**
   * Where the last record of a segment before {@code limit} begins; -1 if there is none but the
   * segment's own.
   */
  private static int lastRecord(byte[] bytes, int limit) {
    int last = -1;
    int count = 0;
    for (int at = 0; at + HEADER_BYTES <= bytes.length && at < limit; at += 4) {
      if (Arrays.mismatch(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length) < 0) {
        last = at;
        count++;
      }
    }
    return count < 2 ? -1 : last;
  }

  private static short kind(ByteBuffer log, int record) {
    return log.getShort(record + KIND_OFFSET);
  }

  /** Whether a record is the commit of a batch that still has all its files where it was staged. */
  private static boolean isUnpublished(ByteBuffer log, int record, Path output) throws IOException {
    if (kind(log, record) != COMMITTED) {
      return false;
    }
    Path batch = staged(output, log.getLong(record + HEADER_BYTES));
    if (batch == null) {
      return false;
    }
    Path manifest = batch.resolve("_manifest");
    if (!Files.exists(manifest)) {
      return false;
    }
    return Files.readString(manifest, StandardCharsets.UTF_8)
        .lines()
        .filter(name -> name.contains("part-"))
        .allMatch(name -> Files.exists(batch.resolve(name)));
  }

  /** Where the output's only query has staged a batch. */
  private static @Nullable Path staged(Path output, long batch) throws IOException {
    try (Stream<Path> children = Files.list(output)) {
      return children
          .filter(child -> child.getFileName().toString().startsWith("_staging-"))
          .map(staging -> staging.resolve(Long.toString(batch)))
          .filter(Files::isDirectory)
          .findFirst()
          .orElse(null);
    }
  }
}
