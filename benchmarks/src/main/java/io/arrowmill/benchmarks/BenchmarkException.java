package io.arrowmill.benchmarks;

/** A benchmark that cannot give a result; the message says why. */
public final class BenchmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what must hold, the values found and the remedy. */
  public BenchmarkException(String message) {
    super(message);
  }
}
