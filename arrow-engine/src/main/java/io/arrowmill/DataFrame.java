package io.arrowmill;

import io.arrowmill.analysis.StreamingRules;
import io.arrowmill.plan.ColumnNames;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.GroupingParts;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import io.arrowmill.plan.Required;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * A bounded or unbounded table that a query computes. Immutable and safe for any thread.
 *
 * <p>A transformation checks its names and types at once, and throws {@link AnalysisException} if
 * they don't fit; rows move only when an action ({@code collect}, {@code count}, {@code show},
 * {@code toArrow}) or a streaming query asks for them. On an unbounded table the actions are
 * refused.
 */
public final class DataFrame {
  private static final int SHOWN_ROWS = 20;
  private static final int SHOWN_CHARACTERS = 20;

  private final QueryEngine engine;
  private final LogicalPlan plan;

  /**
   * A table computed by {@code plan} on {@code engine}.
   *
   * @param plan a plan; what it leaves unresolved is resolved here
   */
  public DataFrame(QueryEngine engine, LogicalPlan plan) {
    this.engine = engine;
    this.plan = engine.analyze(plan);
  }

  /** The resolved plan. */
  public LogicalPlan plan() {
    return plan;
  }

  /** The engine that runs the plan. */
  public QueryEngine engine() {
    return engine;
  }

  private DataFrame over(LogicalPlan next) {
    return new DataFrame(engine, next);
  }

  // ---- columns ------------------------------------------------------------------------------

  public DataFrame select(Column... columns) {
    return over(new Project(expressions(columns), plan));
  }

  public DataFrame select(String column, String... columns) {
    return over(new Project(names(column, columns), plan));
  }

  /** Selects SQL expressions, such as {@code "price * 2 AS doubled"}. */
  public DataFrame selectExpr(String... expressions) {
    return over(
        new Project(Arrays.stream(expressions).map(SqlParser::parseExpression).toList(), plan));
  }

  /** Adds a column, or replaces the one of that name. */
  public DataFrame withColumn(String name, Column column) {
    return withColumns(Map.of(name, column));
  }

  /** Adds or replaces columns, all computed from the columns as they are now. */
  public DataFrame withColumns(Map<String, Column> columns) {
    List<Alias> aliases = new ArrayList<>();
    columns.forEach((name, column) -> aliases.add(Alias.of(unnamed(column), name)));
    return over(new WithColumns(aliases, plan));
  }

  /** Renames a column; without effect if there is none of that name. */
  public DataFrame withColumnRenamed(String existing, String renamed) {
    return withColumnsRenamed(Map.of(existing, renamed));
  }

  /** Renames columns, old name to new. */
  public DataFrame withColumnsRenamed(Map<String, String> names) {
    List<Expression> columns = new ArrayList<>();
    for (Attribute column : plan.output()) {
      String renamed = null;
      for (Map.Entry<String, String> entry : names.entrySet()) {
        if (entry.getKey().equalsIgnoreCase(column.name())) {
          renamed = entry.getValue();
        }
      }
      columns.add(renamed == null ? column : Alias.of(column, renamed));
    }
    return over(new Project(columns, plan));
  }

