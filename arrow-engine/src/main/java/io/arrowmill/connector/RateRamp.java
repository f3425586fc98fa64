package io.arrowmill.connector;

import io.arrowmill.AnalysisException;

/**
 * How many rows a rate source has made after some seconds. The speed grows by the same step each
 * second, until after {@code rampUpSeconds} it is {@code rowsPerSecond}:
 *
 * <pre>
 *   rowsPerSecond=10, rampUpSeconds=4, so the step is 10 / (4 + 1) = 2
 *   seconds  0  1  2   3   4   5   6
 *   speed    0  2  4   6   8  10  10
 *   rows     0  2  6  12  20  30  40
 * </pre>
 */
record RateRamp(long rowsPerSecond, long rampUpSeconds) {
  RateRamp {
    if (rampUpSeconds > Long.MAX_VALUE / rowsPerSecond) {
      throw new AnalysisException(
          "INVALID_OPTION",
          "the rows made while ramping up must fit into a LONG: rowsPerSecond="
              + rowsPerSecond
              + ", rampUpSeconds="
              + rampUpSeconds
              + "; make one of them smaller");
    }
  }

  /**
   * Rows made in the first {@code seconds} seconds.
   *
   * @throws ArithmeticException if they are more than a LONG can count
   */
  long rows(long seconds) {
    if (seconds > rampUpSeconds) {
      long steady = Math.multiplyExact(seconds - rampUpSeconds, rowsPerSecond);
      return Math.addExact(rows(rampUpSeconds), steady);
    }
    long step = rowsPerSecond / (rampUpSeconds + 1);
    long secondsSum =
        seconds % 2 == 0
            ? Math.multiplyExact(seconds / 2, seconds + 1)
            : Math.multiplyExact(seconds, (seconds + 1) / 2);
    return Math.multiplyExact(step, secondsSum);
  }
}
