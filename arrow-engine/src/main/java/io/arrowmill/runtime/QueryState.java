package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import io.arrowmill.kernel.KernelSettings;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.JoinStore;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.operator.StreamJoinPlan;
import io.arrowmill.operator.Workers;
import io.arrowmill.state.StateStore;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import io.arrowmill.wal.PendingFile;
import io.arrowmill.wal.RecoveredLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of all stateful operators of a query: in memory, and how it gets to the checkpoint and
 * back. Confined to the query's thread, except that tasks of one run share a partition at a time.
 */
final class QueryState implements AutoCloseable {
  /** A file of state of this size is read by several tasks. */
  private static final long SHARED_BYTES_MIN = 1 << 20;

  private static final String DIRECTORY = "state";
  private static final Logger LOG = LoggerFactory.getLogger(QueryState.class);

  private final List<OperatorState> operators = new ArrayList<>();
  private final PhysicalPlan plan;
  private final OutputMode mode;
  private final QueryMemory memory;
  private final KernelSettings kernels;
  private OperatorWatermarks lateBy;
  private OperatorWatermarks endBy;
  private int commitsSinceSnapshot;
  private long changedBytesSinceSnapshot;
  private @Nullable SnapshotInProgress snapshot;

  /** Empty state of every stateful operator of {@code plan}. */
  QueryState(
      PhysicalPlan plan,
      OutputMode mode,
      int partitions,
      QueryMemory memory,
      KernelSettings kernels) {
    this.plan = plan;
    this.kernels = kernels;
    this.mode = mode;
    this.memory = memory;
    this.lateBy = OperatorWatermarks.of(plan, 0);
    this.endBy = lateBy;
    try {
      create(plan, partitions);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void create(PhysicalPlan node, int partitions) {
    // From the sink to the sources: the order in which progress lists them.
    if (node instanceof StatefulPlan operator && operator.operatorId() != StatefulPlan.BOUNDED) {
      operators.add(new OperatorState(operator, partitions, memory, kernels.newKeyHash()));
    }
    node.inputs().forEach(input -> create(input, partitions));
  }

  /** Says once, at the start, which state can grow without end, and how to bound it. */
  void warnOfGrowth(String query) {
    for (OperatorState operator : operators) {
      String remedy = operator.plan().unbounded(mode);
      if (remedy != null) {
        LOG.warn(
            "state can grow without bound: query={}, operator={}, plan={}; {}",
            query,
            operator.plan().operatorName(),
            operator.plan().describe(),
            remedy);
      }
    }
  }

  private OperatorState operator(int id) {
    for (OperatorState operator : operators) {
      if (operator.plan().operatorId() == id) {
        return operator;
      }
    }
    throw new ArrowmillException(
        "CHECKPOINT_OF_ANOTHER_QUERY",
        "checkpointed state must belong to an operator of the query: operator=" + id);
  }

  // ---- one batch

  /** A batch begins: changes from here on are its own. */
  void beginBatch(BatchPlanned batch) {
    lateBy = OperatorWatermarks.of(plan, batch.previousWatermarkMicros());
    endBy = OperatorWatermarks.of(plan, batch.watermarkMicros());
    operators.forEach(OperatorState::beginBatch);
  }

  /**
   * Whether an operator would do something without new rows, were the query's watermark not {@code
   * beforeMicros} any more but {@code nowMicros}.
   */
  boolean runsWithoutData(long beforeMicros, long nowMicros) {
    OperatorWatermarks before = OperatorWatermarks.of(plan, beforeMicros);
    OperatorWatermarks now = OperatorWatermarks.of(plan, nowMicros);
    return operators.stream()
        .map(OperatorState::plan)
        .anyMatch(
            operator -> operator.runsOnWatermark(mode) && now.at(operator) > before.at(operator));
  }

  /** Whether an operator has something to do at a time, without new rows. */
  boolean isDue(long nowMillis) {
    return operators.stream().anyMatch(operator -> operator.isDue(nowMillis));
  }

  /** The watermark by which rows are late for an operator, in the batch that has begun. */
  long lateBy(StatefulPlan operator) {
    return lateBy.at(operator);
  }

  /** The first operator with state that a watermark operator's rows come to, or null. */
  @Nullable StatefulPlan behind(int watermark) {
    return behind(watermark, plan, null);
  }

  /** Rows that count as late before they reach an operator. */
  void countLate(StatefulPlan operator, int rows) {
    operator(operator.operatorId()).countLate(rows);
  }

  private static @Nullable StatefulPlan behind(
      int watermark, PhysicalPlan node, @Nullable StatefulPlan nearest) {
    if (node instanceof WatermarkPlan found && found.index() == watermark) {
      return nearest;
    }
    StatefulPlan next =
        node instanceof StatefulPlan operator && operator.operatorId() != StatefulPlan.BOUNDED
            ? operator
            : nearest;
    for (PhysicalPlan input : node.inputs()) {
      StatefulPlan found = behind(watermark, input, next);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** A store of an operator, for the batch that has begun. */
  GroupStore store(StatefulPlan operator, int number) {
    return operator(operator.operatorId())
        .store(number, mode, lateBy.at(operator), endBy.at(operator));
  }

  /** What a join of two streams keeps, for the batch that has begun. */
  JoinStore joinStore(StreamJoinPlan join) {
    return operator(join.operatorId()).joinStore(lateBy.at(join), endBy.at(join));
  }

  /** What the batch did to the state, as the progress tells it. */
  List<StateOperatorProgress> progress() {
    return operators.stream().map(OperatorState::progress).toList();
  }

  // ---- to the checkpoint and back

  /**
   * The changes of the batch; large ones are written to files, durable on return.
   *
   * @param meanwhile run while files are being made durable; must not fail
   */
  List<StateChange> exportChanges(StateFiles files, long batchId, Runnable meanwhile)
      throws IOException {
    List<StateChange> changes = new ArrayList<>();
    try (FilesInProgress written = new FilesInProgress(files.checkpoint())) {
      for (OperatorState operator : operators) {
        operator.endBatch();
        long started = System.nanoTime();
        int id = operator.plan().operatorId();
        for (int number = 0; number < operator.stores().size(); number++) {
          StateStore store = operator.stores().get(number);
          if (store.hasChanges()) {
            String name = fileName(id, number, batchId, "changes");
            for (StatePayload payload : files.changes(store, name, written)) {
              changes.add(new StateChange(id, number, payload));
              changedBytesSinceSnapshot += StateFiles.bytes(payload);
            }
          }
        }
        operator.commitTook(System.nanoTime() - started);
      }
      meanwhile.run();
      long started = System.nanoTime();
      written.await();
      long waited = System.nanoTime() - started;
      operators.forEach(operator -> operator.commitTook(waited));
    }
    commitsSinceSnapshot++;
    return changes;
  }

  private static String fileName(int operator, int store, long batchId, String kind) {
    String name = "operator-" + operator + (store == 0 ? "" : "-store-" + store);
    return DIRECTORY + "/" + name + "-batch-" + batchId + "." + kind;
  }

  /**
   * Begins to write the whole state, if enough has changed since the last time; has the log name
   * what an earlier call began, once it is durable, and drops what is not needed any more then.
   */
  void snapshotIfDue(QueryCheckpoint checkpoint, StateFiles files, long batchId, RuntimeConf conf)
      throws IOException {
    if (snapshot != null && !snapshot.isDone()) {
      return;
    }
    finishSnapshot(checkpoint, files);
    long deltas = Math.max(1, conf.getLong(RuntimeConf.SNAPSHOT_DELTAS));
    long held = operators.stream().mapToLong(OperatorState::memoryBytes).sum();
    boolean manyCommits = commitsSinceSnapshot >= 10 * deltas;
    boolean muchChanged = commitsSinceSnapshot >= deltas && changedBytesSinceSnapshot >= held / 2;
    if (manyCommits || muchChanged) {
      boolean overdue = commitsSinceSnapshot >= 20 * deltas; // runs end before theirs are done
      snapshot = beginSnapshot(files, batchId);
      commitsSinceSnapshot = 0;
      changedBytesSinceSnapshot = 0;
      if (overdue) {
        finishSnapshot(checkpoint, files);
      }
    }
  }

  private SnapshotInProgress beginSnapshot(StateFiles files, long batchId) {
    List<SnapshotInProgress.Part> parts = new ArrayList<>();
    try {
      for (OperatorState operator : operators) {
        int id = operator.plan().operatorId();
        for (int number = 0; number < operator.stores().size(); number++) {
          String name = fileName(id, number, batchId, "snapshot");
          for (PendingFile file : files.snapshot(operator.stores().get(number), name)) {
            parts.add(new SnapshotInProgress.Part(id, number, file));
          }
        }
      }
      return new SnapshotInProgress(files.checkpoint(), batchId, parts);
    } catch (RuntimeException | Error e) {
      parts.forEach(part -> part.file().close());
      throw e;
    }
  }

  /** Waits for the snapshot that was begun, if one was, and has the log name it. */
  void finishSnapshot(QueryCheckpoint checkpoint, StateFiles files) throws IOException {
    SnapshotInProgress begun = snapshot;
    if (begun == null) {
      return;
    }
    SnapshotTaken taken = begun.await();
    snapshot = null;
    checkpoint.log().append(taken);
    checkpoint.log().sync();
    checkpoint.log().truncateBefore(taken.batchId());
    deleteBefore(files.checkpoint(), taken.batchId(), taken.files());
  }

  /** Deletes state files that the snapshot of {@code batchId} has made useless. */
  private static void deleteBefore(Path checkpoint, long batchId, List<SnapshotFile> kept)
      throws IOException {
    Path directory = checkpoint.resolve(DIRECTORY);
    if (!Files.isDirectory(directory)) {
      return;
    }
    Set<String> names = new TreeSet<>();
    kept.forEach(file -> names.add(file.file()));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        int start = name.indexOf("-batch-");
        int end = name.indexOf('.');
        if (start < 0 || end < start || names.contains(DIRECTORY + "/" + name)) {
          continue;
        }
        if (Long.parseLong(name.substring(start + "-batch-".length(), end)) <= batchId) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Rebuilds the state as it was after the newest committed batch. */
  void restore(Path checkpoint, RecoveredLog log, Workers workers) throws IOException {
    SnapshotTaken taken = log.snapshot();
    if (taken != null) {
      for (SnapshotFile file : taken.files()) {
        StateStore store = store(file.operator(), file.partition());
        apply(checkpoint, store, new StateFile(file.file(), file.length(), file.crc32c()), workers);
      }
    }
    // Counted as if they had been made now: a query that dies often must take snapshots too.
    commitsSinceSnapshot = log.committedAfterSnapshot().size();
    for (BatchCommitted commit : log.committedAfterSnapshot()) {
      for (StateChange change : commit.changes()) {
        StateStore store = store(change.operator(), change.partition());
        changedBytesSinceSnapshot += StateFiles.bytes(change.payload());
        switch (change.payload()) {
          case StatePayload.Inline inline -> {
            try (ReadableByteChannel channel =
                Channels.newChannel(new ByteArrayInputStream(inline.bytes()))) {
              store.apply(channel);
            }
          }
          case StatePayload.External file ->
              apply(
                  checkpoint,
                  store,
                  new StateFile(file.file(), file.length(), file.crc32c()),
                  workers);
        }
      }
    }
  }

  private record StateFile(String name, long length, int crc32c) {}

  /** Reads a file, each task the rows of its share of the partitions: what takes time is those. */
  private static void apply(Path checkpoint, StateStore store, StateFile read, Workers workers)
      throws IOException {
    Path file = checkpoint.resolve(read.name());
    CheckpointFiles.verify(file, read.length(), read.crc32c());
    boolean isLarge = read.length() >= SHARED_BYTES_MIN;
    int tasks = store.isReadByShare() && isLarge ? workers.count() : 1;
    workers.run(
        tasks,
        task -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            store.apply(channel, new StateStore.Share(task, tasks));
          }
        });
  }

  private StateStore store(int operatorId, int number) {
    List<StateStore> stores = operator(operatorId).stores();
    if (number >= stores.size()) {
      throw new ArrowmillException(
          "CHECKPOINT_OF_ANOTHER_QUERY",
          "checkpointed state must belong to a store of the operator: operator="
              + operatorId
              + ", store="
              + number
              + ", stores="
              + stores.size());
    }
    return stores.get(number);
  }

  @Override
  public void close() {
    if (snapshot != null) {
      snapshot.close();
      snapshot = null;
    }
    operators.forEach(OperatorState::close);
    operators.clear();
  }
}
