package io.arrowmill.operator;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.KeyRouter;
import io.arrowmill.codegen.table.KeySet;
import java.util.List;

/**
 * The groups of one aggregation, partitioned by the hash of their keys.
 *
 * @param partitions tables of one plan and one hash function; a key belongs to {@link
 *     KeyHash#partition}
 * @param sets beside each partition's table, if there is nothing but integer keys and no group is
 *     asked for; else empty. Keys belong to the one that {@link KeyRouter} says
 * @param panes of each partition, if the groups are {@link WindowPanes}; else empty
 * @param hash the tables' hash function
 * @param memory for tables of the same kind that live for one run
 * @param mode which groups a run gives
 * @param lateMicros groups that ended at or before this time take no more rows; {@link
 *     Long#MIN_VALUE} for none
 * @param evictionMicros groups that ended at or before this time are removed; {@link
 *     Long#MIN_VALUE} for none
 * @param counters what the run did to the groups
 */
public record GroupStore(
    List<GroupTable> partitions,
    List<KeySet> sets,
    List<PaneKeys> panes,
    KeyHash hash,
    MemorySource memory,
    Emission mode,
    long lateMicros,
    long evictionMicros,
    StateCounters counters) {

  /** Which groups an aggregation gives. */
  public enum Emission {
    /** All groups; for complete mode and bounded queries. */
    ALL,
    /** Groups made or changed in this run. */
    CHANGED,
    /** Groups that are removed in this run. */
    ENDED
  }
}
