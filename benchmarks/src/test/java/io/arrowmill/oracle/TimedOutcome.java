package io.arrowmill.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query gave whose clock was moved.
 *
 * @param times each time that its clock showed
 * @param error the condition of the error that ended it, or null
 */
record TimedOutcome(List<Time> times, @Nullable String error) {

  /**
   * All that happened at one time: engines differ in how many batches they take when there are no
   * rows.
   *
   * @param rows the output of all batches as text, sorted
   * @param state each stateful operator after the last batch, with what all of them removed
   * @param kept whether there is any state
   */
  record Time(long millis, List<String> rows, List<StreamOutcome.State> state, boolean kept) {}

  /** Collects what one engine gives. */
  static final class Builder {
    private final List<Time> times = new ArrayList<>();
    private List<String> rows = new ArrayList<>();
    private Map<String, StreamOutcome.State> state = new LinkedHashMap<>();
    private long kept;

    /** The batches that follow run at another time; what is kept stays. */
    void begin() {
      rows = new ArrayList<>();
      state.replaceAll(
          (operator, last) -> new StreamOutcome.State(last.operator(), last.rows(), 0, 0));
    }

    /**
     * One batch has run.
     *
     * @param rowsKept rows of state, as the engine counts them
     */
    void batch(List<String> given, List<StreamOutcome.State> after, long rowsKept) {
      rows.addAll(given);
      kept = rowsKept;
      Map<String, StreamOutcome.State> next = new LinkedHashMap<>();
      for (StreamOutcome.State each : after) {
        String operator = next.size() + each.operator();
        StreamOutcome.State before = state.get(operator);
        next.put(
            operator,
            new StreamOutcome.State(
                each.operator(),
                each.rows(),
                each.removed() + (before == null ? 0 : before.removed()),
                each.late() + (before == null ? 0 : before.late())));
      }
      state = next;
    }

    void end(long millis) {
      rows.sort(null);
      times.add(new Time(millis, rows, List.copyOf(state.values()), kept > 0));
    }

    TimedOutcome build(@Nullable String error) {
      return new TimedOutcome(times, error);
    }
  }

  /**
   * As batches, to be compared.
   *
   * @param withKept with whether there is state at all, of which engines count rows differently
   */
  StreamOutcome outcome(boolean withKept) {
    List<StreamOutcome.Batch> batches = new ArrayList<>();
    for (Time time : times) {
      batches.add(
          new StreamOutcome.Batch(
              batches.size(),
              time.rows(),
              time.millis() + (withKept && !time.kept() ? " and nothing is kept" : ""),
              time.state(),
              List.of()));
    }
    return new StreamOutcome(batches, error);
  }
}
