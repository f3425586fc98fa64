package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;

/**
 * The functions of group TIME, one method a function: dates are days, timestamps are microseconds
 * since 1970-01-01 UTC.
 *
 * <p>Calendar fields follow the proleptic Gregorian calendar.
 */
public final class TimeFunctions {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
  private static final int DAYS_PER_ERA = 146_097;
  private static final int YEARS_PER_ERA = 400;

  /** From 0000-03-01 to 1970-01-01: years that begin in March have their leap day last. */
  private static final int DAYS_MARCH_0000_TO_EPOCH = 719_468;

  private TimeFunctions() {}

  public static long windowStart(long timestamp, long slide, long offset, Site site) {
    long sinceOffset = timestamp - offset;
    long start = timestamp - Math.floorMod(sinceOffset, slide);
    if (start > timestamp || ((timestamp ^ offset) & (timestamp ^ sinceOffset)) < 0) {
      throw KernelErrors.timeOverflow(site, "window start", timestamp, slide);
    }
    return start;
  }

  public static long dateToTimestamp(int date) {
    return date * MICROS_PER_DAY;
  }

  public static int timestampToDate(long timestamp) {
    return (int) Math.floorDiv(timestamp, MICROS_PER_DAY);
  }

  public static int dateAdd(int date, int days, Site site) {
    int result = date + days;
    if (((date ^ result) & (days ^ result)) < 0) {
      throw KernelErrors.timeOverflow(site, "date", date, days);
    }
    return result;
  }

  public static int dateDiff(int end, int start) {
    return end - start;
  }

  public static long timestampToSeconds(long timestamp) {
    return Math.floorDiv(timestamp, MICROS_PER_SECOND);
  }

  public static long timestampToMillis(long timestamp) {
    return Math.floorDiv(timestamp, 1000L);
  }

  public static long secondsToTimestamp(long seconds, Site site) {
    return scale(seconds, MICROS_PER_SECOND, site);
  }

  public static long millisToTimestamp(long millis, Site site) {
    return scale(millis, 1000L, site);
  }

  private static long scale(long value, long factor, Site site) {
    if (IntegerOps.multiplyFails(value, factor)) {
      throw KernelErrors.timeOverflow(site, "timestamp", value, factor);
    }
    return value * factor;
  }

  public static int year(int date) {
    long shifted = (long) date + DAYS_MARCH_0000_TO_EPOCH;
    int era = (int) Math.floorDiv(shifted, DAYS_PER_ERA);
    int dayOfEra = (int) (shifted - (long) era * DAYS_PER_ERA);
    int yearOfEra = yearOfEra(dayOfEra);
    int marchYear = era * YEARS_PER_ERA + yearOfEra;
    return dayOfMarchYear(dayOfEra, yearOfEra) >= 306 ? marchYear + 1 : marchYear;
  }

  public static int quarter(int date) {
    return (month(date) + 2) / 3;
  }

  public static int month(int date) {
    int marchMonth = marchMonth(dayOfMarchYear(date));
    return marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  }

  public static int dayOfMonth(int date) {
    int day = dayOfMarchYear(date);
    return day - firstDayOfMarchMonth(marchMonth(day)) + 1;
  }

  public static int dayOfYear(int date) {
    int day = dayOfMarchYear(date);
    // January begins on day 306 of the year that begins in March.
    return day >= 306 ? day - 305 : day + 60 + (isLeap(year(date)) ? 1 : 0);
  }

  public static int dayOfWeek(int date) {
    return Math.floorMod(date + 4L, 7) + 1;
  }

  public static int weekday(int date) {
    return Math.floorMod(date + 3L, 7);
  }

  public static int weekOfYear(int date) {
    // The ISO week belongs to the year that holds its Thursday.
    int thursday = date - weekday(date) + 3;
    return (dayOfYear(thursday) - 1) / 7 + 1;
  }

  public static int hour(long timestamp) {
    return (int) (Math.floorMod(timestamp, MICROS_PER_DAY) / (3600 * MICROS_PER_SECOND));
  }

  public static int minute(long timestamp) {
    return (int) (Math.floorMod(timestamp, 3600 * MICROS_PER_SECOND) / (60 * MICROS_PER_SECOND));
  }

  public static int second(long timestamp) {
    return (int) (Math.floorMod(timestamp, 60 * MICROS_PER_SECOND) / MICROS_PER_SECOND);
  }

  private static boolean isLeap(int year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static int yearOfEra(int dayOfEra) {
    return (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  }

  private static int dayOfMarchYear(int date) {
    int dayOfEra = Math.floorMod((long) date + DAYS_MARCH_0000_TO_EPOCH, DAYS_PER_ERA);
    return dayOfMarchYear(dayOfEra, yearOfEra(dayOfEra));
  }

  private static int dayOfMarchYear(int dayOfEra, int yearOfEra) {
    return dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  }

  /** Months from March: 0 is March, 11 is February. */
  private static int marchMonth(int dayOfMarchYear) {
    return (5 * dayOfMarchYear + 2) / 153;
  }

  private static int firstDayOfMarchMonth(int marchMonth) {
    return (153 * marchMonth + 2) / 5;
  }
}
