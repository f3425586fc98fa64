package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One function of the registry: its names, what it takes and what comes of a call. Immutable. */
final class Definition {
  /** What a call may stand in for. */
  enum Kind {
    /** Becomes a {@link Call} of its canonical name. */
    SCALAR,
    /** Becomes other expressions. */
    REWRITE,
    /** Becomes an aggregate call. */
    AGGREGATE,
    /** Becomes a call that has a meaning only over a window. */
    WINDOW
  }

  /** When a result may be null. */
  enum Nulls {
    IF_ANY_ARGUMENT,
    ALWAYS,
    NEVER,
    IF_ALL_ARGUMENTS
  }

  /** Makes the result of a call from resolved arguments, the number of which is checked. */
  @FunctionalInterface
  interface Maker {
    Expression make(String name, List<Expression> arguments);
  }

  /** The result type for converted arguments. */
  @FunctionalInterface
  interface TypeRule {
    DataType of(List<Expression> arguments);
  }

  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final Kind kind;
  private final List<String> names;
  private final int argumentsMin;
  private final int argumentsMax;
  private final Maker maker;

  private Definition(Kind kind, List<String> names, int min, int max, Maker maker) {
    this.kind = kind;
    this.names = List.copyOf(names);
    this.argumentsMin = min;
    this.argumentsMax = max;
    this.maker = maker;
  }

  Kind kind() {
    return kind;
  }

  /** The canonical name, then the other spellings. */
  List<String> names() {
    return names;
  }

  String name() {
    return names.getFirst();
  }

  Expression apply(List<Expression> arguments) {
    int count = arguments.size();
    if (count < argumentsMin || count > argumentsMax) {
      String expected =
          argumentsMin == argumentsMax
              ? String.valueOf(argumentsMin)
              : argumentsMax == UNBOUNDED
                  ? "at least " + argumentsMin
                  : argumentsMin + " to " + argumentsMax;
      throw Errors.wrongArgumentCount(name(), expected, count);
    }
    return maker.make(name(), arguments);
  }

  static Definition custom(Kind kind, List<String> names, int min, int max, Maker maker) {
    return new Definition(kind, names, min, max, maker);
  }

  static Definition rewrite(String name, int min, int max, Maker maker) {
    return new Definition(Kind.REWRITE, List.of(name), min, max, maker);
  }

  static Scalar scalar(String name, String... aliases) {
    List<String> names = new ArrayList<>(List.of(name));
    names.addAll(Arrays.asList(aliases));
    return new Scalar(names);
  }

  /** A row of the table under construction. */
  static final class Scalar {
    private final List<String> names;
    private List<Param> params = List.of();
    private int optional;
    private @Nullable Param rest;
    private Nulls nulls = Nulls.IF_ANY_ARGUMENT;
    private boolean sameType;

    private Scalar(List<String> names) {
      this.names = names;
    }

    Scalar takes(Param... all) {
      params = List.of(all);
      return this;
    }

    /** The last {@code count} parameters may be left out. */
    Scalar optional(int count) {
      optional = count;
      return this;
    }

    /** Any number of further arguments. */
    Scalar andMore(Param each) {
      rest = each;
      return this;
    }

    /** All arguments are brought to their common type. */
    Scalar ofOneType() {
      sameType = true;
      return this;
    }

    Scalar nulls(Nulls rule) {
      nulls = rule;
      return this;
    }

    Definition gives(DataType type) {
      return gives(arguments -> type);
    }

    Definition gives(TypeRule type) {
      int max = rest == null ? params.size() : UNBOUNDED;
      Maker maker =
          (name, arguments) -> {
            List<Expression> converted = convert(name, arguments);
            return new Call(name, converted, type.of(converted), mayBeNull(converted));
          };
      return new Definition(Kind.SCALAR, names, params.size() - optional, max, maker);
    }

    private List<Expression> convert(String name, List<Expression> arguments) {
      List<Expression> converted = new ArrayList<>();
      Param more = rest;
      for (int i = 0; i < arguments.size(); i++) {
        Param param = i < params.size() || more == null ? params.get(i) : more;
        converted.add(param.coerce(name, i + 1, arguments.get(i)));
      }
      if (sameType) {
        DataType common = Coercion.common(converted);
        if (common == null) {
          throw Errors.differentTypes(name, converted);
        }
        return Coercion.castAll(converted, common);
      }
      return converted;
    }

    private boolean mayBeNull(List<Expression> arguments) {
      return switch (nulls) {
        case ALWAYS -> true;
        case NEVER -> false;
        case IF_ANY_ARGUMENT -> arguments.stream().anyMatch(Expression::nullable);
        case IF_ALL_ARGUMENTS -> arguments.stream().allMatch(Expression::nullable);
      };
    }
  }
}
