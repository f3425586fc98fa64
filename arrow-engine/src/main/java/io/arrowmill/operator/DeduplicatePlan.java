package io.arrowmill.operator;

import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.streaming.OutputMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Gives each row whose keys were not seen before; or every row, with a column that says whether its
 * keys were not.
 *
 * @param keys input columns of flat types
 * @param flag the column that says so, or null if other rows are dropped
 */
public record DeduplicatePlan(
    int operatorId, List<Attribute> keys, Time time, @Nullable Attribute flag, PhysicalPlan input)
    implements StatefulPlan {

  /**
   * What the watermark does.
   *
   * @param late the input column that says which rows are late, or null if none are
   * @param key position among the keys of a key that ends with the watermark, or {@link
   *     GroupTablePlan#NO_TIME_KEY}
   * @param lengthMicros how long after its time that key ends
   * @param expiryMicros if not negative, keys are forgotten when their first row is so much older
   *     than the watermark
   */
  public record Time(@Nullable Attribute late, int key, long lengthMicros, long expiryMicros) {}

  /** The expiry of keys that don't expire by their first row. */
  public static final long NO_EXPIRY = -1;

  public DeduplicatePlan {
    keys = List.copyOf(keys);
  }

  /** Whether keys are forgotten a time after their first row. */
  public boolean expires() {
    return time.expiryMicros() != NO_EXPIRY;
  }

  @Override
  public List<Attribute> output() {
    if (flag == null) {
      return input.output();
    }
    List<Attribute> all = new ArrayList<>(input.output());
    all.add(flag);
    return all;
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String operatorName() {
    if (flag != null) {
      return "distinctAggregate";
    }
    return expires() ? "dedupeWithinWatermark" : "dedupe";
  }

  @Override
  public List<StateStorePlan> stores() {
    List<ValueKind> kinds = keys.stream().map(key -> AggregateColumns.kind(key.type())).toList();
    GroupTablePlan table =
        expires()
            ? GroupTablePlan.timedByState(kinds, List.of(Accumulators.storedLong("time")), 0)
            : new GroupTablePlan(kinds, List.of(), time.key());
    return List.of(StateStorePlan.Keyed.set("keys", keys, table));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    return flag == null || mode != OutputMode.COMPLETE;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    return expires() || time.key() != GroupTablePlan.NO_TIME_KEY
        ? null
        : "call withWatermark, and group by window(...) or use dropDuplicatesWithinWatermark, or"
            + " add the event-time column to the keys";
  }

  @Override
  public String fingerprint() {
    StringJoiner columns = new StringJoiner(", ", operatorName() + "=[", "]");
    keys.forEach(key -> columns.add(key.name() + " " + key.type().sql()));
    return columns.toString();
  }

  @Override
  public Map<String, Long> customMetrics(StateCounters counters) {
    return flag != null
        ? Map.of()
        : Map.of("numDroppedDuplicateRows", counters.duplicateRows().sum());
  }

  @Override
  public String describe() {
    return "Deduplicate keys"
        + keys.stream().map(Expression::sql).toList()
        + (expires() ? " expiryMicros=" + time.expiryMicros() : "");
  }
}
