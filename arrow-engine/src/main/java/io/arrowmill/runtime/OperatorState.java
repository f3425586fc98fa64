package io.arrowmill.runtime;

import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.operator.StateCounters;
import io.arrowmill.operator.StateStorePlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.KeyField;
import io.arrowmill.state.KeyedState;
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
  private final QueryMemory memory;
  private final List<KeyedState> stores = new ArrayList<>();
  private StateCounters counters = new StateCounters();
  private long commitMillis;
  private long changedRows;

  /** Empty state. */
  OperatorState(StatefulPlan plan, int partitions, QueryMemory memory) {
    this.plan = plan;
    this.memory = memory;
    try {
      for (StateStorePlan store : plan.stores()) {
        stores.add(keyedState(store, partitions));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private KeyedState keyedState(StateStorePlan store, int partitions) {
    List<KeyField> keys = new ArrayList<>();
    for (int i = 0; i < store.keys().size(); i++) {
      Attribute key = store.keys().get(i);
      keys.add(
          new KeyField(
              key.name(),
              store.tables().keys().get(i),
              new StructField(key.name(), key.type(), true)));
    }
    return new KeyedState(
        plan.operatorName() + " " + plan.operatorId() + " " + store.name(),
        keys,
        store.tables(),
        keys.isEmpty() ? 1 : partitions,
        KeyHash.seeded(System.nanoTime()),
        memory.source(),
        memory.allocator());
  }

  StatefulPlan plan() {
    return plan;
  }

  /** The stores, by their numbers. */
  List<KeyedState> stores() {
    return stores;
  }

  long memoryBytes() {
    return stores.stream().mapToLong(KeyedState::memoryBytes).sum();
  }

  void beginBatch() {
    counters = new StateCounters();
    commitMillis = 0;
    changedRows = 0;
    stores.forEach(KeyedState::beginEpoch);
  }

  /** The batch's changes are complete. */
  void endBatch() {
    changedRows = stores.stream().mapToLong(KeyedState::changedRows).sum();
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
    KeyedState store = stores.get(number);
    Emission emission =
        switch (mode) {
          case COMPLETE -> Emission.ALL;
          case UPDATE -> Emission.CHANGED;
          case APPEND -> Emission.ENDED;
        };
    boolean watermark = plan.usesWatermark(mode);
    return new GroupStore(
        store.partitions(),
        store.hash(),
        memory.source(),
        emission,
        watermark ? lateMicros : OperatorWatermarks.NONE,
        watermark ? evictionMicros : OperatorWatermarks.NONE,
        counters);
  }

  /** What the batch did to the state. */
  StateOperatorProgress progress() {
    int partitions = stores.getFirst().partitions().size();
    return new StateOperatorProgress(
        plan.operatorName(),
        stores.stream().mapToLong(KeyedState::size).sum(),
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
    stores.forEach(KeyedState::close);
    stores.clear();
  }
}
