package io.arrowmill.operator;

/**
 * The event times of some rows, in microseconds since 1970-01-01 UTC.
 *
 * @param count rows that had a time; if 0 the other figures mean nothing
 * @param mean their average, as a double because sums outgrow a long
 */
public record EventTimeStats(long count, long min, long max, double mean) {
  /** No rows. */
  public static final EventTimeStats NONE =
      new EventTimeStats(0, Long.MAX_VALUE, Long.MIN_VALUE, 0);

  /** These rows and others together. */
  public EventTimeStats plus(EventTimeStats other) {
    if (count == 0) {
      return other;
    }
    if (other.count == 0) {
      return this;
    }
    long all = count + other.count;
    return new EventTimeStats(
        all,
        Math.min(min, other.min),
        Math.max(max, other.max),
        mean + (other.mean - mean) * ((double) other.count / all));
  }
}
