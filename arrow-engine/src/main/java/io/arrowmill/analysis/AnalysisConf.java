package io.arrowmill.analysis;

/**
 * Settings of analysis.
 *
 * @param caseSensitive whether names that differ only in case are different names
 */
public record AnalysisConf(boolean caseSensitive) {
  /** Names are matched without regard to case. */
  public static final AnalysisConf DEFAULT = new AnalysisConf(false);

  boolean sameName(String left, String right) {
    return caseSensitive ? left.equals(right) : left.equalsIgnoreCase(right);
  }
}
