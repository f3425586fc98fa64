package io.arrowmill.operator;

import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.streaming.OutputMode;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Gives each row whose keys were not seen before.
 *
 * @param keys input columns of flat types
 * @param eventTime the input column that says which rows are late, or null if none are
 * @param timeKey position among the keys of a key that ends with the watermark, or {@link
 *     GroupTablePlan#NO_TIME_KEY}
 * @param expiryMicros if not negative, a key is forgotten when its first row is so much older than
 *     the watermark
 */
public record DeduplicatePlan(
    int operatorId,
    List<Attribute> keys,
    @Nullable Attribute eventTime,
    int timeKey,
    long expiryMicros,
    PhysicalPlan input)
    implements StatefulPlan {
  /** The expiry of keys that don't expire by their first row. */
  public static final long NO_EXPIRY = -1;

  public DeduplicatePlan {
    keys = List.copyOf(keys);
  }

  /** Whether keys are forgotten a time after their first row. */
  public boolean expires() {
    return expiryMicros != NO_EXPIRY;
  }

  @Override
  public List<Attribute> output() {
    return input.output();
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String operatorName() {
    return expires() ? "dedupeWithinWatermark" : "dedupe";
  }

  @Override
  public List<StateStorePlan> stores() {
    List<AccumulatorPlan> values =
        expires() ? List.of(Accumulators.first(ValueKind.I64, false)) : List.of();
    List<ValueKind> kinds = keys.stream().map(key -> AggregateColumns.kind(key.type())).toList();
    return List.of(
        new StateStorePlan.Keyed("keys", keys, new GroupTablePlan(kinds, values, timeKey)));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    return true;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    return expires() || timeKey != GroupTablePlan.NO_TIME_KEY
        ? null
        : "call withWatermark and dropDuplicatesWithinWatermark, or add the event-time column to"
              + " the keys";
  }

  @Override
  public String fingerprint() {
    StringJoiner columns = new StringJoiner(", ", operatorName() + "=[", "]");
    keys.forEach(key -> columns.add(key.name() + " " + key.type().sql()));
    return columns.toString();
  }

  @Override
  public Map<String, Long> customMetrics(StateCounters counters) {
    return Map.of("numDroppedDuplicateRows", counters.duplicateRows().sum());
  }

  @Override
  public String describe() {
    return "Deduplicate keys"
        + keys.stream().map(Expression::sql).toList()
        + (expires() ? " expiryMicros=" + expiryMicros : "");
  }
}
