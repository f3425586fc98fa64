package io.arrowmill.runtime;

import io.arrowmill.operator.Workers;
import io.arrowmill.state.StateStore;
import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import io.arrowmill.wal.LogEntry.StatePayload;
import io.arrowmill.wal.PendingFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes state to the files of one checkpoint. Called by the query's thread. */
final class StateFiles {
  /** Changes up to this size ride in the log's entry; larger ones go to files that it names. */
  private static final long INLINE_BYTES_MAX = 64 * 1024;

  /** A task takes part in writing changes for this many rows. */
  private static final long ROWS_A_TASK = 32_768;

  private final Path checkpoint;
  private final Workers workers;

  StateFiles(Path checkpoint, Workers workers) {
    this.checkpoint = checkpoint;
    this.workers = workers;
  }

  /**
   * The changes of the epoch: in memory where they are small, else in files. No key is in two of
   * them.
   *
   * @param name the files' path below the checkpoint, without an ending
   * @param files gets those files; they are durable once it has been waited for
   */
  List<StatePayload> changes(StateStore store, String name, FilesInProgress files)
      throws IOException {
    long rows = store.changedRows();
    // Every change takes some bytes: many are too large without a look at each.
    boolean few = rows * Long.BYTES <= INLINE_BYTES_MAX;
    if (few && store.changesBytesMax() <= INLINE_BYTES_MAX) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (WritableByteChannel channel = Channels.newChannel(bytes)) {
        store.writeChanges(channel);
      }
      return List.of(new StatePayload.Inline(bytes.toByteArray()));
    }
    int tasks = tasks(store, rows);
    List<WrittenFile> written = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger next = new AtomicInteger();
    workers.run(
        tasks,
        task -> {
          PendingFile file =
              CheckpointFiles.begin(
                  checkpoint,
                  name + "-" + task + ".arrow",
                  channel -> store.writeChanges(next, channel));
          written.add(file.written());
          files.add(file);
        });
    written.sort(Comparator.comparing(WrittenFile::file));
    List<StatePayload> payloads = new ArrayList<>();
    for (WrittenFile file : written) {
      payloads.add(new StatePayload.External(file.file(), file.length(), file.crc32c()));
    }
    return payloads;
  }

  /**
   * Writes everything to files that are not durable yet. No key is in two of them.
   *
   * @param name the files' path below the checkpoint, without an ending
   * @return owned by the caller
   */
  List<PendingFile> snapshot(StateStore store, String name) {
    int tasks = tasks(store, store.size());
    List<PendingFile> files = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger next = new AtomicInteger();
    try {
      workers.run(
          tasks,
          task ->
              files.add(
                  CheckpointFiles.begin(
                      checkpoint,
                      name + "-" + task + ".arrow",
                      channel -> store.writeSnapshot(next, channel))));
      return List.copyOf(files);
    } catch (RuntimeException | Error e) {
      files.forEach(PendingFile::close);
      throw e;
    }
  }

  /** The checkpoint's directory. */
  Path checkpoint() {
    return checkpoint;
  }

  /** How many tasks write. */
  private int tasks(StateStore store, long rows) {
    return store.isWrittenByPartition() ? Math.clamp(rows / ROWS_A_TASK, 1, workers.count()) : 1;
  }

  /** Bytes that a payload takes on disk. */
  static long bytes(StatePayload payload) {
    return switch (payload) {
      case StatePayload.Inline inline -> inline.bytes().length;
      case StatePayload.External file -> file.length();
    };
  }
}
