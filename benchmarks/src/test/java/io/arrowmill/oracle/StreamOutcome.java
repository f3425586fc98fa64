package io.arrowmill.oracle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a streaming query gave.
 *
 * @param batches its batches in order
 * @param error the condition of the error that ended it, or null
 */
record StreamOutcome(List<Batch> batches, @Nullable String error) {

  /**
   * One micro-batch.
   *
   * @param rows its output as text; sorted, unless the query sorts
   * @param watermark the watermark that it ran with; empty without event time
   * @param state what it did to each stateful operator's state
   * @param metrics what was observed of its rows on their way
   */
  record Batch(
      long id, List<String> rows, String watermark, List<State> state, List<String> metrics) {}

  /**
   * A stateful operator after a batch.
   *
   * @param rows rows of state, but for processors: here all variables of a key are one row
   * @param removed rows of state that went away in the batch, but for sessions: Spark counts one
   *     that grew at its start as removed and put again; and for joins: Spark does not count rows
   *     of the side whose unmatched rows are given
   * @param late rows that came too late
   */
  record State(String operator, long rows, long removed, long late) {
    State {
      boolean processor = operator.equals("transformWithStateExec");
      boolean differs =
          processor || operator.startsWith("sessionWindow") || operator.equals("symmetricHashJoin");
      removed = differs ? 0 : removed;
      rows = processor ? 0 : rows;
    }

    @Override
    public String toString() {
      return operator + "(rows=" + rows + ", removed=" + removed + ", late=" + late + ")";
    }
  }

  /** One line a fact, for a readable difference. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Batch batch : batches) {
      lines.add(
          "batch " + batch.id() + " watermark=" + batch.watermark() + " state=" + batch.state());
      batch.metrics().forEach(metrics -> lines.add("  observed " + metrics));
      batch.rows().forEach(row -> lines.add("  " + row));
    }
    if (error != null) {
      lines.add("error " + error);
    }
    return lines;
  }

  /** The lines that only one of the two has, or all lines if only their order differs. */
  List<String> differencesFrom(StreamOutcome expected) {
    List<String> here = lines();
    List<String> there = expected.lines();
    if (here.equals(there)) {
      return List.of();
    }
    List<String> differences = new ArrayList<>();
    for (String line : there) {
      differences.add((here.contains(line) ? "both      " : "expected  ") + line);
    }
    for (String line : here) {
      if (!there.contains(line)) {
        differences.add("but was   " + line);
      }
    }
    return differences;
  }
}
