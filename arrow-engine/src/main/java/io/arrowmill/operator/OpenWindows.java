package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTable;

/**
 * Counts the windows that panes of a partition make: those that have not ended, and of these the
 * ones that a run has touched. A pane counts for the windows that hold none of its neighbours.
 *
 * <p>What panes of one key add is counted in microseconds, from the first window's start to that of
 * the one behind the last, and divided once for all of them. Used by one task at a time.
 */
final class OpenWindows {
  private final WindowPanes windowing;
  private final GroupTable panes;
  private final PaneRing ring;
  private final long slide;
  private long run;
  private long firstOpen;
  private long count;
  private long updated;

  /** What has been added since {@link #settle}. */
  private long countMicros;

  private long updatedMicros;

  OpenWindows(WindowPanes windowing, GroupTable panes, PaneRing ring) {
    this.windowing = windowing;
    this.panes = panes;
    this.ring = ring;
    this.slide = windowing.window().slideMicros();
  }

  /** A run begins, in which windows that start before {@code first} have ended. */
  void begin(long first) {
    run++;
    updated = 0;
    firstOpen = first;
  }

  /** Start of the first window that has not ended before the run, or {@link Long#MIN_VALUE}. */
  long firstOpen() {
    return firstOpen;
  }

  /** Windows that hold a pane and have not ended. */
  long count() {
    return count;
  }

  /** How many open windows hold a pane that this run has touched. */
  long updated() {
    return updated;
  }

  /** Says that windows have ended. */
  void ended(long windows) {
    count -= windows;
  }

  /** Counts a new pane. */
  void made(long key, long pane) {
    countMicros += uncovered(pane, ring.older(pane), ring.newer(pane), key);
  }

  /** Counts a pane that the run touches for the first time. */
  void touched(long key, long pane) {
    long before = key;
    long behind = key;
    if (ring.run(key) == run) {
      before = touchedBefore(key, pane);
      behind = touchedBehind(key, pane);
    }
    updatedMicros += uncovered(pane, before, behind, key);
    ring.run(key, run);
  }

  /** Says that panes of another key follow. */
  void settle() {
    count += countMicros / slide;
    updated += updatedMicros / slide;
    countMicros = 0;
    updatedMicros = 0;
  }

  /** The next pane back that is touched, if it shares a window with one. */
  private long touchedBefore(long key, long pane) {
    long oldest = windowing.oldestStart(ring.time(pane));
    long other = ring.older(pane);
    while (other != key && !panes.changes().isTouched(other) && ring.time(other) >= oldest) {
      other = ring.older(other);
    }
    return other;
  }

  private long touchedBehind(long key, long pane) {
    long end = windowing.newestStart(ring.time(pane)) + windowing.window().lengthMicros();
    long other = ring.newer(pane);
    while (other != key && !panes.changes().isTouched(other) && ring.time(other) < end) {
      other = ring.newer(other);
    }
    return other;
  }

  /**
   * Open windows that hold a pane and neither of two others, in microseconds.
   *
   * @param before a pane before it, or the key for none
   * @param behind a pane behind it, or the key for none
   */
  private long uncovered(long pane, long before, long behind, long key) {
    long time = ring.time(pane);
    long from = Math.max(firstOpen, windowing.oldestStart(time));
    long end = windowing.newestStart(time) + slide;
    if (before != key) {
      from = Math.max(from, windowing.newestStart(ring.time(before)) + slide);
    }
    if (behind != key) {
      end = Math.min(end, windowing.oldestStart(ring.time(behind)));
    }
    // Without a branch: which panes lie behind gaps is as good as random.
    return Math.max(0, end - from);
  }
}
