package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** The windows that times fall into. */
public final class TimeWindows {
  private TimeWindows() {}

  /**
   * The windows that hold {@code time}, by ascending start: {@code start <= time < end}. There is
   * one if the windows tumble; none if they leave gaps ({@code slide > length}) and the time falls
   * into one of those.
   *
   * @param time an {@code Instant} or {@code LocalDateTime}
   */
  public static List<Row> of(TimeWindow window, Object time) {
    boolean zoned = time instanceof Instant;
    long micros =
        time instanceof Instant instant
            ? VectorWriter.micros(instant)
            : VectorWriter.micros((LocalDateTime) time);
    StructType schema = (StructType) window.type();
    List<Row> rows = new ArrayList<>();
    long slide = window.slideMicros();
    long last = newestStart(window, micros);
    long count = Math.ceilDiv(window.lengthMicros(), slide);
    for (long i = count - 1; i >= 0; i--) {
      long start = last - i * slide;
      long end = start + window.lengthMicros();
      if (micros < end) {
        rows.add(
            Row.withSchema(
                schema,
                zoned
                    ? List.of(VectorReader.instant(start), VectorReader.instant(end))
                    : List.of(VectorReader.dateTime(start), VectorReader.dateTime(end))));
      }
    }
    return rows;
  }

  /**
   * The start of the last window that holds a time, in microseconds.
   *
   * @throws ArrowmillException with condition {@code ARITHMETIC_OVERFLOW} if a window that holds it
   *     leaves the range of timestamps
   */
  public static long newestStart(TimeWindow window, long time) {
    try {
      long sinceStart = Math.subtractExact(time, window.startMicros());
      long newest = Math.subtractExact(time, Math.floorMod(sinceStart, window.slideMicros()));
      long before =
          Math.multiplyExact(
              Math.ceilDiv(window.lengthMicros(), window.slideMicros()), window.slideMicros());
      Math.addExact(newest, window.lengthMicros());
      Math.subtractExact(newest, before);
      return newest;
    } catch (ArithmeticException e) {
      throw new ArrowmillException(
          "ARITHMETIC_OVERFLOW",
          "windows must lie in the range of timestamps: timeMicros="
              + time
              + ", lengthMicros="
              + window.lengthMicros()
              + ", slideMicros="
              + window.slideMicros()
              + "; filter such rows out first",
          e);
    }
  }
}
