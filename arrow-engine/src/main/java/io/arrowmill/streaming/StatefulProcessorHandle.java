package io.arrowmill.streaming;

import java.util.Iterator;

/**
 * What a {@link StatefulProcessor} declares its state with, in {@code init}, and registers timers
 * with, in calls for a key.
 */
public interface StatefulProcessorHandle {
  /** Declares a value; only in {@code init}. */
  <T> ValueState<T> getValueState(String stateName, Class<T> type, TTLConfig ttlConfig);

  /** Declares a value that lives until it is cleared; only in {@code init}. */
  default <T> ValueState<T> getValueState(String stateName, Class<T> type) {
    return getValueState(stateName, type, TTLConfig.NONE);
  }

  /** Declares a list; only in {@code init}. */
  <T> ListState<T> getListState(String stateName, Class<T> type, TTLConfig ttlConfig);

  /** Declares a list that lives until it is cleared; only in {@code init}. */
  default <T> ListState<T> getListState(String stateName, Class<T> type) {
    return getListState(stateName, type, TTLConfig.NONE);
  }

  /** Declares a map; only in {@code init}. */
  <K, V> MapState<K, V> getMapState(
      String stateName, Class<K> keyType, Class<V> valueType, TTLConfig ttlConfig);

  /** Declares a map that lives until it is cleared; only in {@code init}. */
  default <K, V> MapState<K, V> getMapState(
      String stateName, Class<K> keyType, Class<V> valueType) {
    return getMapState(stateName, keyType, valueType, TTLConfig.NONE);
  }

  /** Asks for a call once the clock of the time mode is at or after a time, in milliseconds. */
  void registerTimer(long expiryTimestampMs);

  /** Takes a timer back. */
  void deleteTimer(long expiryTimestampMs);

  /** The key's timers, in their order. */
  Iterator<Long> listTimers();
}
