package io.arrowmill;

import io.arrowmill.plan.Required;
import io.arrowmill.runtime.RuntimeConf;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a session. Queries take them as they are when they start. Safe for any thread.
 */
public final class SessionConf {
  private final Map<String, String> values = new TreeMap<>();

  SessionConf(Map<String, String> values) {
    values.forEach(this::set);
  }

  /** Sets a value; Spark's keys of the same meaning are accepted. */
  public synchronized void set(String key, String value) {
    values.put(
        RuntimeConf.canonicalKey(Required.given(key, "key of a setting")),
        Required.given(value, "value of a setting"));
  }

  /** Sets a value. */
  public void set(String key, boolean value) {
    set(key, Boolean.toString(value));
  }

  /** Sets a value. */
  public void set(String key, long value) {
    set(key, Long.toString(value));
  }

  /**
   * The value of a key, or its default.
   *
   * @throws ArrowmillException with condition {@code SQL_CONF_NOT_FOUND} if there is neither
   */
  public String get(String key) {
    String value = snapshot().get(key);
    if (value == null) {
      throw new ArrowmillException(
          "SQL_CONF_NOT_FOUND",
          "setting must have a value or a default: key=" + key + "; set it first");
    }
    return value;
  }

  /** The value of a key, or {@code otherwise}. */
  public synchronized String get(String key, String otherwise) {
    return values.getOrDefault(RuntimeConf.canonicalKey(key), otherwise);
  }

  /** All values that were set, by key. */
  public synchronized Map<String, String> getAll() {
    return new TreeMap<>(values);
  }

  /** Takes a value back; the default, if there is one, is in force again. */
  public synchronized void unset(String key) {
    values.remove(RuntimeConf.canonicalKey(key));
  }

  synchronized RuntimeConf snapshot() {
    return new RuntimeConf(values);
  }

  synchronized @Nullable String find(String key) {
    return snapshot().get(key);
  }
}
