package io.arrowmill;

import io.arrowmill.analysis.RelationLookup;
import io.arrowmill.plan.LogicalPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The views and tables of a session, by name; case does not matter. Safe for any thread. */
public final class Catalog implements RelationLookup {
  private final Map<String, Entry> entries = new TreeMap<>();

  /** Something that has a name. */
  private record Entry(
      String name,
      LogicalPlan plan,
      boolean isView,
      Runnable onDrop,
      @Nullable StoredTable stored) {}

  Catalog() {}

  /**
   * A name in the catalog; temporary views and the tables of memory sinks are temporary, tables
   * whose rows are files are not.
   */
  public record Table(String name, boolean isTemporary) {}

  /** All views and tables, by name. */
  public synchronized List<Table> listTables() {
    return entries.values().stream()
        .map(entry -> new Table(entry.name(), entry.stored() == null))
        .toList();
  }

  /** Whether there is a view or table of that name. */
  public synchronized boolean tableExists(String name) {
    return entries.containsKey(key(name));
  }

  /** Drops a view; false if there is none of that name. */
  public synchronized boolean dropTempView(String name) {
    Entry entry = entries.get(key(name));
    if (entry == null || !entry.isView()) {
      return false;
    }
    entries.remove(key(name));
    return true;
  }

  /** Drops a table and its rows; false if there is none of that name. */
  public boolean dropTable(String name) {
    Entry entry;
    synchronized (this) {
      entry = entries.get(key(name));
      if (entry == null || entry.isView()) {
        return false;
      }
      entries.remove(key(name));
    }
    entry.onDrop().run();
    return true;
  }

  synchronized void putView(String name, LogicalPlan plan, boolean replace) {
    Entry known = entries.get(key(name));
    if (known != null && !replace) {
      throw new AnalysisException(
          "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
          "name must be free: name=" + name + "; drop what has it, or replace it");
    }
    entries.put(key(name), new Entry(name, plan, true, () -> {}, null));
  }

  synchronized void putTable(String name, LogicalPlan plan, Runnable onDrop) {
    entries.put(key(name), new Entry(name, plan, false, onDrop, null));
  }

  synchronized void putTable(StoredTable table) {
    entries.put(
        key(table.name()),
        new Entry(table.name(), table.relation(false), false, table::drop, table));
  }

  /** Forgets a table, whose files stay. */
  synchronized void forget(StoredTable table) {
    entries.remove(key(table.name()));
  }

  /** Whether there is a view of that name. */
  synchronized boolean isView(String name) {
    Entry entry = entries.get(key(name));
    return entry != null && entry.isView();
  }

  /** The table of that name whose rows are files, or null. */
  synchronized @Nullable StoredTable stored(String name) {
    Entry entry = entries.get(key(name));
    return entry == null ? null : entry.stored();
  }

  @Override
  public synchronized @Nullable LogicalPlan relation(String name, boolean streaming) {
    Entry entry = entries.get(key(name));
    if (entry == null) {
      return null;
    }
    StoredTable stored = entry.stored();
    return stored == null || !streaming ? entry.plan() : stored.relation(true);
  }

  @Override
  public synchronized List<String> names() {
    return entries.values().stream().map(Entry::name).toList();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
