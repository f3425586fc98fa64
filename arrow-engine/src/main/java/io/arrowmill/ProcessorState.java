package io.arrowmill;

import io.arrowmill.plan.StateFunction;
import io.arrowmill.streaming.ListState;
import io.arrowmill.streaming.MapState;
import io.arrowmill.streaming.StatefulProcessorHandle;
import io.arrowmill.streaming.TTLConfig;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.streaming.ValueState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The variables and timers of a stateful processor, for the key that it is called for. Confined to
 * one call at a time.
 */
final class ProcessorState implements StatefulProcessorHandle {

  /**
   * What is kept of a key.
   *
   * @param variables the entries of each variable that has any, as bytes
   */
  record Kept(Map<String, byte[]> variables, List<Long> timers) {}

  private final TimeMode timeMode;
  private final Map<String, StateVariable> variables = new LinkedHashMap<>();
  private final TreeSet<Long> timers = new TreeSet<>();
  private boolean initializing;
  private boolean timersChanged;
  private StateFunction.@Nullable Slot slot;

  ProcessorState(TimeMode timeMode) {
    this.timeMode = timeMode;
  }

  // ---- the life of a batch and of a call

  void startInit() {
    variables.clear();
    initializing = true;
  }

  void endInit() {
    initializing = false;
  }

  /** The variables' names and types. */
  String declared() {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    variables.forEach((name, variable) -> text.add(name + " " + variable.text()));
    return text.toString();
  }

  /** A call for a key begins. */
  void enter(StateFunction.Slot of) {
    slot = of;
    Kept kept = of.exists() ? (Kept) of.get() : new Kept(Map.of(), List.of());
    long now = of.getCurrentProcessingTimeMs();
    variables.forEach((name, variable) -> variable.enter(kept.variables().get(name), now));
    timers.clear();
    timers.addAll(kept.timers());
    timersChanged = false;
  }

  /** The call ends: keeps what has changed, and asks to be called when something is to be done. */
  void leave(StateFunction.Slot of) {
    boolean changed = timersChanged;
    long next = timers.isEmpty() ? Long.MAX_VALUE : timers.first();
    for (StateVariable variable : variables.values()) {
      next = Math.min(next, variable.nextExpiry());
      changed |= variable.changed();
    }
    if (changed) {
      Map<String, byte[]> bytes = new LinkedHashMap<>();
      variables.forEach((name, variable) -> {
        byte[] packed = variable.packed();
        if (packed.length > 0) {
          bytes.put(name, packed);
        }
      });
      if (bytes.isEmpty() && timers.isEmpty()) {
        of.remove();
      } else {
        of.update(new Kept(bytes, new ArrayList<>(timers)));
      }
    }
    if (next != Long.MAX_VALUE) {
      of.wakeAt(next);
    }
    slot = null;
  }

  /** The timers that have expired at a time. */
  List<Long> expiredTimers(long clockMillis) {
    return new ArrayList<>(timers.headSet(clockMillis, true));
  }

  /** A timer has been handled. */
  void fired(long timer) {
    timers.remove(timer);
    timersChanged = true;
  }

  // ---- timers

  @Override
  public void registerTimer(long expiryTimestampMs) {
    requireTimers("registerTimer");
    timersChanged |= timers.add(expiryTimestampMs);
  }

  @Override
  public void deleteTimer(long expiryTimestampMs) {
    requireTimers("deleteTimer");
    timersChanged |= timers.remove(expiryTimestampMs);
  }

  @Override
  public Iterator<Long> listTimers() {
    requireTimers("listTimers");
    return new ArrayList<>(timers).iterator();
  }

  private void requireTimers(String operation) {
    if (timeMode == TimeMode.NONE) {
      throw new ArrowmillException(
          "STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE",
          "timers need a clock: operation="
              + operation
              + ", timeMode="
              + timeMode
              + "; use TimeMode.ProcessingTime() or TimeMode.EventTime()");
    }
    if (slot == null) {
      throw invalidState(operation);
    }
  }

  private static ArrowmillException invalidState(String operation) {
    return new ArrowmillException(
        "STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_HANDLE_STATE",
        "variables are declared in init, and used in calls for a key: operation=" + operation);
  }

  // ---- variables

  @Override
  public <T> ValueState<T> getValueState(String stateName, Class<T> type, TTLConfig ttlConfig) {
    return declare(
        stateName, new StateVariable.OfValue<>(RecordMapping.of(type), ttl(stateName, ttlConfig)));
  }

  @Override
  public <T> ListState<T> getListState(String stateName, Class<T> type, TTLConfig ttlConfig) {
    return declare(
        stateName, new StateVariable.OfList<>(RecordMapping.of(type), ttl(stateName, ttlConfig)));
  }

  @Override
  public <K, V> MapState<K, V> getMapState(
      String stateName, Class<K> keyType, Class<V> valueType, TTLConfig ttlConfig) {
    return declare(
        stateName,
        new StateVariable.OfMap<>(
            RecordMapping.of(keyType), RecordMapping.of(valueType), ttl(stateName, ttlConfig)));
  }

  private <T extends StateVariable> T declare(String name, T variable) {
    if (!initializing) {
      throw invalidState("declaring " + name);
    }
    if (variables.putIfAbsent(name, variable) != null) {
      throw new ArrowmillException(
          "STATEFUL_PROCESSOR_DUPLICATE_STATE_VARIABLE_DEFINED",
          "a state variable must be declared once: name=" + name);
    }
    return variable;
  }

  private long ttl(String name, TTLConfig config) {
    long millis = config.ttlDuration().toMillis();
    if (config.ttlDuration().isNegative()) {
      throw new ArrowmillException(
          "STATEFUL_PROCESSOR_TTL_DURATION_MUST_BE_POSITIVE",
          "a time to live must be positive: state=" + name + ", millis=" + millis);
    }
    if (millis > 0 && timeMode != TimeMode.PROCESSING_TIME) {
      throw new ArrowmillException(
          "STATEFUL_PROCESSOR_INCORRECT_TIME_MODE_TO_ASSIGN_TTL",
          "times to live go by processing time: state="
              + name
              + ", timeMode="
              + timeMode
              + "; use TimeMode.ProcessingTime()");
    }
    return millis;
  }
}
