package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;

/** Functions on dates (days) and timestamps (microseconds) that compiled expressions call. */
public final class TimeKernels {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private TimeKernels() {}

  /** Midnight of the day, UTC. */
  public static long dateToTimestamp(int date, Site site) {
    long micros = date * MICROS_PER_DAY;
    if (micros / MICROS_PER_DAY != date) {
      throw new KernelException(
          Condition.CAST_OVERFLOW,
          "date must be in the range of timestamps: expression="
              + site.expressionText()
              + ", day="
              + date
              + "; use try_cast to get NULL instead");
    }
    return micros;
  }

  /** Days forward. */
  public static int dateAdd(int date, int days, Site site) {
    return day((long) date + days, date, days, site);
  }

  /** Days back. */
  public static int dateSub(int date, int days, Site site) {
    return day((long) date - days, date, days, site);
  }

  private static int day(long result, int date, int days, Site site) {
    if ((int) result != result) {
      throw new KernelException(
          Condition.ARITHMETIC_OVERFLOW,
          "result must be in the range of dates: expression="
              + site.expressionText()
              + ", day="
              + date
              + ", days="
              + days
              + "; use values that are nearer to 1970");
    }
    return (int) result;
  }

  /** The sum of two amounts of microseconds. */
  public static long add(long left, long right, Site site) {
    long result = left + right;
    if (((left ^ result) & (right ^ result)) < 0) {
      throw outOfRange(left, right, site);
    }
    return result;
  }

  /** The difference of two amounts of microseconds. */
  public static long subtract(long left, long right, Site site) {
    long result = left - right;
    if (((left ^ right) & (left ^ result)) < 0) {
      throw outOfRange(left, right, site);
    }
    return result;
  }

  private static KernelException outOfRange(long left, long right, Site site) {
    return new KernelException(
        Condition.DATETIME_OVERFLOW,
        "result must be in the range of its type: expression="
            + site.expressionText()
            + ", leftMicros="
            + left
            + ", rightMicros="
            + right
            + "; use values that are nearer to each other");
  }
}
