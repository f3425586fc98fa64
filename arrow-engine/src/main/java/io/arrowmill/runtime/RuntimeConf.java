package io.arrowmill.runtime;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.state.MemoryLevel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Settings of a session, by key. Spark's keys of the same meaning are aliases. Immutable. */
public final class RuntimeConf {

  /** A setting: its key, Spark's key or null, its default, and what it is for. */
  public record Setting(
      String key, @Nullable String sparkKey, String defaultValue, String meaning) {}

  public static final Setting SHUFFLE_PARTITIONS =
      new Setting(
          "arrowmill.state.partitions",
          "spark.sql.shuffle.partitions",
          "16",
          "partitions of keyed state; fixed when a checkpoint is made");
  public static final Setting WATERMARK_POLICY =
      new Setting(
          "arrowmill.watermark.policy",
          "spark.sql.streaming.multipleWatermarkPolicy",
          "min",
          "which of several watermarks is the query's: min or max");
  public static final Setting WATERMARK_IDLE_TIMEOUT =
      new Setting(
          "arrowmill.watermark.idleTimeout",
          null,
          "",
          "how long a source gives no rows, as in '1 minute', before it does not hold the watermark"
              + " back any more; empty means for ever");
  public static final Setting MAX_FUTURE_SKEW =
      new Setting(
          "arrowmill.watermark.maxFutureSkew",
          null,
          "",
          "how far an event time may be after the processing time, as in '1 hour'; later rows are"
              + " treated as late and do not move the watermark; empty means any");
  public static final Setting FLUSH_AT_END =
      new Setting(
          "arrowmill.streaming.flushAtEnd",
          null,
          "false",
          "whether an AvailableNow query whose input has ended gives what is still open, by moving"
              + " its watermark to the end of time: rows of later runs are all late then");
  public static final Setting NO_DATA_BATCHES =
      new Setting(
          "arrowmill.streaming.noDataBatches",
          "spark.sql.streaming.noDataMicroBatches.enabled",
          "true",
          "whether a batch without input runs when the watermark has moved");
  public static final Setting POLLING_MILLIS =
      new Setting(
          "arrowmill.streaming.pollingMillis",
          "spark.sql.streaming.pollingDelay",
          "10",
          "how long to wait before sources are asked again");
  public static final Setting PROGRESS_RETENTION =
      new Setting(
          "arrowmill.streaming.progressRetention",
          "spark.sql.streaming.numRecentProgressUpdates",
          "100",
          "how many progresses a query keeps");
  public static final Setting SNAPSHOT_DELTAS =
      new Setting(
          "arrowmill.state.minDeltasForSnapshot",
          "spark.sql.streaming.stateStore.minDeltasForSnapshot",
          "10",
          "commits between two snapshots of the state, at least");
  public static final Setting RETAINED_BATCHES =
      new Setting(
          "arrowmill.streaming.minBatchesToRetain",
          "spark.sql.streaming.minBatchesToRetain",
          "100",
          "batches whose log entries are kept");
  public static final Setting STOP_TIMEOUT_MILLIS =
      new Setting(
          "arrowmill.streaming.stopTimeoutMillis",
          "spark.sql.streaming.stopTimeout",
          "0",
          "how long stop() waits; 0 means without limit");
  public static final Setting IDLE_EVENT_MILLIS =
      new Setting(
          "arrowmill.streaming.idleEventMillis",
          "spark.sql.streaming.noDataProgressEventInterval",
          "10000",
          "how often an idle query says that it is");
  public static final Setting CHECKPOINT_LOCATION =
      new Setting(
          "arrowmill.streaming.checkpointLocation",
          "spark.sql.streaming.checkpointLocation",
          "",
          "parent directory of the checkpoints of named queries");
  public static final Setting WAREHOUSE =
      new Setting(
          "arrowmill.warehouse",
          "spark.sql.warehouse.dir",
          "arrowmill-warehouse",
          "directory of the tables that streaming queries make");
  public static final Setting TIME_ZONE =
      new Setting(
          "arrowmill.session.timeZone",
          "spark.sql.session.timeZone",
          "UTC",
          "time zone of casts and of date and time functions");
  public static final Setting KERNEL_MODE =
      new Setting(
          "arrowmill.kernel.mode",
          null,
          "auto",
          "how expressions are evaluated: auto, simd, scalar or interpreted");
  public static final Setting WORKERS =
      new Setting("arrowmill.workers", null, "0", "worker threads; 0 means one a core");
  public static final Setting MEMORY_LIMIT =
      new Setting(
          MemoryLevel.SESSION.settingKey(),
          null,
          "0",
          "off-heap bytes of the session; 0 means no limit");
  public static final Setting QUERY_MEMORY_LIMIT =
      new Setting(
          MemoryLevel.QUERY.settingKey(),
          null,
          "0",
          "off-heap bytes of one query; 0 means no limit");
  public static final Setting OPERATOR_MEMORY_LIMIT =
      new Setting(
          MemoryLevel.OPERATOR.settingKey(),
          null,
          "0",
          "off-heap bytes of one operator of a query that keeps rows or groups; 0 means no limit");

