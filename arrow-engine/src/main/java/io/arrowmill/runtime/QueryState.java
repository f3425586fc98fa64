package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.operator.AggregateColumns;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.StateCounters;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.KeyField;
import io.arrowmill.state.KeyedState;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.types.StructField;
import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import io.arrowmill.wal.RecoveredLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The state of all stateful operators of a query: in memory, and how it gets to the checkpoint and
 * back. Confined to the query's thread, except that tasks of one run share a partition at a time.
 */
final class QueryState implements AutoCloseable {
  /** Changes up to this size ride in the log's entry; larger ones go to a file that it names. */
  private static final long INLINE_BYTES_MAX = 64 * 1024;

  private static final String DIRECTORY = "state";

  /** One operator's state and what the last batch did to it. */
  private static final class OperatorState {
    final AggregatePlan plan;
    final KeyedState groups;
    StateCounters counters = new StateCounters();
    long commitMillis;
    long changedRows;

    OperatorState(AggregatePlan plan, KeyedState groups) {
      this.plan = plan;
      this.groups = groups;
    }
  }

  private final List<OperatorState> operators = new ArrayList<>();
  private final OutputMode mode;
  private final QueryMemory memory;
  private int commitsSinceSnapshot;
  private long changedBytesSinceSnapshot;

  /** Empty state of every stateful operator of {@code plan}. */
  QueryState(PhysicalPlan plan, OutputMode mode, int partitions, QueryMemory memory) {
    this.mode = mode;
    this.memory = memory;
    try {
      create(plan, partitions);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void create(PhysicalPlan plan, int partitions) {
    plan.inputs().forEach(input -> create(input, partitions));
    if (plan instanceof AggregatePlan aggregate && aggregate.operatorId() >= 0) {
      GroupTablePlan tables = AggregateColumns.tablePlan(aggregate);
      List<KeyField> keys = new ArrayList<>();
      for (int i = 0; i < aggregate.keys().size(); i++) {
        Attribute key = aggregate.keys().get(i);
        keys.add(
            new KeyField(
                key.name(), tables.keys().get(i), new StructField(key.name(), key.type(), true)));
      }
      operators.add(
          new OperatorState(
              aggregate,
              new KeyedState(
                  "aggregate " + aggregate.operatorId(),
                  keys,
                  tables,
                  keys.isEmpty() ? 1 : partitions,
                  KeyHash.seeded(System.nanoTime()),
                  memory.source(),
                  memory.allocator())));
    }
  }

  private OperatorState operator(AggregatePlan plan) {
    return operators.stream()
        .filter(operator -> operator.plan.operatorId() == plan.operatorId())
        .findFirst()
        .orElseThrow();
  }

  // ---- one batch

  /** A batch begins: changes from here on are its own. */
  void beginBatch() {
    for (OperatorState operator : operators) {
      operator.counters = new StateCounters();
      operator.groups.beginEpoch();
    }
  }

  /**
   * Whether groups end with the watermark, so that a batch without data can have something to do.
   */
  boolean evicts() {
    return mode != OutputMode.COMPLETE
        && operators.stream().anyMatch(operator -> operator.plan.eviction() != null);
  }

  /** The groups of an aggregation, for one batch. */
  GroupStore groups(AggregatePlan plan, BatchPlanned batch) {
    OperatorState operator = operator(plan);
    boolean hasWatermark = plan.eviction() != null && mode != OutputMode.COMPLETE;
    Emission emission =
        switch (mode) {
          case COMPLETE -> Emission.ALL;
          case UPDATE -> Emission.CHANGED;
          case APPEND -> Emission.ENDED;
        };
    return new GroupStore(
        operator.groups.partitions(),
        operator.groups.hash(),
        memory.source(),
        emission,
        hasWatermark ? batch.previousWatermarkMicros() : Long.MIN_VALUE,
        hasWatermark ? batch.watermarkMicros() : Long.MIN_VALUE,
        operator.counters);
  }

  /** What the batch did to the state, as the progress tells it. */
  List<StateOperatorProgress> progress() {
    List<StateOperatorProgress> progress = new ArrayList<>();
    for (OperatorState operator : operators) {
      StateCounters counters = operator.counters;
      int partitions = operator.groups.partitions().size();
      progress.add(
          new StateOperatorProgress(
              "stateStoreSave",
              operator.groups.size(),
              operator.changedRows,
              TimeUnit.NANOSECONDS.toMillis(counters.updateNanos().sum()),
              counters.rowsRemoved().sum(),
              TimeUnit.NANOSECONDS.toMillis(counters.removalNanos().sum()),
              operator.commitMillis,
              operator.groups.memoryBytes(),
              counters.rowsDroppedLate().sum(),
              partitions,
              partitions,
              Map.of()));
    }
    return progress;
  }

  // ---- to the checkpoint and back

  /** The changes of the batch; large ones are written to files, durable on return. */
  List<StateChange> exportChanges(Path checkpoint, long batchId) throws IOException {
    List<StateChange> changes = new ArrayList<>();
    for (OperatorState operator : operators) {
      operator.changedRows = operator.groups.changedRows();
      if (!operator.groups.hasChanges()) {
        continue;
      }
      long started = System.nanoTime();
      int id = operator.plan.operatorId();
      StatePayload payload = payload(operator.groups, checkpoint, fileName(id, batchId, "changes"));
      changes.add(new StateChange(id, 0, payload));
      operator.commitMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }
    commitsSinceSnapshot++;
    return changes;
  }

  private StatePayload payload(KeyedState groups, Path checkpoint, String file) throws IOException {
    // Every change takes some bytes: many are too large without a look at each.
    boolean few = groups.changedRows() * Long.BYTES <= INLINE_BYTES_MAX;
    if (few && groups.changesBytesMax() <= INLINE_BYTES_MAX) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (WritableByteChannel channel = Channels.newChannel(bytes)) {
        changedBytesSinceSnapshot += groups.writeChanges(channel);
      }
      return new StatePayload.Inline(bytes.toByteArray());
    }
    WrittenFile written = CheckpointFiles.writeDurably(checkpoint, file, groups::writeChanges);
    changedBytesSinceSnapshot += written.length();
    return new StatePayload.External(written.file(), written.length(), written.crc32c());
  }

  private static String fileName(int operator, long batchId, String kind) {
    return DIRECTORY + "/operator-" + operator + "-batch-" + batchId + "." + kind + ".arrow";
  }

  /**
   * Writes the whole state, if enough has changed since the last time, and drops what is not needed
   * any more.
   */
  void snapshotIfDue(QueryCheckpoint checkpoint, Path directory, long batchId, RuntimeConf conf)
      throws IOException {
    long deltas = Math.max(1, conf.getLong(RuntimeConf.SNAPSHOT_DELTAS));
    long held = operators.stream().mapToLong(operator -> operator.groups.memoryBytes()).sum();
    boolean manyCommits = commitsSinceSnapshot >= 10 * deltas;
    boolean muchChanged = commitsSinceSnapshot >= deltas && changedBytesSinceSnapshot >= held / 2;
    if (!manyCommits && !muchChanged) {
      return;
    }
    List<SnapshotFile> files = new ArrayList<>();
    for (OperatorState operator : operators) {
      int id = operator.plan.operatorId();
      WrittenFile written =
          CheckpointFiles.writeDurably(
              directory, fileName(id, batchId, "snapshot"), operator.groups::writeSnapshot);
      files.add(new SnapshotFile(id, 0, written.file(), written.length(), written.crc32c()));
    }
    checkpoint.log().append(new SnapshotTaken(batchId, files));
    checkpoint.log().sync();
    checkpoint.log().truncateBefore(batchId);
    deleteBefore(directory, batchId, files);
    commitsSinceSnapshot = 0;
    changedBytesSinceSnapshot = 0;
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
  void restore(Path checkpoint, RecoveredLog log) throws IOException {
    SnapshotTaken snapshot = log.snapshot();
    if (snapshot != null) {
      for (SnapshotFile file : snapshot.files()) {
        apply(checkpoint, file.operator(), file.file(), file.length(), file.crc32c());
      }
    }
    // Counted as if they had been made now: a query that dies often must take snapshots too.
    commitsSinceSnapshot = log.committedAfterSnapshot().size();
    for (BatchCommitted commit : log.committedAfterSnapshot()) {
      for (StateChange change : commit.changes()) {
        switch (change.payload()) {
          case StatePayload.Inline inline -> {
            try (ReadableByteChannel channel =
                Channels.newChannel(new ByteArrayInputStream(inline.bytes()))) {
              groups(change.operator()).apply(channel);
            }
          }
          case StatePayload.External file ->
              apply(checkpoint, change.operator(), file.file(), file.length(), file.crc32c());
        }
      }
    }
  }

  private void apply(Path checkpoint, int operator, String name, long length, int crc32c)
      throws IOException {
    Path file = checkpoint.resolve(name);
    CheckpointFiles.verify(file, length, crc32c);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      groups(operator).apply(channel);
    }
  }

  private KeyedState groups(int operatorId) {
    return operators.stream()
        .filter(operator -> operator.plan.operatorId() == operatorId)
        .findFirst()
        .orElseThrow(() ->
            new ArrowmillException(
                "CHECKPOINT_OF_ANOTHER_QUERY",
                "checkpointed state must belong to an operator of the query: operator="
                    + operatorId))
        .groups;
  }

  @Override
  public void close() {
    operators.forEach(operator -> operator.groups.close());
    operators.clear();
  }
}
