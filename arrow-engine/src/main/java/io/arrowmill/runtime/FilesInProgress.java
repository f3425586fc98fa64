package io.arrowmill.runtime;

import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import io.arrowmill.wal.PendingFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Files of one commit that have their content. Each is made durable by a thread of its own while
 * others are still written: a disk's sync takes long and no CPU.
 *
 * <p>Owns the files; its threads have ended when {@link #close} returns. Any task may {@link #add};
 * the rest is the query's thread's.
 */
final class FilesInProgress implements AutoCloseable {
  private final Path checkpoint;
  private final List<PendingFile> files = new ArrayList<>();
  private final List<FutureTask<WrittenFile>> syncs = new ArrayList<>();

  /** No files, of a checkpoint. */
  FilesInProgress(Path checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Begins to make a file durable, of which this is the owner from now on. */
  synchronized void add(PendingFile file) {
    files.add(file);
    FutureTask<WrittenFile> sync = new FutureTask<>(file::finish);
    syncs.add(sync);
    Thread thread = new Thread(sync, "arrowmill-sync-" + file.written().file());
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      sync.run(); // it has to end, or nobody could wait for it
    }
  }

  /**
   * Waits until every file is durable under its name.
   *
   * @throws io.arrowmill.wal.LogWriteException if one can't be
   */
  synchronized void await() {
    List<WrittenFile> written = new ArrayList<>();
    for (FutureTask<WrittenFile> sync : syncs) {
      written.add(get(sync));
    }
    CheckpointFiles.syncNames(checkpoint, written);
  }

  /** The result of a task that ends by itself. */
  static <T> T get(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // a disk's sync ends; until then its files are in use
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw new IllegalStateException("file must be written", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public synchronized void close() {
    for (FutureTask<WrittenFile> sync : syncs) {
      try {
        get(sync);
      } catch (RuntimeException _) {
        // Who waited for the files has been told; if nobody did, the commit fails for another
        // reason.
      }
    }
    files.forEach(PendingFile::close);
  }
}
