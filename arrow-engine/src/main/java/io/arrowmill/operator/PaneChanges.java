package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTable;

/**
 * Finds what belongs to changed panes: stretches of panes of one key, in which each changed one
 * shares a window with the changed one before. Each stretch is found once, from its first changed
 * pane.
 *
 * @param table the panes, of which some have changed in this epoch
 */
record PaneChanges(WindowPanes panes, GroupTable table, PaneRing ring) {

  /**
   * Follows a changed pane.
   *
   * @param chain gets the panes of all windows that hold a changed pane of its stretch; changed
   *     ones are the wanted ones
   * @return whether it is the first of its stretch
   */
  boolean follow(long changed, PaneChain chain) {
    long oldest = panes.oldestStart(ring.time(changed));
    long key = ring.key(changed);
    long first = changed;
    for (long pane = ring.older(changed);
        pane != key && ring.time(pane) >= oldest;
        pane = ring.older(pane)) {
      if (table.changes().isTouched(pane)) {
        return false;
      }
      first = pane;
    }
    chain.clear(key);
    long end = end(ring.time(changed));
    for (long pane = first; pane != key && ring.time(pane) < end; pane = ring.newer(pane)) {
      boolean isChanged = table.changes().isTouched(pane);
      chain.add(pane, ring.time(pane), isChanged);
      end = isChanged ? end(ring.time(pane)) : end;
    }
    return true;
  }

  /** The end of the last window that holds a pane. */
  private long end(long pane) {
    return panes.newestStart(pane) + panes.window().lengthMicros();
  }
}
