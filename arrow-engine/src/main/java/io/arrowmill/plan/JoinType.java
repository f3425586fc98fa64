package io.arrowmill.plan;

import io.arrowmill.AnalysisException;
import java.util.Locale;

/** How rows without a match take part in a join. */
public enum JoinType {
  INNER,
  CROSS,
  LEFT_OUTER,
  RIGHT_OUTER,
  FULL_OUTER,
  LEFT_SEMI,
  LEFT_ANTI;

  /**
   * Reads any of Spark's spellings, such as {@code left}, {@code leftOuter} or {@code left_outer}.
   */
  public static JoinType parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT).replace("_", "").replace(" ", "")) {
      case "inner" -> INNER;
      case "cross" -> CROSS;
      case "left", "leftouter" -> LEFT_OUTER;
      case "right", "rightouter" -> RIGHT_OUTER;
      case "outer", "full", "fullouter" -> FULL_OUTER;
      case "semi", "leftsemi" -> LEFT_SEMI;
      case "anti", "leftanti" -> LEFT_ANTI;
      default ->
          throw new AnalysisException(
              "UNSUPPORTED_JOIN_TYPE",
              "join type must be known: type="
                  + text
                  + "; use inner, cross, left, right, full, semi or anti");
    };
  }
}
