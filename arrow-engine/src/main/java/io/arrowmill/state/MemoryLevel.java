package io.arrowmill.state;

import io.arrowmill.ArrowmillException;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.AllocationOutcomeDetails;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * Whose memory a limit is for. An allocator's name begins with its level, so that whoever meets a
 * refusal can tell whose limit it was.
 */
public enum MemoryLevel {
  SESSION("session", "arrowmill.memory.limit"),
  QUERY("query", "arrowmill.memory.queryLimit"),
  OPERATOR("operator", "arrowmill.memory.operatorLimit");

  private final String prefix;
  private final String settingKey;

  MemoryLevel(String prefix, String settingKey) {
    this.prefix = prefix;
    this.settingKey = settingKey;
  }

  /** The setting that gives the limit. */
  public String settingKey() {
    return settingKey;
  }

  /** The name of an allocator of this level. */
  String allocatorName(String owner) {
    return prefix + " " + owner;
  }

  /** The level of the allocator that has a name. */
  static MemoryLevel of(String allocatorName) {
    for (MemoryLevel level : values()) {
      if (allocatorName.startsWith(level.prefix + " ")) {
        return level;
      }
    }
    return SESSION; // a root's name is Arrow's
  }

  /** The allocator whose limit a refusal was for, or null where that is not known. */
  static @Nullable BufferAllocator refusing(OutOfMemoryException e) {
    return e.getOutcomeDetails().map(AllocationOutcomeDetails::getFailedAllocator).orElse(null);
  }

  /**
   * A listener of a session's memory, by which refusals can say what was held then; {@code next} is
   * told everything, too.
   */
  public static AllocationListener noting(AllocationListener next) {
    return new Refusal.Listener(next);
  }

  /** A refusal as users see it: condition {@code MEMORY_LIMIT_EXCEEDED}. */
  public static ArrowmillException exceeded(OutOfMemoryException e) {
    Refusal known = Refusal.of(e);
    if (known != null) {
      return exceeded(known, e);
    }
    BufferAllocator refusing = refusing(e);
    if (refusing == null) {
      return new ArrowmillException(
          "MEMORY_LIMIT_EXCEEDED",
          "memory must be there: error="
              + e.getMessage()
              + "; raise "
              + SESSION.settingKey
              + " or -XX:MaxDirectMemorySize",
          e);
    }
    return exceeded(Refusal.by(refusing), e);
  }

  /** An allocator that holds more than its limit. */
  public static ArrowmillException exceeded(BufferAllocator allocator) {
    return exceeded(Refusal.by(allocator), null);
  }

  private static ArrowmillException exceeded(
      Refusal refusal, @Nullable OutOfMemoryException cause) {
    MemoryLevel level = of(refusal.name());
    String largest = refusal.largestOperator();
    return new ArrowmillException(
        "MEMORY_LIMIT_EXCEEDED",
        "memory must stay within its limit: owner="
            + (level == SESSION ? level.prefix : refusal.name())
            + ", allocated="
            + refusal.allocated()
            + (largest == null
                ? ""
                : ", largest=" + largest + ", largestAllocated=" + refusal.largestAllocated())
            + ", limit="
            + refusal.limit()
            + ", setting="
            + level.settingKey
            + "; raise the setting, or bound the state with a watermark",
        cause);
  }
}
