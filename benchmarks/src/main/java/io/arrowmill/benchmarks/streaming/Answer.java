package io.arrowmill.benchmarks.streaming;

import java.util.ArrayList;
import java.util.List;

/**
 * A checksum of a query's result: the values of {@link Workload#digest} over all rows that the
 * query gave. Sums are of multiples of 1/16 far below 2^53, so exact.
 */
record Answer(List<Double> values) {
  Answer {
    values = List.copyOf(values);
  }

  /** Nothing yet. */
  static Answer none(int size) {
    List<Double> zeros = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      zeros.add(0.0);
    }
    return new Answer(zeros);
  }

  /** The answer of this batch's rows and those of another. */
  Answer plus(Answer other) {
    List<Double> sums = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      sums.add(values.get(i) + other.values.get(i));
    }
    return new Answer(sums);
  }

  /** One value after the other, separated by spaces. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (double value : values) {
      text.append(text.isEmpty() ? "" : " ").append(Double.toString(value));
    }
    return text.toString();
  }
}
