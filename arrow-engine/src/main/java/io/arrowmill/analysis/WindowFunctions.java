package io.arrowmill.analysis;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.util.List;
import java.util.Set;

/**
 * Functions that only windows have. Each becomes an {@link AggregateCall}:
 *
 * <pre>
 * row_number()  rank()  dense_rank()  percent_rank()  cume_dist()
 * ntile(buckets)
 * lead(value, rows, default)      lag is a lead of a negative number of rows
 * nth_value(value, n)
 * </pre>
 */
final class WindowFunctions {
  static final String LEAD = "lead";
  static final String LAG = "lag";
  static final String NTH_VALUE = "nth_value";
  static final String NTILE = "ntile";
  private static final String CUME_DIST = "cume_dist";

  /** Whose frame is said by an argument. */
  static final Set<String> OFFSETS = Set.of(LEAD, LAG);

  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private WindowFunctions() {}

  static List<Definition> all() {
    return List.of(
        rank("row_number", 0, DataTypes.INTEGER),
        rank("rank", UNBOUNDED, DataTypes.INTEGER),
        rank("dense_rank", UNBOUNDED, DataTypes.INTEGER),
        rank("percent_rank", UNBOUNDED, DataTypes.DOUBLE),
        rank(CUME_DIST, 0, DataTypes.DOUBLE),
        Definition.custom(Kind.WINDOW, List.of(NTILE), 0, 1, WindowFunctions::ntile),
        Definition.custom(Kind.WINDOW, List.of(LEAD), 1, 4, WindowFunctions::offset),
        Definition.custom(Kind.WINDOW, List.of(LAG), 1, 4, WindowFunctions::offset),
        Definition.custom(Kind.WINDOW, List.of(NTH_VALUE), 2, 3, WindowFunctions::nthValue));
  }

  /** Whether a name, in lower case, is that of a function that only windows have. */
  static boolean is(String name) {
    Definition definition = FunctionRegistry.find(name);
    return definition != null && definition.kind() == Kind.WINDOW;
  }

  /** The frame that a function has where the query gives none. */
  static WindowFrame frame(String name, boolean ordered) {
    if (is(name) && !name.equals(NTH_VALUE)) {
      return name.equals(CUME_DIST) ? WindowFrame.VALUES_SO_FAR : WindowFrame.ROWS_SO_FAR;
    }
    return ordered ? WindowFrame.VALUES_SO_FAR : WindowFrame.WHOLE_PARTITION;
  }

  /** Ranks take arguments, which say nothing, where Spark does. */
  private static Definition rank(String name, int argumentsMax, DataType type) {
    return Definition.custom(
        Kind.WINDOW, List.of(name), 0, argumentsMax, (of, ignored) -> call(of, List.of(), type));
  }

  private static AggregateCall call(String name, List<Expression> arguments, DataType type) {
    return new AggregateCall(name, arguments, false, null, type, false);
  }

  private static Expression ntile(String name, List<Expression> arguments) {
    if (arguments.isEmpty()) {
      return call(name, List.of(new Literal(1, DataTypes.INTEGER)), DataTypes.INTEGER);
    }
    Expression given = arguments.getFirst();
    if (!given.type().equals(DataTypes.INTEGER)) {
      throw Errors.wrongInput(name, 1, DataTypes.INTEGER.sql(), given);
    }
    Literal buckets = constant(name, "buckets", given);
    requirePositive(name, "buckets", buckets);
    return call(name, List.of(buckets), DataTypes.INTEGER);
  }

  private static Expression offset(String name, List<Expression> arguments) {
    Expression value = arguments.getFirst();
    Literal rows = new Literal(1, DataTypes.INTEGER);
    if (arguments.size() > 1) {
      Expression given = arguments.get(1);
      if (!given.type().equals(DataTypes.INTEGER)) {
        throw Errors.wrongInput(name, 2, DataTypes.INTEGER.sql(), given);
      }
      rows = constant(name, "offset", given);
    }
    if (name.equals(LAG) && rows.value() instanceof Integer back) {
      rows = new Literal(Math.negateExact(back), DataTypes.INTEGER);
    }
    Expression otherwise = arguments.size() > 2 ? arguments.get(2) : Literal.NULL;
    Expression typed = Casts.cast(otherwise, value.type());
    return new AggregateCall(
        leavesNullsOut(name, arguments, 3) ? LEAD + AggregateCall.PRESENT : LEAD,
        List.of(value, rows, typed),
        false,
        null,
        value.type(),
        value.nullable() || typed.nullable());
  }

  private static Expression nthValue(String name, List<Expression> arguments) {
    Expression value = arguments.getFirst();
    Expression given = arguments.get(1);
    if (!given.type().isIntegral() && !given.type().equals(DataTypes.NULL)) {
      throw Errors.wrongInput(name, 2, DataTypes.INTEGER.sql(), given);
    }
    Literal n = constant(name, "offset", given);
    requirePositive(name, "offset", n);
    return new AggregateCall(
        leavesNullsOut(name, arguments, 2) ? name + AggregateCall.PRESENT : name,
        List.of(value, n),
        false,
        null,
        value.type(),
        true);
  }

  private static boolean leavesNullsOut(String name, List<Expression> arguments, int at) {
    if (arguments.size() <= at) {
      return false;
    }
    if (arguments.get(at) instanceof Literal flag && flag.value() instanceof Boolean is) {
      return is;
    }
    throw Errors.of(
        "INVALID_PARAMETER_VALUE.BOOLEAN",
        "whether nulls are left out must be true or false: function="
            + name
            + ", argument="
            + arguments.get(at).sql());
  }

  private static Literal constant(String name, String what, Expression argument) {
    return switch (WindowFrames.constant(argument)) {
      case Literal literal -> literal;
      default ->
          throw Errors.of(
              "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
              "argument must be a constant: function="
                  + name
                  + ", argument="
                  + what
                  + ", expression="
                  + argument.sql()
                  + "; write it as a number");
    };
  }

  private static void requirePositive(String name, String what, Literal value) {
    if (!(value.value() instanceof Number number) || number.longValue() <= 0) {
      throw Errors.of(
          "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
          "argument must be at least 1: function="
              + name
              + ", argument="
              + what
              + ", value="
              + value.sql());
    }
  }
}
