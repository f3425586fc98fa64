package io.arrowmill.analysis;

/**
 * Settings of analysis.
 *
 * @param caseSensitive whether names that differ only in case are different names
 */
public record AnalysisConf(boolean caseSensitive) {
  /** Names are matched without regard to case. */
  public static final AnalysisConf DEFAULT = new AnalysisConf(false);

  /** A form of a name that all names have that are the same, and no other. */
  String folded(String name) {
    if (caseSensitive) {
      return name;
    }
    char[] chars = name.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      chars[i] = Character.toLowerCase(Character.toUpperCase(chars[i]));
    }
    return new String(chars);
  }

  boolean sameName(String left, String right) {
    return caseSensitive ? left.equals(right) : left.equalsIgnoreCase(right);
  }
}
