package io.arrowmill.plan;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An immutable scalar, aggregate or generator expression. */
public sealed interface Expression {

  /**
   * The type of the value.
   *
   * @throws IllegalStateException on an unresolved node
   */
  DataType type();

  /** Whether the value may be null. */
  boolean nullable();

  /** The direct operands, in order. */
  List<Expression> children();

  /** This node over other operands, given in the order of {@link #children()}. */
  Expression withChildren(List<Expression> children);

  /** The expression as SQL-like text, for messages, generated names and {@code explain}. */
  default String sql() {
    return ExpressionText.of(this);
  }

  /** Whether this node and all below it are resolved. */
  default boolean resolved() {
    for (Expression child : children()) {
      if (!child.resolved()) {
        return false;
      }
    }
    return true;
  }

  /** Rewrites bottom-up: operands first, then the node itself. */
  @SuppressWarnings("ReferenceEquality") // an unchanged node is passed on as it is
  default Expression transformUp(UnaryOperator<Expression> rule) {
    List<Expression> before = children();
    if (before.isEmpty()) {
      return rule.apply(this);
    }
    List<Expression> after = new ArrayList<>(before.size());
    boolean changed = false;
    for (Expression child : before) {
      Expression rewritten = child.transformUp(rule);
      changed |= rewritten != child;
      after.add(rewritten);
    }
    return rule.apply(changed ? withChildren(after) : this);
  }

  /** A new id, unique in this process, for an {@link Attribute} or {@link Alias}. */
  static long newId() {
    return Ids.NEXT.getAndIncrement();
  }

  /** The source of attribute ids. */
  final class Ids {
    private static final AtomicLong NEXT = new AtomicLong();

    private Ids() {}
  }

  // ---- unresolved ---------------------------------------------------------------------------

  /** Nodes that analysis replaces. */
  sealed interface Unresolved extends Expression {
    @Override
    default DataType type() {
      throw new IllegalStateException("expression must be resolved to have a type: " + sql());
    }

    @Override
    default boolean nullable() {
      throw new IllegalStateException("expression must be resolved: " + sql());
    }

    @Override
    default boolean resolved() {
      return false;
    }
  }

