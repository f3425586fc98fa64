package io.arrowmill.benchmarks.state;

import io.arrowmill.Session;
import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.streaming.ArrowStream;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A deduplication of distinct keys of 16 bytes. Used once, by one thread. */
final class KeysHeld {
  private static final int KEY_BYTES = 16;
  private static final int BATCH_ROWS = 50_000;
  private static final long STEP_ROWS = 2_000_000;
  private static final int CHANGES = 5;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // odd: no two keys become the same
  private static final Schema SCHEMA =
      new Schema(List.of(Field.nullable("key", new ArrowType.Binary())));

  private final Session session;
  private final ArrowStream stream;
  private final Path checkpoint;
  private long next;

  private KeysHeld(Session session, Path checkpoint) {
    this.session = session;
    this.stream = ArrowStream.of(session, SCHEMA);
    this.checkpoint = checkpoint;
  }

  /** Measures state of {@code keys} keys, with a checkpoint below {@code target}. */
  static StateCost measure(Path target, long keys, int changes) throws IOException {
    Path checkpoint = Files.createTempDirectory(target, "state-");
    try (Session session = Session.builder().appName("benchmark").getOrCreate()) {
      return new KeysHeld(session, checkpoint).measure(keys, changes);
    } finally {
      try (Stream<Path> files = Files.walk(checkpoint)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private StateCost measure(long keys, int changes) throws IOException {
    StreamingQuery query = start();
    long started = System.nanoTime();
    while (next < keys) {
      add(query, Math.min(STEP_ROWS, keys - next));
    }
    long fillNanos = System.nanoTime() - started;
    long bytesHeld = state(query).memoryUsedBytes();
    long commitMillis = Long.MAX_VALUE;
    long changesBytes = 0;
    for (int i = 0; i < CHANGES; i++) {
      add(query, changes);
      commitMillis = Math.min(commitMillis, state(query).commitTimeMs());
      changesBytes = changesBytes(progress(query).batchId());
    }
    query.stop();
    check(query);
    started = System.nanoTime();
    StreamingQuery again = start();
    add(again, 1);
    long restartNanos = System.nanoTime() - started;
    check(again);
    again.stop();
    return new StateCost(
        bytesHeld,
        fillNanos,
        changesBytes,
        TimeUnit.MILLISECONDS.toNanos(commitMillis),
        restartNanos);
  }

  private StreamingQuery start() {
    return stream
        .toDF()
        .dropDuplicates("key")
        .writeStream()
        .format("noop")
        .option("checkpointLocation", checkpoint.toString())
        .start();
  }

  /** Adds so many new keys and waits until they are committed. */
  private void add(StreamingQuery query, long count) {
    long end = next + count;
    while (next < end) {
      int rows = (int) Math.min(BATCH_ROWS, end - next);
      try (VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, session.allocator())) {
        VarBinaryVector vector = (VarBinaryVector) root.getVector("key");
        vector.allocateNew((long) KEY_BYTES * rows, rows);
        byte[] key = new byte[KEY_BYTES];
        for (int row = 0; row < rows; row++) {
          ByteBuffer.wrap(key).putLong(next * SPREAD).putLong(Long.reverse(next));
          vector.setSafe(row, key);
          next++;
        }
        root.setRowCount(rows);
        stream.append(root);
      }
    }
    query.processAllAvailable();
  }

  private void check(StreamingQuery query) {
    long held = state(query).numRowsTotal();
    if (held != next) {
      throw new BenchmarkException(
          "every key must be held: keys=" + next + ", held=" + held + "; nothing is shown");
    }
  }

  private static StreamingQueryProgress progress(StreamingQuery query) {
    return Objects.requireNonNull(query.lastProgress());
  }

  private static StateOperatorProgress state(StreamingQuery query) {
    return progress(query).stateOperators().getFirst();
  }

  private long changesBytes(long batchId) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(checkpoint)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().contains("-batch-" + batchId + ".changes")) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }
}
