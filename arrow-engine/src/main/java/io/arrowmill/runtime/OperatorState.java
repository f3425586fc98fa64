package io.arrowmill.runtime;

import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.operator.AggregateColumns;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.operator.JoinStore;
import io.arrowmill.operator.PaneKeys;
import io.arrowmill.operator.StateCounters;
import io.arrowmill.operator.StateStorePlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.KeyField;
import io.arrowmill.state.KeyedState;
import io.arrowmill.state.MemoryShare;
import io.arrowmill.state.StateStore;
import io.arrowmill.state.join.StoredSide;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The state of one operator and what the last batch did to it. Confined to the query's thread,
 * except that tasks of one run share a partition at a time.
 */
final class OperatorState implements AutoCloseable {
  private final StatefulPlan plan;
  private final MemoryShare memory;
  private final List<StateStore> stores = new ArrayList<>();

  /** Of each partition, if the operator keeps panes: rows of state are windows then. */
  private final List<PaneKeys> panes = new ArrayList<>();

  private final KeyHash hash;
  private StateCounters counters = new StateCounters();
  private long commitMillis;
  private long changedRows;
  private boolean hasRun;

  /** Empty state. */
  OperatorState(StatefulPlan plan, int partitions, QueryMemory memory, KeyHash hash) {
    this.plan = plan;
    this.hash = hash;
    this.memory = memory.operator(plan.describe());
    try {
      for (StateStorePlan store : plan.stores()) {
        stores.add(
            switch (store) {
              case StateStorePlan.Keyed keyed -> keyedState(keyed, partitions);
              case StateStorePlan.Rows rows -> storedSide(rows, partitions);
            });
      }
      if (stores.getFirst() instanceof KeyedState keyed) {
        panes.addAll(PaneKeys.of(plan, keyed.partitions(), keyed.hash(), memory.source()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private KeyedState keyedState(StateStorePlan.Keyed store, int partitions) {
    List<KeyField> keys = new ArrayList<>();
    for (int i = 0; i < store.keys().size(); i++) {
      Attribute key = store.keys().get(i);
      keys.add(
          new KeyField(
              key.name(),
              store.tables().keys().get(i),
              new StructField(key.name(), key.type(), true)));
    }
    try (Parts parts = new Parts()) {
      KeyedState state =
          parts.add(
              new KeyedState(
                  plan.operatorName() + " " + plan.operatorId() + " " + store.name(),
                  keys,
                  store.tables(),
                  store.partitionKeys(),
                  keys.isEmpty() ? 1 : partitions,
                  hash,
                  memory.source(),
                  memory.allocator()));
      if (store.isSet()) {
        state.keepAsSets();
      }
      parts.complete();
      return state;
    }
  }

  /** A side of a join; the second shares the first one's partitions and index. */
  private StoredSide storedSide(StateStorePlan.Rows store, int partitions) {
    if (!stores.isEmpty() && stores.getFirst() instanceof StoredSide first) {
      return first.other(store.columns());
    }
    return new StoredSide(
        store.columns(),
        store.keys().stream().map(key -> AggregateColumns.kind(key.type())).toList(),
        partitions,
        hash,
        new StoredSide.Memory(memory.source(), memory.allocator()));
  }

  StatefulPlan plan() {
    return plan;
  }

  /** The stores, by their numbers. */
  List<StateStore> stores() {
    return stores;
  }

  long memoryBytes() {
    return stores.stream().mapToLong(StateStore::memoryBytes).sum()
        + panes.stream().mapToLong(PaneKeys::memoryBytes).sum();
  }

  void beginBatch() {
    counters = new StateCounters();
    hasRun = true;
    commitMillis = 0;
    changedRows = 0;
    stores.forEach(StateStore::beginEpoch);
  }

  /** The batch's changes are complete. */
  void endBatch() {
    changedRows =
        panes.isEmpty()
            ? stores.stream().mapToLong(StateStore::changedRows).sum()
            : counters.rowsUpdated().sum();
  }

  /** Rows that count as late before they reach the operator. Any task may call it. */
  void countLate(int rows) {
    counters.rowsDroppedLate().add(rows);
  }

  void commitTook(long nanos) {
    commitMillis += TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * A store, for one batch.
   *
   * @param lateMicros the watermark that rows are late by, or {@link OperatorWatermarks#NONE}
   * @param evictionMicros the watermark that state ends by, or {@link OperatorWatermarks#NONE}
   */
  GroupStore store(int number, OutputMode mode, long lateMicros, long evictionMicros) {
    if (!(stores.get(number) instanceof KeyedState store)) {
      throw new IllegalStateException("store must be keyed: operator=" + plan.describe());
    }
    Emission emission =
        switch (mode) {
          case COMPLETE -> Emission.ALL;
          case UPDATE -> Emission.CHANGED;
          case APPEND -> Emission.ENDED;
        };
    boolean watermark = plan.usesWatermark(mode);
    return new GroupStore(
        store.partitions(),
        store.sets(),
        panes,
        store.hash(),
        memory.source(),
        emission,
        watermark ? lateMicros : OperatorWatermarks.NONE,
        watermark ? evictionMicros : OperatorWatermarks.NONE,
        counters);
  }

  /** What a join of two streams keeps, for one batch; see {@link #store}. */
  JoinStore joinStore(long lateMicros, long evictionMicros) {
    if (!(stores.get(0) instanceof StoredSide left)
        || !(stores.get(1) instanceof StoredSide right)) {
      throw new IllegalStateException("operator must be a join of streams: " + plan.describe());
    }
    return new JoinStore(left, right, lateMicros, evictionMicros, counters);
  }

  /**
   * Whether the operator has something to do at a time. Before the first batch it is not known what
   * there is to do, so a query that goes on with kept state runs once.
   */
  boolean isDue(long nowMillis) {
    return plan.runsOnTime()
        && memoryRows() > 0
        && (!hasRun || counters.nextTimeout().get() <= nowMillis);
  }

  private long memoryRows() {
    return panes.isEmpty()
        ? stores.stream().mapToLong(StateStore::size).sum()
        : panes.stream().mapToLong(PaneKeys::windows).sum();
  }

  /** What the batch did to the state. */
  StateOperatorProgress progress() {
    int partitions = stores.getFirst().partitionCount();
    return new StateOperatorProgress(
        plan.operatorName(),
        memoryRows(),
        changedRows,
        TimeUnit.NANOSECONDS.toMillis(counters.updateNanos().sum()),
        counters.rowsRemoved().sum(),
        TimeUnit.NANOSECONDS.toMillis(counters.removalNanos().sum()),
        commitMillis,
        memoryBytes(),
        counters.rowsDroppedLate().sum(),
        partitions,
        (long) partitions * stores.size(),
        plan.customMetrics(counters));
  }

  @Override
  public void close() {
    panes.forEach(PaneKeys::close);
    panes.clear();
    stores.forEach(StateStore::close);
    stores.clear();
    memory.close();
  }
}
