package io.arrowmill.oracle;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state function that both engines call: what it keeps and gives depends on nothing but numbers
 * of rows, sums and greatest times, so that the order of a key's rows does not matter.
 *
 * @param isMap whether it is given to mapGroupsWithState, else to flatMapGroupsWithState
 * @param mode {@code append} or {@code update}
 * @param timeoutSeconds how long after a key's newest row, or after the call, it times out; 0 for
 *     never
 * @param byProcessingTime whether it times out by the time of the batch, else by the watermark
 * @param removeEvery drops the state when so many rows have been seen
 * @param skipEvery leaves the state as it is when so many rows have been seen
 * @param armsRemoved whether a key whose state is dropped still times out
 * @param atTimeout what to do then
 * @param initialKeys keys that begin with a state
 */
record StateRule(
    boolean isMap,
    String mode,
    int timeoutSeconds,
    boolean byProcessingTime,
    int removeEvery,
    int skipEvery,
    boolean armsRemoved,
    AtTimeout atTimeout,
    List<String> initialKeys)
    implements Serializable {
  static final Kept INITIAL = new Kept(100, 1_000, 0);

  enum AtTimeout {
    REMOVE,
    LEAVE,
    REARM
  }

  /** What is kept of a key. */
  record Kept(long rows, long sum, long newestMillis) implements Serializable {}

  /** A row as the function sees it. */
  record Seen(@Nullable Long millis, @Nullable Integer value) implements Serializable {}

  /** What it gives. */
  record Given(@Nullable String key, long rows, long sum, String note) implements Serializable {}

  /** The engine's state of a key. */
  interface Group {
    @Nullable Kept get();

    void update(Kept kept);

    void remove();

    boolean hasTimedOut();

    void timeOutAt(long millis);

    void timeOutAfter(long millis);

    long watermark();

    long now();
  }

  List<Given> call(@Nullable String key, List<Seen> rows, Group group) {
    return group.hasTimedOut() ? timeOut(key, group) : add(key, rows, group);
  }

  private List<Given> timeOut(@Nullable String key, Group group) {
    Kept kept = group.get();
    if (kept == null) {
      return given(new Given(key, 0, 0, "timeout without state" + time(group)), 1);
    }
    switch (atTimeout) {
      case REMOVE -> group.remove();
      case LEAVE -> {}
      case REARM -> {
        group.update(new Kept(kept.rows() + 1, -kept.sum(), kept.newestMillis()));
        if (kept.rows() % 2 == 0) {
          arm(group, 0);
        }
      }
    }
    return given(new Given(key, kept.rows(), kept.sum(), "timeout" + time(group)), 1);
  }

  private void arm(Group group, long newest) {
    long after = 1_000L * timeoutSeconds;
    if (byProcessingTime) {
      group.timeOutAfter(after);
    } else {
      group.timeOutAt(Math.max(newest, group.watermark()) + after);
    }
  }

  private String time(Group group) {
    return byProcessingTime ? " at " + group.now() : "";
  }

  private List<Given> add(@Nullable String key, List<Seen> rows, Group group) {
    Kept kept = group.get();
    long count = rows.size() + (kept == null ? 0 : kept.rows());
    long sum = kept == null ? 0 : kept.sum();
    long newest = kept == null ? 0 : kept.newestMillis();
    for (Seen row : rows) {
      sum += row.value() == null ? 0 : row.value();
      newest = row.millis() == null ? newest : Math.max(newest, row.millis());
    }
    boolean removes = count % removeEvery == 0;
    if (removes) {
      group.remove();
    } else if (count % skipEvery != 0) {
      group.update(new Kept(count, sum, newest));
    }
    if (timeoutSeconds > 0 && (!removes || armsRemoved) && count % 5 != 0) {
      arm(group, newest);
    }
    String note = (kept == null ? "new" : "known") + (removes ? ", removed" : "") + time(group);
    return given(new Given(key, count, sum, note), (int) (count % 3));
  }

  private List<Given> given(Given one, int copies) {
    return new ArrayList<>(Collections.nCopies(isMap ? 1 : copies, one));
  }
}
