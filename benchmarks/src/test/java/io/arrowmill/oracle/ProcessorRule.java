package io.arrowmill.oracle;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stateful processor that both engines run: what it keeps and gives depends on nothing but
 * numbers of rows, sums and greatest times, so that the order of a key's rows does not matter.
 *
 * @param timerSeconds how long after a key's newest row a timer is set; 0 for no timers
 * @param clearEvery clears the list when so many rows have been seen
 * @param removeEvery removes a map's entry then
 * @param rearms whether a timer that expires sets another one
 * @param lives how long variables live, if timers go by processing time, else by the watermark
 */
record ProcessorRule(
    int timerSeconds, int clearEvery, int removeEvery, boolean rearms, @Nullable Lives lives)
    implements Serializable {

  /** How long each variable lives, in milliseconds; 0 for ever. */
  record Lives(long countMillis, long listMillis, long mapMillis) implements Serializable {
    static final Lives FOREVER = new Lives(0, 0, 0);
  }

  /** A row as the processor sees it. */
  record Seen(@Nullable Long millis, @Nullable Integer value) {}

  /** The engine's variables of a key: a value, a list and a map. */
  interface Variables {
    @Nullable Long count();

    void setCount(long count);

    void clearCount();

    List<Long> list();

    void append(long value);

    void putList(List<Long> values);

    void clearList();

    Map<String, Long> map();

    @Nullable Long entry(String key);

    void setEntry(String key, long value);

    void removeEntry(String key);

    List<Long> timers();

    void setTimer(long millis);

    void deleteTimer(long millis);
  }

  /** The variables' lives; for ever by event time. */
  Lives livesOrForever() {
    return lives == null ? Lives.FOREVER : lives;
  }

  /**
   * What is given for the rows of a key.
   *
   * @param time the time of the batch, or the watermark
   */
  String rows(@Nullable String key, List<Seen> rows, long time, Variables variables) {
    Long before = variables.count();
    long count = rows.size() + (before == null ? 0 : before);
    long sum = 0;
    long newest = Math.max(0, time);
    for (Seen row : rows) {
      sum += row.value() == null ? 0 : row.value();
      newest = row.millis() == null || lives != null ? newest : Math.max(newest, row.millis());
    }
    variables.setCount(count);
    if (count % clearEvery == 0) {
      variables.clearList();
    } else if (lives != null && count % 5 == 0) {
      variables.putList(List.of(sum, count));
    } else {
      variables.append(sum);
    }
    String entry = "m" + count % 3;
    Long known = variables.entry(entry);
    if (count % removeEvery == 0) {
      variables.removeEntry(entry);
    } else {
      variables.setEntry(entry, sum + (known == null ? 0 : known));
    }
    if (timerSeconds > 0) {
      if (count % 4 == 0) {
        variables.timers().forEach(variables::deleteTimer);
      }
      variables.setTimer(newest + 1_000L * timerSeconds);
      if (lives != null && count % 7 == 0) {
        variables.setTimer(time - 500); // expires in the same batch
      }
    }
    return key + " " + before + " " + text(variables) + (lives == null ? "" : " at " + time);
  }

  /**
   * What is given for a timer of a key.
   *
   * @param time the time of the batch, or the watermark
   */
  String timer(@Nullable String key, long expiry, long time, Variables variables) {
    String given =
        key + " timer " + expiry + " " + text(variables) + (lives == null ? "" : " at " + time);
    Long count = variables.count();
    if (count != null && count % 2 == 1) {
      variables.clearCount();
      variables.clearList();
    } else if (rearms) {
      variables.setCount(count == null ? 1 : count + 1);
      long from = lives == null ? expiry : time;
      // By processing time some are over at once, but not for ever: the count is odd then.
      boolean atOnce = lives != null && expiry % 3 == 0;
      variables.setTimer(from + (atOnce ? -1 : 1_000L * timerSeconds));
    }
    return given;
  }

  private String text(Variables variables) {
    List<Long> timers = timerSeconds > 0 ? new ArrayList<>(variables.timers()) : List.of();
    return variables.count()
        + " "
        + variables.list()
        + " "
        + new TreeMap<>(variables.map())
        + " "
        + timers.stream().sorted().toList();
  }
}