  /** Names all columns anew, in order. */
  public DataFrame toDF(String... names) {
    List<Attribute> output = plan.output();
    if (output.size() != names.length) {
      throw new AnalysisException(
          "ASSIGNMENT_ARITY_MISMATCH",
          "there must be one name a column: columns=" + output.size() + ", names=" + names.length);
    }
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      columns.add(Alias.of(output.get(i), names[i]));
    }
    return over(new Project(columns, plan));
  }

  /** Leaves out columns; names that don't exist are passed over. */
  public DataFrame drop(String... names) {
    return over(new DropColumns(List.of(names), plan));
  }

  /** Leaves out columns, such as one side's of a join: {@code joined.drop(right.col("id"))}. */
  public DataFrame drop(Column column, Column... columns) {
    List<Expression> dropped = new ArrayList<>(List.of(column.expression()));
    dropped.addAll(expressions(columns));
    List<Long> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expression expression : dropped) {
      switch (expression) {
        case Attribute attribute -> ids.add(attribute.id());
        case UnresolvedAttribute attribute -> names.add(attribute.parts().getLast());
        default ->
            throw new AnalysisException(
                "UNSUPPORTED_FEATURE.DROP_EXPRESSION",
                "only columns can be dropped: expression=" + expression.sql());
      }
    }
    List<Expression> kept = new ArrayList<>(plan.output());
    kept.removeIf(attribute ->
        ids.contains(((Attribute) attribute).id())
            || names.stream().anyMatch(((Attribute) attribute).name()::equalsIgnoreCase));
    return over(new Project(kept, plan));
  }

  /**
   * The column of this table of that name, {@code *}, or a field as in {@code column.field}. In a
   * join it stays this table's column, whatever columns of the same name the other side has.
   */
  public Column col(String name) {
    if (name.endsWith("*")) {
      return new Column(ColumnNames.parse(name));
    }
    LogicalPlan selected = engine.analyze(new Project(List.of(ColumnNames.parse(name)), plan));
    if (selected instanceof Project project && project.columns().size() == 1) {
      Expression column = project.columns().getFirst();
      return new Column(column instanceof Alias alias ? alias.child() : column);
    }
    throw new IllegalStateException("a projection must stay one when resolved: " + selected);
  }

  /** The same as {@link #col}. */
  public Column apply(String name) {
    return col(name);
  }

  // ---- rows ---------------------------------------------------------------------------------

  /** The rows for which the condition is true; neither false nor null. */
  public DataFrame where(Column condition) {
    return over(new Filter(condition.expression(), plan));
  }

  /** The rows for which a SQL condition is true. */
  public DataFrame where(String condition) {
    return where(new Column(SqlParser.parseExpression(condition)));
  }

  public DataFrame filter(Column condition) {
    return where(condition);
  }

  public DataFrame filter(String condition) {
    return where(condition);
  }

  public DataFrame distinct() {
    return dropDuplicates();
  }

  /** One row for each combination of the named columns, or of all columns if none is named. */
  public DataFrame dropDuplicates(String... columns) {
    return over(new Deduplicate(attributes(columns), false, plan));
  }

  /**
   * As {@link #dropDuplicates}, forgetting a key once its first row is older than the watermark
   * delay.
   */
  public DataFrame dropDuplicatesWithinWatermark(String... columns) {
    return over(new Deduplicate(attributes(columns), true, plan));
  }

  public DataFrame limit(int count) {
    if (count < 0) {
      throw new AnalysisException(
          "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
          "limit must be zero or more: limit=" + count);
    }
    return over(new Limit(count, plan));
  }

  /** Sorts by the columns, each ascending with nulls first unless it says otherwise. */
  public DataFrame orderBy(Column... columns) {
    List<SortOrder> orders = new ArrayList<>();
    for (Expression expression : expressions(columns)) {
      orders.add(
          expression instanceof SortOrder order ? order : new SortOrder(expression, true, true));
    }
    return over(new Sort(orders, plan));
  }

  public DataFrame orderBy(String column, String... columns) {
    return orderBy(names(column, columns).stream().map(Column::new).toArray(Column[]::new));
  }

  public DataFrame sort(Column... columns) {
    return orderBy(columns);
  }

  public DataFrame sort(String column, String... columns) {
    return orderBy(column, columns);
  }

  /**
   * The rows as objects of a class.
   *
   * @param type a record class, whose components are found among the columns by name; or a class
   *     with a data type of its own, such as {@code String}, for a table of one column
   * @throws AnalysisException if a component has no column, or one whose values might not fit
   */
  public <R> Dataset<R> as(Class<R> type) {
    return new Dataset<>(this, RecordMapping.of(type));
  }

  // ---- groups -------------------------------------------------------------------------------

  public GroupedData groupBy(Column... columns) {
    return new GroupedData(this, expressions(columns));
  }

  public GroupedData groupBy(String column, String... columns) {
    return new GroupedData(this, names(column, columns));
  }

  /** Groups by all columns, by all but the last, and so on down to none: subtotals and a total. */
  public GroupedData rollup(Column... columns) {
    return GroupedData.bySets(this, expressions(columns), GroupingParts.beginnings(columns.length));
  }

  public GroupedData rollup(String column, String... columns) {
    List<Expression> keys = names(column, columns);
    return GroupedData.bySets(this, keys, GroupingParts.beginnings(keys.size()));
  }

  /** Groups by every part of the columns, down to none. */
  public GroupedData cube(Column... columns) {
    return GroupedData.bySets(this, expressions(columns), GroupingParts.parts(columns.length));
  }

  public GroupedData cube(String column, String... columns) {
    List<Expression> keys = names(column, columns);
    return GroupedData.bySets(this, keys, GroupingParts.parts(keys.size()));
  }

  /** Aggregates all rows into one. */
  public DataFrame agg(Column aggregate, Column... aggregates) {
    return groupBy().agg(aggregate, aggregates);
  }

  /** Aggregates all rows into one: column name to function name. */
  public DataFrame agg(Map<String, String> aggregates) {
    return groupBy().agg(aggregates);
  }

  // ---- several tables -----------------------------------------------------------------------

  /** This table's columns can be called {@code alias.name} from here on. */
  public DataFrame as(String alias) {
    return over(new SubqueryAlias(alias, plan));
  }

  public DataFrame alias(String alias) {
    return as(alias);
  }

  /** The rows of both, duplicates kept; columns correspond by position. */
  public DataFrame union(DataFrame other) {
    return over(new Union(List.of(plan, other.plan), List.of(), false, false));
  }

  public DataFrame unionAll(DataFrame other) {
    return union(other);
  }

  /** The rows of both, duplicates kept; columns correspond by name. */
  public DataFrame unionByName(DataFrame other) {
    return unionByName(other, false);
  }

  /**
   * As {@link #unionByName(DataFrame)}; a column that one side lacks is null there if {@code
   * allowMissing}.
   */
  public DataFrame unionByName(DataFrame other, boolean allowMissing) {
    return over(new Union(List.of(plan, other.plan), List.of(), true, allowMissing));
  }

  public DataFrame crossJoin(DataFrame right) {
    return join(right, JoinType.CROSS, null, List.of());
  }

  /** Every pair of rows. */
  public DataFrame join(DataFrame right) {
    return join(right, JoinType.INNER, null, List.of());
  }

  public DataFrame join(DataFrame right, Column condition) {
    return join(right, condition, "inner");
  }

  /**
   * Pairs of rows for which the condition is true; type as in Spark, such as {@code left_outer}.
   */
  public DataFrame join(DataFrame right, Column condition, String type) {
    return join(right, JoinType.parse(type), condition.expression(), List.of());
  }

  public DataFrame join(DataFrame right, String column) {
    return join(right, column, "inner");
  }

  /** Pairs of rows that agree in the column, which appears once in the result. */
  public DataFrame join(DataFrame right, String column, String type) {
    return join(right, JoinType.parse(type), null, List.of(column));
  }

  public DataFrame join(DataFrame right, String[] columns) {
    return join(right, columns, "inner");
  }

  /** Pairs of rows that agree in the columns, each of which appears once in the result. */
  public DataFrame join(DataFrame right, String[] columns, String type) {
    return join(right, JoinType.parse(type), null, List.of(columns));
  }

  private DataFrame join(
      DataFrame right, JoinType type, @Nullable Expression condition, List<String> using) {
    LogicalPlan other = Required.given(right, "other side of a join").plan;
    return over(new Join(plan, other, type, condition, using));
  }

  // ---- streams ------------------------------------------------------------------------------

  /**
   * Declares the column of event times and how late a row may be.
   *
   * @param delay a length of time such as {@code "10 minutes"}, zero or more
   */
  public DataFrame withWatermark(String column, String delay) {
    return over(
        new EventTimeWatermark(ColumnNames.parse(column), TimeSpans.parseDelay(delay), plan));
  }

  /**
   * The same table, whose streaming queries tell metrics of each batch's rows in their progress.
   *
   * @param name of the metrics, unique in a query
   * @param metric an aggregate over the rows that pass here, such as {@code
   *     count(lit(1)).as("rows")}
   */
  public DataFrame observe(String name, Column metric, Column... metrics) {
    List<Expression> all = new ArrayList<>();
    all.add(metric.expression());
    all.addAll(expressions(metrics));
    return over(new Observe(Expression.newId(), name, all, plan));
  }

  /** Whether some input is unbounded. */
  public boolean isStreaming() {
    return plan.isStreaming();
  }

  // ---- about the table ----------------------------------------------------------------------

  public StructType schema() {
    return plan.schema();
  }

  /** The names of the columns. */
  public String[] columns() {
    return schema().fieldNames();
  }

  /** Prints the schema as a tree. */
  public void printSchema() {
    System.out.println(schema().treeString());
  }

  /** Prints how the query would be run. */
  public void explain() {
    explain("simple");
  }

  public void explain(boolean extended) {
    explain(extended ? "extended" : "simple");
  }

  /** Prints how the query would be run; mode is simple, extended, codegen, cost or formatted. */
  public void explain(String mode) {
    System.out.println(engine.explain(plan, mode.toLowerCase(Locale.ROOT)));
  }

  /** Names this table for SQL, in place of any view of that name. */
  public void createOrReplaceTempView(String name) {
    engine.createTempView(name, plan, true);
  }

  /**
   * Names this table for SQL.
   *
   * @throws AnalysisException if there is a view of that name
   */
  public void createTempView(String name) {
    engine.createTempView(name, plan, false);
  }

  /** This table through a function of yours, so that steps can be chained. */
  public DataFrame transform(Function<DataFrame, DataFrame> function) {
    return function.apply(this);
  }

  // ---- actions ------------------------------------------------------------------------------

  /** Prints the first 20 rows, long values cut to 20 characters. */
  public void show() {
    show(SHOWN_ROWS);
  }

  public void show(int rows) {
    show(rows, SHOWN_CHARACTERS);
  }

  public void show(boolean truncate) {
    show(SHOWN_ROWS, truncate);
  }

  public void show(int rows, boolean truncate) {
    show(rows, truncate ? SHOWN_CHARACTERS : 0);
  }

  /** Prints the first rows, values cut to {@code truncate} characters, or whole if it is 0. */
  public void show(int rows, int truncate) {
    System.out.println(engine.showString(plan, rows, truncate));
  }

  /** All rows. Throws {@link AnalysisException} on an unbounded table. */
  public List<Row> collect() {
    return engine.collect(plan);
  }

  public List<Row> collectAsList() {
    return collect();
  }

  /** Number of rows. */
  public long count() {
    Expression one = new Literal(1, AtomicType.INTEGER);
    Column count = new Column(UnresolvedFunction.of("count", one)).as("count");
    return agg(count).collect().getFirst().getLong(0);
  }

  /**
   * The first row.
   *
   * @throws ArrowmillException with condition {@code NO_SUCH_ROW} if there is none
   */
  public Row first() {
    List<Row> rows = take(1);
    if (rows.isEmpty()) {
      throw new ArrowmillException(
          "NO_SUCH_ROW", "a table must have a row for first(): schema=" + schema().toDDL());
    }
    return rows.getFirst();
  }

  public Row head() {
    return first();
  }

  public List<Row> head(int count) {
    return take(count);
  }

  public List<Row> take(int count) {
    return limit(count).collect();
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return take(1).isEmpty();
  }

  /** All rows as Arrow batches; close the reader. */
  public ArrowReader toArrow() {
    return engine.toArrow(plan);
  }

  // ---- arguments ----------------------------------------------------------------------------

  static List<Expression> expressions(Column... columns) {
    return Arrays.stream(columns).map(Column::expression).toList();
  }

  private static List<Expression> names(String first, String... rest) {
    List<Expression> all = new ArrayList<>(List.of(ColumnNames.parse(first)));
    Arrays.stream(rest).map(ColumnNames::parse).forEach(all::add);
    return all;
  }

  /** Names of top-level columns, which may hold dots. */
  private static List<Expression> attributes(String... names) {
    return Arrays.stream(names)
        .<Expression>map(name -> new UnresolvedAttribute(List.of(name)))
        .toList();
  }

  private static Expression unnamed(Column column) {
    return column.expression() instanceof Alias alias ? alias.child() : column.expression();
  }

  @Override
  public String toString() {
    return "DataFrame[" + schema().toDDL() + "]";
  }

  /**
   * Describes where this bounded table goes.
   *
   * @throws AnalysisException if the table is unbounded
   * @throws IllegalStateException if the table was not made by a {@link Session}
   */
  public DataFrameWriter write() {
    StreamingRules.checkBatchAction(plan, "write");
    if (!(engine instanceof SessionEngine session)) {
      throw new IllegalStateException("a table that is written must be a session's");
    }
    return new DataFrameWriter(this, session);
  }

  /**
   * Describes where this unbounded table goes.
   *
   * @throws IllegalStateException if the table was not made by a {@link Session}
   */
  public DataStreamWriter writeStream() {
    if (!(engine instanceof SessionEngine session)) {
      throw new IllegalStateException("a table that is written must be a session's");
    }
    return new DataStreamWriter(this, session);
  }
}
