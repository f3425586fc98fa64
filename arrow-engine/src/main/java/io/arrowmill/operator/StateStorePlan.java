package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.join.StoredColumns;
import java.util.List;

/** One store of a stateful operator. */
public sealed interface StateStorePlan {

  /** What the store's files call it. */
  String name();

  /** The keys by which it is partitioned. */
  List<Attribute> keys();

  /**
   * One row a key.
   *
   * @param keys the keys, in the order of {@code tables}
   * @param tables how keys and values lie in memory
   * @param partitionKeys so many of the first keys say which partition a row belongs to
   * @param isSet whether nothing is asked of a key but whether it is there, so that it can be a bit
   */
  record Keyed(
      String name, List<Attribute> keys, GroupTablePlan tables, int partitionKeys, boolean isSet)
      implements StateStorePlan {
    public Keyed {
      keys = List.copyOf(keys);
    }

    /** A store whose rows are spread by all their keys. */
    public Keyed(String name, List<Attribute> keys, GroupTablePlan tables) {
      this(name, keys, tables, keys.size());
    }

    /** A store of which rows are asked for. */
    public Keyed(String name, List<Attribute> keys, GroupTablePlan tables, int partitionKeys) {
      this(name, keys, tables, partitionKeys, false);
    }

    /** A store of keys that are never forgotten, and nothing else. */
    public static Keyed set(String name, List<Attribute> keys, GroupTablePlan tables) {
      return new Keyed(name, keys, tables, keys.size(), true);
    }
  }

  /**
   * Any number of rows a key.
   *
   * @param keys in the order of the stored keys
   * @param columns what is kept of a row
   */
  record Rows(String name, List<Attribute> keys, StoredColumns columns) implements StateStorePlan {
    public Rows {
      keys = List.copyOf(keys);
    }
  }
}
