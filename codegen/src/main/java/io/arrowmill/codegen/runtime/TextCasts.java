package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.memory.OffHeap;
import java.time.LocalDate;
import java.util.Locale;

/** The functions of group TEXT_CAST, one method a function. */
public final class TextCasts {

  private static final int DIGITS_MAX = 20;
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private TextCasts() {}

  // ---- to text

  public static long boolToText(KernelContext context, boolean value) {
    return BytesFunctions.text(context, value ? "true" : "false");
  }

  public static long i64ToText(KernelContext context, long value) {
    long end = context.scratch(DIGITS_MAX) + DIGITS_MAX;
    long at = end;
    // Digits are taken from the negative side, which has room for the smallest value too.
    long rest = value < 0 ? value : -value;
    do {
      OffHeap.putByte(--at, (byte) ('0' - rest % 10));
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      OffHeap.putByte(--at, (byte) '-');
    }
    context.length = (int) (end - at);
    return at;
  }

  public static long f32ToText(KernelContext context, float value) {
    return BytesFunctions.text(context, Float.toString(value));
  }

  public static long f64ToText(KernelContext context, double value) {
    return BytesFunctions.text(context, Double.toString(value));
  }

  public static long dateToText(KernelContext context, int date) {
    int year = TimeFunctions.year(date);
    if (year < 0 || year > 9999) {
      return BytesFunctions.text(context, LocalDate.ofEpochDay(date).toString());
    }
    long result = context.scratch(10);
    putDate(result, date);
    context.length = 10;
    return result;
  }

  public static long timestampToText(KernelContext context, long timestamp) {
    int date = TimeFunctions.timestampToDate(timestamp);
    long dateText = dateToText(context, date);
    int dateLength = context.length;
    long result = context.scratch(dateLength + 16L);
    OffHeap.copy(dateText, result, dateLength);
    long at = result + dateLength;
    OffHeap.putByte(at, (byte) ' ');
    putDigits(at + 1, TimeFunctions.hour(timestamp), 2);
    OffHeap.putByte(at + 3, (byte) ':');
    putDigits(at + 4, TimeFunctions.minute(timestamp), 2);
    OffHeap.putByte(at + 6, (byte) ':');
    putDigits(at + 7, TimeFunctions.second(timestamp), 2);
    context.length = dateLength + 9 + putFraction(at + 9, timestamp);
    return result;
  }

  private static int putFraction(long at, long timestamp) {
    int micros = (int) Math.floorMod(timestamp, MICROS_PER_SECOND);
    if (micros == 0) {
      return 0;
    }
    int digits = 6;
    for (; micros % 10 == 0; micros /= 10) {
      digits--;
    }
    OffHeap.putByte(at, (byte) '.');
    putDigits(at + 1, micros, digits);
    return digits + 1;
  }

  private static void putDate(long at, int date) {
    putDigits(at, TimeFunctions.year(date), 4);
    OffHeap.putByte(at + 4, (byte) '-');
    putDigits(at + 5, TimeFunctions.month(date), 2);
    OffHeap.putByte(at + 7, (byte) '-');
    putDigits(at + 8, TimeFunctions.dayOfMonth(date), 2);
  }

  private static void putDigits(long at, int value, int digits) {
    int rest = value;
    for (int i = digits - 1; i >= 0; i--) {
      OffHeap.putByte(at + i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }

  // ---- from text

  public static int textToI32(KernelContext context, long address, int length, Site site) {
    int result = tryTextToI32(context, address, length);
    if (context.isNull != 0) {
      throw invalid(address, length, "int", site);
    }
    return result;
  }

  public static long textToI64(KernelContext context, long address, int length, Site site) {
    long result = tryTextToI64(context, address, length);
    if (context.isNull != 0) {
      throw invalid(address, length, "bigint", site);
    }
    return result;
  }

  public static double textToF64(KernelContext context, long address, int length, Site site) {
    double result = tryTextToF64(context, address, length);
    if (context.isNull != 0) {
      throw invalid(address, length, "double", site);
    }
    return result;
  }

  public static boolean textToBool(KernelContext context, long address, int length, Site site) {
    boolean result = tryTextToBool(context, address, length);
    if (context.isNull != 0) {
      throw invalid(address, length, "boolean", site);
    }
    return result;
  }

  private static RuntimeException invalid(long address, int length, String type, Site site) {
    return KernelErrors.invalidInput(site, BytesFunctions.string(address, length), type);
  }

  public static int tryTextToI32(KernelContext context, long address, int length) {
    long value = tryTextToI64(context, address, length);
    if ((int) value != value) {
      context.setNull();
    }
    return (int) value;
  }

  public static long tryTextToI64(KernelContext context, long address, int length) {
    context.isNull = 0;
    int at = 0;
    int end = length;
    while (at < end && isSpace(OffHeap.getByte(address + at))) {
      at++;
    }
    while (end > at && isSpace(OffHeap.getByte(address + end - 1))) {
      end--;
    }
    boolean negative = at < end && OffHeap.getByte(address + at) == '-';
    if (negative || (at < end && OffHeap.getByte(address + at) == '+')) {
      at++;
    }
    if (at == end) {
      context.setNull();
      return 0;
    }
    // Summed up on the negative side, which has room for the smallest value too.
    long sum = 0;
    for (; at < end; at++) {
      int digit = OffHeap.getByte(address + at) - '0';
      boolean fits = sum > Long.MIN_VALUE / 10 || (sum == Long.MIN_VALUE / 10 && digit <= 8);
      if (digit < 0 || digit > 9 || !fits) {
        context.setNull();
        return 0;
      }
      sum = sum * 10 - digit;
    }
    if (!negative && sum == Long.MIN_VALUE) {
      context.setNull();
    }
    return negative ? sum : -sum;
  }

  private static boolean isSpace(byte b) {
    return (b & 0xFF) <= 0x20 || b == 0x7F;
  }

  public static double tryTextToF64(KernelContext context, long address, int length) {
    context.isNull = 0;
    String text = BytesFunctions.string(address, length).trim();
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> {
          context.setNull();
          yield 0;
        }
      };
    }
  }

  public static boolean tryTextToBool(KernelContext context, long address, int length) {
    context.isNull = 0;
    return switch (BytesFunctions.string(address, length).trim().toLowerCase(Locale.ROOT)) {
      case "t", "true", "y", "yes", "1" -> true;
      case "f", "false", "n", "no", "0" -> false;
      default -> {
        context.setNull();
        yield false;
      }
    };
  }
}
