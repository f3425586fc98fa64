package io.arrowmill.runtime;

import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.PendingFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * A snapshot whose files have their content and are being made durable by a thread of their own,
 * while batches go on. Only when all of them are, {@link #await} gives what the log has to say;
 * what a crash leaves before that, nothing names.
 *
 * <p>Confined to the query's thread; owns the files, and its thread has ended when {@link #close}
 * returns.
 */
final class SnapshotInProgress implements AutoCloseable {
  /** A file and whose state is in it. */
  record Part(int operator, int store, PendingFile file) {}

  private final List<Part> parts;
  private final FutureTask<SnapshotTaken> task;

  /** Starts to make the parts durable, of which this is the owner from now on. */
  SnapshotInProgress(Path checkpoint, long batchId, List<Part> parts) {
    this.parts = List.copyOf(parts);
    this.task = new FutureTask<>(() -> finish(checkpoint, batchId));
    Thread thread = new Thread(task, "arrowmill-snapshot-" + batchId);
    thread.setDaemon(true);
    thread.start();
  }

  private SnapshotTaken finish(Path checkpoint, long batchId) {
    List<WrittenFile> written = new ArrayList<>();
    List<SnapshotFile> files = new ArrayList<>();
    for (Part part : parts) {
      WrittenFile file = part.file().finish();
      written.add(file);
      files.add(
          new SnapshotFile(
              part.operator(), part.store(), file.file(), file.length(), file.crc32c()));
    }
    CheckpointFiles.syncNames(checkpoint, written);
    return new SnapshotTaken(batchId, files);
  }

  /** Whether {@link #await} returns at once. */
  boolean isDone() {
    return task.isDone();
  }

  /**
   * Waits until every file is durable under its name.
   *
   * @throws io.arrowmill.wal.LogWriteException if one can't be
   */
  SnapshotTaken await() {
    return FilesInProgress.get(task);
  }

  @Override
  public void close() {
    try {
      await();
    } catch (RuntimeException _) {
      // Who needs the snapshot has been told; the query ends for a reason of its own.
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }
}
