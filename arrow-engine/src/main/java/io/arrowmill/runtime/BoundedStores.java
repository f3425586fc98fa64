package io.arrowmill.runtime;

import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.PaneKeys;
import io.arrowmill.operator.StateCounters;
import io.arrowmill.operator.StateStorePlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.state.MemoryShare;
import java.util.ArrayList;
import java.util.List;

/**
 * What operators over bounded input keep for the time of one run: in a bounded query, and beside
 * the streams of another. Confined to the thread that runs the plan.
 */
final class BoundedStores implements AutoCloseable {
  private final QueryServices services;
  private final QueryMemory memory;
  private final List<GroupTable> tables = new ArrayList<>();
  private final List<PaneKeys> panes = new ArrayList<>();
  private final List<MemoryShare> shares = new ArrayList<>();

  /** None yet; those to come take their memory from {@code memory}. */
  BoundedStores(QueryServices services, QueryMemory memory) {
    this.services = services;
    this.memory = memory;
  }

  /** An empty store of an operator, whose groups are all given at the end. */
  GroupStore open(StatefulPlan plan, int number) {
    if (!(plan.stores().get(number) instanceof StateStorePlan.Keyed store)) {
      throw new IllegalStateException("store must be keyed: operator=" + plan.describe());
    }
    KeyHash hash = services.kernels().newKeyHash();
    int workers = services.workers().count();
    int partitions = store.keys().isEmpty() || workers == 1 ? 1 : 4 * workers;
    MemoryShare share = memory.operator(plan.describe());
    shares.add(share);
    List<GroupTable> own = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      GroupTable table = new GroupTable(store.tables(), hash, share.source());
      own.add(table);
      tables.add(table);
    }
    List<PaneKeys> ownPanes = PaneKeys.of(plan, own, hash, share.source());
    panes.addAll(ownPanes);
    return new GroupStore(
        own,
        List.of(),
        ownPanes,
        hash,
        share.source(),
        GroupStore.Emission.ALL,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        new StateCounters());
  }

  @Override
  public void close() {
    panes.forEach(PaneKeys::close);
    panes.clear();
    tables.forEach(GroupTable::close);
    tables.clear();
    shares.forEach(MemoryShare::close);
    shares.clear();
  }
}
