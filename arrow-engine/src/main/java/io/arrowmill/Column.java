package io.arrowmill;

import io.arrowmill.plan.ColumnNames;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.NamedColumns;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Literals;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.types.DataType;
import io.arrowmill.types.TypeParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression over the columns of a DataFrame; nothing is looked up or computed until a DataFrame
 * takes it. Immutable.
 *
 * <p>Where a parameter is an {@code Object}, a Column stands for itself and any other value for a
 * constant, as {@link Functions#lit} takes it.
 */
public final class Column {
  private final Expression expression;

  /** The column of that name, as {@link Functions#col}. */
  public Column(String name) {
    this(ColumnNames.parse(name));
  }

  /** A column that computes {@code expression}. */
  public Column(Expression expression) {
    this.expression = expression;
  }

  /** What this column computes. */
  public Expression expression() {
    return expression;
  }

  // ---- arithmetic ---------------------------------------------------------------------------

  public Column plus(@Nullable Object other) {
    return call("+", other);
  }

  public Column minus(@Nullable Object other) {
    return call("-", other);
  }

  public Column multiply(@Nullable Object other) {
    return call("*", other);
  }

  public Column divide(@Nullable Object other) {
    return call("/", other);
  }

  /** The remainder, with the sign of this column's value. */
  public Column mod(@Nullable Object other) {
    return call("%", other);
  }

  public Column bitwiseAND(@Nullable Object other) {
    return call("&", other);
  }

  public Column bitwiseOR(@Nullable Object other) {
    return call("|", other);
  }

  public Column bitwiseXOR(@Nullable Object other) {
    return call("^", other);
  }

  // ---- comparison ---------------------------------------------------------------------------

  public Column equalTo(@Nullable Object other) {
    return call("=", other);
  }

  /** Equality for which null equals null, and nothing else. */
  public Column eqNullSafe(@Nullable Object other) {
    return call("<=>", other);
  }

  public Column notEqual(@Nullable Object other) {
    return call("!=", other);
  }

  public Column gt(@Nullable Object other) {
    return call(">", other);
  }

  public Column geq(@Nullable Object other) {
    return call(">=", other);
  }

  public Column lt(@Nullable Object other) {
    return call("<", other);
  }

  public Column leq(@Nullable Object other) {
    return call("<=", other);
  }

  /** Whether the value is at least {@code lower} and at most {@code upper}. */
  public Column between(@Nullable Object lower, @Nullable Object upper) {
    return geq(lower).and(leq(upper));
  }

  /** Whether the value equals one of {@code values}; of none, it is false. */
  public Column isin(@Nullable Object... values) {
    return values.length == 0 ? new Column(Literal.FALSE) : call("in", values);
  }

  /** {@link #isin} over a collection. */
  public Column isInCollection(Iterable<?> values) {
    List<@Nullable Object> all = new ArrayList<>();
    values.forEach(all::add);
    return isin(all.toArray());
  }

  public Column isNull() {
    return call("isnull");
  }

  public Column isNotNull() {
    return call("isnotnull");
  }

  public Column isNaN() {
    return call("isnan");
  }

  // ---- logic --------------------------------------------------------------------------------

  public Column and(@Nullable Object other) {
    return call("and", other);
  }

  public Column or(@Nullable Object other) {
    return call("or", other);
  }

  /** The opposite truth, as {@link Functions#not}. */
  public Column not() {
    return call("not");
  }

  /**
   * One more branch of a column that {@link Functions#when} began.
   *
   * @throws AnalysisException if this column is not such a one, or {@link #otherwise} has closed it
   */
  public Column when(Column condition, @Nullable Object value) {
    CaseWhen open = openCase("when");
    List<CaseWhen.Branch> branches = new ArrayList<>(open.branches());
    branches.add(new CaseWhen.Branch(condition.expression, operand(value)));
    return new Column(new CaseWhen(branches, null));
  }

  /**
   * The value where no branch of {@link Functions#when} holds; without it, null.
   *
   * @throws AnalysisException if this column is not such a one, or has an otherwise
   */
  public Column otherwise(@Nullable Object value) {
    return new Column(new CaseWhen(openCase("otherwise").branches(), operand(value)));
  }

  // ---- strings ------------------------------------------------------------------------------

  public Column like(String pattern) {
    return call("like", pattern);
  }

  public Column ilike(String pattern) {
    return call("ilike", pattern);
  }

  public Column rlike(String pattern) {
    return call("rlike", pattern);
  }

  public Column startsWith(@Nullable Object prefix) {
    return call("startswith", prefix);
  }

  public Column endsWith(@Nullable Object suffix) {
    return call("endswith", suffix);
  }

  public Column contains(@Nullable Object part) {
    return call("contains", part);
  }

  /** Up to {@code length} characters from {@code start}, which counts from 1. */
  public Column substr(int start, int length) {
    return call("substring", start, length);
  }

  public Column substr(Column start, Column length) {
    return call("substring", start, length);
  }

  // ---- parts --------------------------------------------------------------------------------

  /** A field of a struct. */
  public Column getField(String name) {
    return call("getitem", name);
  }

  /** An element of an array (from 0), a value of a map, or a field of a struct. */
  public Column getItem(@Nullable Object key) {
    return call("getitem", key);
  }

  /** The same as {@link #getItem}. */
  public Column apply(@Nullable Object key) {
    return getItem(key);
  }

  // ---- type, name, order --------------------------------------------------------------------

  /** The value as another type; one that can't be converted is an error when the query runs. */
  public Column cast(DataType type) {
    return new Column(new Cast(expression, type, false));
  }

  /** The value as the type that DDL text such as {@code decimal(10,2)} names. */
  public Column cast(String type) {
    return cast(new TypeParser(type).parseType());
  }

  /** The value as another type, null where it can't be converted. */
  public Column try_cast(DataType type) {
    return new Column(new Cast(expression, type, true));
  }

  public Column try_cast(String type) {
    return try_cast(new TypeParser(type).parseType());
  }

  /** This column under a name. */
  public Column as(String alias) {
    return new Column(Alias.of(expression, alias));
  }

  /** The columns of a generator such as {@code posexplode} under names, one for each of them. */
  public Column as(String[] aliases) {
    return new Column(new NamedColumns(expression, List.of(aliases)));
  }

  public Column alias(String alias) {
    return as(alias);
  }

  public Column name(String alias) {
    return as(alias);
  }

  /** Ascending, nulls first. */
  public Column asc() {
    return asc_nulls_first();
  }

  public Column asc_nulls_first() {
    return new Column(new SortOrder(expression, true, true));
  }

  public Column asc_nulls_last() {
    return new Column(new SortOrder(expression, true, false));
  }

  /** Descending, nulls last. */
  public Column desc() {
    return desc_nulls_last();
  }

  public Column desc_nulls_first() {
    return new Column(new SortOrder(expression, false, true));
  }

  public Column desc_nulls_last() {
    return new Column(new SortOrder(expression, false, false));
  }

  /**
   * This function over a window, for bounded tables: an aggregate, or one of those that only
   * windows have, such as {@link Functions#row_number}.
   */
  public Column over(WindowSpec window) {
    return new Column(new Over(expression, window.definition()));
  }

  /** An aggregate of all rows, beside each of them. */
  public Column over() {
    return new Column(new Over(expression, new WindowDefinition(List.of(), List.of(), null)));
  }

  private CaseWhen openCase(String method) {
    if (expression instanceof CaseWhen open && open.otherwise() == null) {
      return open;
    }
    throw new AnalysisException(
        "INVALID_WHEN_USAGE",
        method
            + "() must follow when(condition, value), and nothing may follow otherwise(value):"
            + " column="
            + this);
  }

  private Column call(String name, @Nullable Object... others) {
    List<Expression> arguments = new ArrayList<>();
    arguments.add(expression);
    Arrays.stream(others).map(Column::operand).forEach(arguments::add);
    return new Column(new UnresolvedFunction(name, arguments, false, null));
  }

  static Expression operand(@Nullable Object value) {
    return value instanceof Column column ? column.expression : Literals.of(value);
  }

  /**
   * Whether the other column computes the same expression. To compare values, see {@link #equalTo}.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Column column && column.expression.equals(expression);
  }

  @Override
  public int hashCode() {
    return expression.hashCode();
  }

  @Override
  public String toString() {
    return expression.sql();
  }
}
