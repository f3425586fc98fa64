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
    long pane = changed;
    long link = ring.older(pane);
    while (!PaneRing.isKey(link) && ring.time(link) >= oldest) {
      if (table.isTouched(link)) {
        return false;
      }
      pane = link;
      link = ring.older(link);
    }
    chain.clear();
    long end = Long.MIN_VALUE;
    for (link = pane; !PaneRing.isKey(link); link = ring.newer(link)) {
      long time = ring.time(link);
      boolean isChanged = table.isTouched(link);
      if (end != Long.MIN_VALUE && time >= end) {
        break;
      }
      if (isChanged) {
        end = panes.newestStart(time) + panes.window().lengthMicros();
      }
      chain.add(link, time, isChanged);
    }
    return true;
  }
}