  /** A column by name; parts as in {@code alias.column.field}. */
  record UnresolvedAttribute(List<String> parts) implements Unresolved {
    public UnresolvedAttribute {
      parts = List.copyOf(parts);
    }

    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return this;
    }
  }

  /** {@code *} or {@code qualifier.*}. */
  record UnresolvedStar(List<String> qualifier) implements Unresolved {
    public UnresolvedStar {
      qualifier = List.copyOf(qualifier);
    }

    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return this;
    }
  }

  /**
   * A call of a function or operator by name, lower case: {@code +}, {@code and}, {@code sum},
   * {@code window}, {@code explode}, {@code getitem} (array element, map value or struct field by a
   * literal name).
   *
   * @param distinct whether an aggregate takes each value once
   * @param filter the rows an aggregate takes, or null for all
   */
  record UnresolvedFunction(
      String name, List<Expression> arguments, boolean distinct, @Nullable Expression filter)
      implements Unresolved {
    public UnresolvedFunction {
      arguments = List.copyOf(arguments);
    }

    /** A plain call. */
    public static UnresolvedFunction of(String name, Expression... arguments) {
      return new UnresolvedFunction(name, List.of(arguments), false, null);
    }

    @Override
    public List<Expression> children() {
      if (filter == null) {
        return arguments;
      }
      List<Expression> all = new ArrayList<>(arguments);
      all.add(filter);
      return all;
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      int count = arguments.size();
      return new UnresolvedFunction(
          name, children.subList(0, count), distinct, filter == null ? null : children.get(count));
    }
  }

  // ---- leaves -------------------------------------------------------------------------------

  /**
   * A resolved column, identified by {@code id} alone.
   *
   * @param eventTimeDelayMicros the watermark delay if this column is the event time of its stream
   *     (or the window made from it), else {@link #NO_EVENT_TIME}
   */
  record Attribute(long id, String name, DataType type, boolean nullable, long eventTimeDelayMicros)
      implements Expression {
    public static final long NO_EVENT_TIME = -1;

    /** A column of a new id that is no event time. */
    public static Attribute of(String name, DataType type, boolean nullable) {
      return new Attribute(newId(), name, type, nullable, NO_EVENT_TIME);
    }

    /** Whether this column carries a watermark. */
    public boolean isEventTime() {
      return eventTimeDelayMicros != NO_EVENT_TIME;
    }

    /** The same column under another nullability. */
    public Attribute withNullable(boolean nullable) {
      return new Attribute(id, name, type, nullable, eventTimeDelayMicros);
    }

    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return this;
    }
  }

  /** A constant; {@code value} as in a {@link io.arrowmill.Row}, null for SQL NULL. */
  record Literal(@Nullable Object value, DataType type) implements Expression {
    public static final Literal TRUE = new Literal(true, AtomicType.BOOLEAN);
    public static final Literal FALSE = new Literal(false, AtomicType.BOOLEAN);
    public static final Literal NULL = new Literal(null, DataTypes.NULL);

    @Override
    public boolean nullable() {
      return value == null;
    }

    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return this;
    }
  }

  // ---- scalar -------------------------------------------------------------------------------

  /** A named expression; its column has the id {@code id}. */
  record Alias(Expression child, String name, long id) implements Expression {
    /** {@code child AS name} under a new id. */
    public static Alias of(Expression child, String name) {
      return new Alias(child, name, newId());
    }

    @Override
    public DataType type() {
      return child.type();
    }

    @Override
    public boolean nullable() {
      return child.nullable();
    }

    @Override
    public List<Expression> children() {
      return List.of(child);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new Alias(children.getFirst(), name, id);
    }
  }

  /**
   * A generator as it stands in a selection, which gives several columns.
   *
   * @param names the columns' names, or none where the generator names them
   */
  record NamedColumns(Expression child, List<String> names) implements Expression {
    public NamedColumns {
      names = List.copyOf(names);
    }

    @Override
    public DataType type() {
      return child.type();
    }

    @Override
    public boolean nullable() {
      return child.nullable();
    }

    @Override
    public List<Expression> children() {
      return List.of(child);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new NamedColumns(children.getFirst(), names);
    }
  }

  /**
   * A conversion.
   *
   * @param tryMode whether a value that can't be converted gives null; otherwise it is an error
   *     (ANSI)
   */
  record Cast(Expression child, DataType type, boolean tryMode) implements Expression {
    @Override
    public boolean nullable() {
      return tryMode || child.nullable() || losesNan(child.type(), type);
    }

    @Override
    public List<Expression> children() {
      return List.of(child);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new Cast(children.getFirst(), type, tryMode);
    }

    /** NaN and the infinities are no decimals: they become NULL. */
    private static boolean losesNan(DataType from, DataType to) {
      return from.isFloating() && to instanceof DataType.DecimalType;
    }
  }

  /** The value of the first branch whose condition is true, else {@code otherwise}, else null. */
  record CaseWhen(List<Branch> branches, @Nullable Expression otherwise) implements Expression {
    /** One {@code WHEN condition THEN value}. */
    public record Branch(Expression condition, Expression value) {}

    public CaseWhen {
      branches = List.copyOf(branches);
    }

    @Override
    public DataType type() {
      return branches.getFirst().value().type();
    }

    @Override
    public boolean nullable() {
      Expression last = otherwise;
      return last == null
          || last.nullable()
          || branches.stream().anyMatch(branch -> branch.value().nullable());
    }

    @Override
    public List<Expression> children() {
      List<Expression> all = new ArrayList<>();
      for (Branch branch : branches) {
        all.add(branch.condition());
        all.add(branch.value());
      }
      if (otherwise != null) {
        all.add(otherwise);
      }
      return all;
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      List<Branch> copies = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        copies.add(new Branch(children.get(2 * i), children.get(2 * i + 1)));
      }
      return new CaseWhen(copies, otherwise == null ? null : children.getLast());
    }
  }

  /**
   * A resolved scalar function or operator; arguments already have the types it wants. Names are
   * canonical: one of several SQL spellings ({@code ceiling} becomes {@code ceil}, {@code ==}
   * becomes {@code =}).
   */
  record Call(String name, List<Expression> arguments, DataType type, boolean nullable)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public List<Expression> children() {
      return arguments;
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new Call(name, children, type, nullable);
    }
  }

  /** A field of a struct, by position. */
  record GetField(Expression child, int ordinal) implements Expression {
    /** The field's description in the child's type. */
    public StructField field() {
      return ((StructType) child.type()).field(ordinal);
    }

    @Override
    public DataType type() {
      return field().type();
    }

    @Override
    public boolean nullable() {
      return child.nullable() || field().nullable();
    }

    @Override
    public List<Expression> children() {
      return List.of(child);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new GetField(children.getFirst(), ordinal);
    }
  }

  /**
   * The event-time windows a timestamp falls into: a struct of {@code start} and {@code end}. With
   * {@code slide < length} one row falls into several; the optimizer turns that into a generator.
   *
   * @param lengthMicros length of a window
   * @param slideMicros distance between the starts of two windows
   * @param startMicros offset of the first window's start from 1970-01-01 UTC
   */
  record TimeWindow(Expression time, long lengthMicros, long slideMicros, long startMicros)
      implements Expression {
    /** Whether each time falls into one window. */
    public boolean isTumbling() {
      return lengthMicros == slideMicros;
    }

    @Override
    public DataType type() {
      return StructType.of(
          DataTypes.field("start", time.type()), DataTypes.field("end", time.type()));
    }

    @Override
    public boolean nullable() {
      return time.nullable();
    }

    @Override
    public List<Expression> children() {
      return List.of(time);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new TimeWindow(children.getFirst(), lengthMicros, slideMicros, startMicros);
    }
  }

  /** A sort key. */
  record SortOrder(Expression child, boolean ascending, boolean nullsFirst) implements Expression {
    @Override
    public DataType type() {
      return child.type();
    }

    @Override
    public boolean nullable() {
      return child.nullable();
    }

    @Override
    public List<Expression> children() {
      return List.of(child);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new SortOrder(children.getFirst(), ascending, nullsFirst);
    }
  }

  // ---- aggregates and generators ------------------------------------------------------------

  /**
   * A resolved aggregate function: {@code count} (no argument: all rows), {@code sum}, {@code avg},
   * ...
   */
  record AggregateCall(
      String name,
      List<Expression> arguments,
      boolean distinct,
      @Nullable Expression filter,
      DataType type,
      boolean nullable)
      implements Expression {
    /** Behind the name of a call that leaves nulls out: {@code first_present}. */
    public static final String PRESENT = "_present";

    public AggregateCall {
      arguments = List.copyOf(arguments);
    }

    @Override
    public List<Expression> children() {
      if (filter == null) {
        return arguments;
      }
      List<Expression> all = new ArrayList<>(arguments);
      all.add(filter);
      return all;
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      int count = arguments.size();
      return new AggregateCall(
          name,
          children.subList(0, count),
          distinct,
          filter == null ? null : children.get(count),
          type,
          nullable);
    }
  }

  /**
   * A function over a window. Its arguments are operands, the function itself is none.
   *
   * @param function an {@link UnresolvedFunction}, or the {@link AggregateCall} that it resolves
   *     to; those that only windows have are such calls, too
   */
  record Over(Expression function, WindowDefinition window) implements Expression {
    @Override
    public DataType type() {
      return function.type();
    }

    @Override
    public boolean nullable() {
      return function.nullable();
    }

    @Override
    public boolean resolved() {
      return function.resolved() && Expression.super.resolved();
    }

    @Override
    public List<Expression> children() {
      List<Expression> all = new ArrayList<>(function.children());
      all.addAll(window.children());
      return all;
    }

    @Override
    public Over withChildren(List<Expression> children) {
      int own = function.children().size();
      return new Over(
          function.withChildren(children.subList(0, own)),
          window.withChildren(children.subList(own, children.size())));
    }
  }

  /**
   * A resolved generator: {@code explode}, {@code posexplode}; several rows for one.
   *
   * @param outer whether an empty or null collection gives one row of nulls
   */
  record GeneratorCall(String name, Expression argument, boolean outer) implements Expression {
    /** The columns of the rows it makes. */
    public StructType elementSchema() {
      StructType columns = StructType.of();
      if (name.equals("posexplode")) {
        columns = columns.add("pos", AtomicType.INTEGER, outer);
      }
      return switch (argument.type()) {
        case ArrayType array -> columns.add("col", array.element(), outer || array.containsNull());
        case MapType map ->
            columns
                .add("key", map.key(), outer)
                .add("value", map.value(), outer || map.valueContainsNull());
        default -> throw new IllegalStateException("generator over " + argument.type().sql());
      };
    }

    @Override
    public DataType type() {
      return elementSchema();
    }

    @Override
    public boolean nullable() {
      return outer;
    }

    @Override
    public List<Expression> children() {
      return List.of(argument);
    }

    @Override
    public Expression withChildren(List<Expression> children) {
      return new GeneratorCall(name, children.getFirst(), outer);
    }
  }
}
