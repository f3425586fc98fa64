package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.CheckpointIdentity;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.RecoveredLog;
import io.arrowmill.wal.WriteAheadLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The open checkpoint of a query: its log, whose it is, and what it held when it was opened. */
final class QueryCheckpoint implements AutoCloseable {
  private static final int FORMAT_VERSION = 1;

  private final QueryDefinition definition;
  private final WriteAheadLog log;
  private final int partitions;

  private QueryCheckpoint(QueryDefinition definition, WriteAheadLog log, int partitions) {
    this.definition = definition;
    this.log = log;
    this.partitions = partitions;
  }

  /**
   * Opens the checkpoint of a query, or makes it.
   *
   * @throws ArrowmillException with condition {@code CHECKPOINT_OF_ANOTHER_QUERY} if what the log
   *     remembers of the query does not fit this one
   */
  static QueryCheckpoint open(QueryDefinition definition, PhysicalPlan plan, RuntimeConf conf) {
    String fingerprint = fingerprint(plan);
    long wanted = conf.getLong(RuntimeConf.SHUFFLE_PARTITIONS);
    long partitions = Math.clamp(wanted, 1, 4_096);
    CheckpointIdentity identity =
        new CheckpointIdentity(
            UUID.randomUUID(),
            fingerprint,
            Map.of(RuntimeConf.SHUFFLE_PARTITIONS.key(), Long.toString(partitions)),
            FORMAT_VERSION);
    WriteAheadLog log = WriteAheadLog.open(definition.checkpoint(), identity);
    try {
      CheckpointIdentity known = log.identity();
      if (!known.planFingerprint().equals(fingerprint)) {
        refuseChangedState(known.planFingerprint(), fingerprint);
        throw new ArrowmillException(
            "CHECKPOINT_OF_ANOTHER_QUERY",
            "checkpoint must be of this query: checkpoint="
                + definition.checkpoint()
                + ", queryId="
                + known.queryId()
                + ", checkpointed="
                + known.planFingerprint()
                + ", started="
                + fingerprint
                + "; sources, keys, aggregates and overlapping windows must stay as they are; start"
                + " a changed query with a checkpoint of its own");
      }
      for (int i = 0; i < QuerySources.scans(plan).size(); i++) {
        CheckpointFiles.createDirectory(definition.checkpoint(), QuerySources.directory(i));
      }
      String pinned = known.pinnedConf().get(RuntimeConf.SHUFFLE_PARTITIONS.key());
      return new QueryCheckpoint(definition, log, Integer.parseInt(pinned == null ? "1" : pinned));
    } catch (RuntimeException | Error e) {
      log.close();
      throw e;
    }
  }

  /**
   * Says which operator's state has changed, where nothing else has.
   *
   * @throws ArrowmillException with condition {@code STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE}
   */
  private static void refuseChangedState(String checkpointed, String started) {
    List<String> before = List.of(checkpointed.split("; ", -1));
    List<String> now = List.of(started.split("; ", -1));
    for (int i = 0; i < now.size() && before.size() == now.size(); i++) {
      int stateBefore = before.get(i).indexOf(StatefulPlan.STATE_COLUMNS);
      int stateNow = now.get(i).indexOf(StatefulPlan.STATE_COLUMNS);
      if (!before.get(i).equals(now.get(i))
          && stateNow >= 0
          && stateBefore == stateNow
          && before.get(i).substring(0, stateBefore).equals(now.get(i).substring(0, stateNow))) {
        throw new ArrowmillException(
            "STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE",
            "state must be of the class that it was of when it was kept: operator="
                + now.get(i).substring(0, now.get(i).indexOf('='))
                + ", checkpointed="
                + before.get(i).substring(stateBefore + 1)
                + ", started="
                + now.get(i).substring(stateNow + 1)
                + "; change the class back, or start with a new checkpoint and the old state as"
                + " initial state");
      }
    }
  }

  /** What must not change between runs: sources and stateful operators. */
  private static String fingerprint(PhysicalPlan plan) {
    StringJoiner text = new StringJoiner("; ");
    for (ScanPlan scan : QuerySources.scans(plan)) {
      String path = scan.source().option("path");
      text.add("source=" + scan.source().format() + (path == null ? "" : " " + absolute(path)));
    }
    addOperators(plan, text);
    return text.toString();
  }

  /** The path as it is from any working directory. */
  private static String absolute(String path) {
    String local = path.startsWith("file:") ? URI.create(path).getPath() : path;
    return Path.of(local).toAbsolutePath().normalize().toString();
  }

  private static void addOperators(PhysicalPlan plan, StringJoiner text) {
    plan.inputs().forEach(input -> addOperators(input, text));
    if (plan instanceof StatefulPlan operator && operator.operatorId() != StatefulPlan.BOUNDED) {
      text.add(operator.fingerprint());
    }
  }

  UUID queryId() {
    return log.identity().queryId();
  }

  WriteAheadLog log() {
    return log;
  }

  /** Partitions of keyed state, as when the checkpoint was made. */
  int partitions() {
    return partitions;
  }

  RecoveredLog recovered() {
    return log.recovered();
  }

  /** The newest batch that was committed when the checkpoint was opened, or -1. */
  long lastCommittedBatch() {
    BatchCommitted commit = recovered().lastCommitted();
    SnapshotTaken snapshot = recovered().snapshot();
    long committed = commit == null ? -1 : commit.batchId();
    return snapshot == null ? committed : Math.max(committed, snapshot.batchId());
  }

  /** The watermark after the newest committed batch. */
  long committedWatermark() {
    BatchCommitted commit = recovered().lastCommitted();
    return commit == null ? 0 : commit.nextWatermarkMicros();
  }

  /** What the newest committed batch kept of its sources. */
  Map<String, String> committedSourceState() {
    BatchCommitted commit = recovered().lastCommitted();
    return commit == null ? Map.of() : commit.sourceState();
  }

  /** The plan of a batch that was in the log when the checkpoint was opened, or null. */
  @Nullable BatchPlanned planOf(long batchId) {
    List<BatchPlanned> planned = recovered().planned();
    return planned.stream().filter(plan -> plan.batchId() == batchId).findFirst().orElse(null);
  }

  @Override
  public void close() {
    log.close();
    if (definition.checkpointIsTemporary()) {
      deleteAll(definition.checkpoint());
    }
  }

  private static void deleteAll(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("temporary checkpoint must be deletable: " + directory, e);
    }
  }
}