  private static final Setting[] ALL = {
    SHUFFLE_PARTITIONS,
    WATERMARK_POLICY,
    WATERMARK_IDLE_TIMEOUT,
    MAX_FUTURE_SKEW,
    FLUSH_AT_END,
    NO_DATA_BATCHES,
    POLLING_MILLIS,
    PROGRESS_RETENTION,
    SNAPSHOT_DELTAS,
    RETAINED_BATCHES,
    STOP_TIMEOUT_MILLIS,
    IDLE_EVENT_MILLIS,
    CHECKPOINT_LOCATION,
    WAREHOUSE,
    TIME_ZONE,
    KERNEL_MODE,
    WORKERS,
    MEMORY_LIMIT,
    QUERY_MEMORY_LIMIT,
    OPERATOR_MEMORY_LIMIT
  };

  private final Map<String, String> values;

  /** Settings with the given values; others have their defaults. */
  public RuntimeConf(Map<String, String> values) {
    this.values = new LinkedHashMap<>();
    values.forEach((key, value) -> this.values.put(canonicalKey(key), value));
  }

  /** The key of Arrowmill's for a key that may be Spark's. */
  public static String canonicalKey(String key) {
    for (Setting setting : ALL) {
      if (key.equals(setting.sparkKey())) {
        return setting.key();
      }
    }
    return key;
  }

  /** The value of a setting. */
  public String get(Setting setting) {
    return values.getOrDefault(setting.key(), setting.defaultValue());
  }

  /** The value of any key, or its default, or null. */
  public @Nullable String get(String key) {
    String canonical = canonicalKey(key);
    String value = values.get(canonical);
    if (value != null) {
      return value;
    }
    for (Setting setting : ALL) {
      if (canonical.equals(setting.key())) {
        return setting.defaultValue();
      }
    }
    return null;
  }

  /** The value of a setting as a whole number. */
  public long getLong(Setting setting) {
    String text = get(setting).trim().toLowerCase(Locale.ROOT);
    String digits = text.endsWith("ms") ? text.substring(0, text.length() - 2) : text;
    try {
      long value = Long.parseLong(digits.trim());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new ArrowmillException(
        "INVALID_CONF_VALUE",
        "setting must be a whole number, 0 or more: key="
            + setting.key()
            + ", value="
            + text
            + "; it is "
            + setting.meaning());
  }

  /** The value of a setting as a boolean. */
  public boolean getBoolean(Setting setting) {
    String text = get(setting).trim().toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      throw new ArrowmillException(
          "INVALID_CONF_VALUE",
          "setting must be true or false: key=" + setting.key() + ", value=" + text);
    }
    return text.equals("true");
  }

  /**
   * The value of a setting as a duration in microseconds; empty if it is not set.
   *
   * @throws ArrowmillException if it is none, or negative
   */
  public OptionalLong getMicros(Setting setting) {
    String text = get(setting);
    if (text.isBlank()) {
      return OptionalLong.empty();
    }
    try {
      long micros = TimeSpans.parse(text);
      if (micros >= 0) {
        return OptionalLong.of(micros);
      }
    } catch (AnalysisException e) {
      // told below
    }
    throw new ArrowmillException(
        "INVALID_CONF_VALUE",
        "setting must be a duration, 0 or more: key="
            + setting.key()
            + ", value="
            + text
            + "; write it as in '1 minute'; it is "
            + setting.meaning());
  }
}
