package io.arrowmill.plan;

import java.util.ArrayList;
import java.util.List;

/** Which rows of its partition a function over a window takes for one of them. Immutable data. */
public record WindowFrame(Unit unit, Bound lower, Bound upper) {
  public static final WindowFrame WHOLE_PARTITION =
      new WindowFrame(Unit.ROWS, Edge.UNBOUNDED_PRECEDING, Edge.UNBOUNDED_FOLLOWING);
  public static final WindowFrame ROWS_SO_FAR =
      new WindowFrame(Unit.ROWS, Edge.UNBOUNDED_PRECEDING, Edge.CURRENT_ROW);
  public static final WindowFrame VALUES_SO_FAR =
      new WindowFrame(Unit.RANGE, Edge.UNBOUNDED_PRECEDING, Edge.CURRENT_ROW);

  /**
   * What bounds count: rows, or values of the order; all rows of one value are current together.
   */
  public enum Unit {
    ROWS,
    RANGE
  }

  /** One end of a frame, which belongs to it. */
  public sealed interface Bound {
    /** The bound as SQL. */
    String sql();
  }

  /** The bounds that need no number. */
  public enum Edge implements Bound {
    UNBOUNDED_PRECEDING,
    CURRENT_ROW,
    UNBOUNDED_FOLLOWING;

    @Override
    public String sql() {
      return name().replace('_', ' ');
    }
  }

  /** So many rows, or a value that is so far, before the current row or after it. */
  public record Offset(Expression amount, boolean preceding) implements Bound {
    @Override
    public String sql() {
      return amount.sql() + (preceding ? " PRECEDING" : " FOLLOWING");
    }
  }

  /**
   * A distance in values, once planned.
   *
   * @param value column that holds the value which is so far from the current row's
   * @param key column that holds the rows' own values, of the same type
   */
  public record Limit(Expression value, Expression key) implements Bound {
    @Override
    public String sql() {
      return value.sql();
    }
  }

  /** Whether a bound is a distance. */
  public boolean hasOffset() {
    return lower instanceof Offset || upper instanceof Offset;
  }

  /** What the bounds compute with. */
  List<Expression> children() {
    List<Expression> all = new ArrayList<>();
    add(lower, all);
    add(upper, all);
    return all;
  }

  private static void add(Bound bound, List<Expression> all) {
    switch (bound) {
      case Edge ignored -> {}
      case Offset offset -> all.add(offset.amount());
      case Limit limit -> {
        all.add(limit.value());
        all.add(limit.key());
      }
    }
  }

  WindowFrame withChildren(List<Expression> children) {
    Bound first = with(lower, children);
    List<Expression> rest = children.subList(count(lower), children.size());
    return new WindowFrame(unit, first, with(upper, rest));
  }

  private static int count(Bound bound) {
    List<Expression> all = new ArrayList<>();
    add(bound, all);
    return all.size();
  }

  private static Bound with(Bound bound, List<Expression> children) {
    return switch (bound) {
      case Edge edge -> edge;
      case Offset offset -> new Offset(children.getFirst(), offset.preceding());
      case Limit ignored -> new Limit(children.get(0), children.get(1));
    };
  }

  /** The frame as SQL. */
  public String sql() {
    return unit + " BETWEEN " + lower.sql() + " AND " + upper.sql();
  }
}
