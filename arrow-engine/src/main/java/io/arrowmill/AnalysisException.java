package io.arrowmill;

/**
 * A query that cannot be planned: the fault is in the query's text or in how it is put together.
 */
public final class AnalysisException extends ArrowmillException {
  private static final long serialVersionUID = 1L;

  /** A query rejected for the given condition. */
  public AnalysisException(String condition, String message) {
    super(condition, message);
  }
}
