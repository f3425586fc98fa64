package io.arrowmill;

import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.TypedRows;
import io.arrowmill.plan.TypedFunction;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A bounded or unbounded table whose rows a program handles as Java objects: records, whose
 * components are found among the columns by name, or single values of a table with one column.
 *
 * <p>Functions are called by several tasks at a time, with objects made for the call. A {@link
 * DataFrame}'s expressions are compiled and far faster: filter and compute with them first, and use
 * functions for what they can't say. Immutable and safe for any thread.
 *
 * @param <T> a record class, or a class with a data type of its own such as {@code Long}
 */
public final class Dataset<T> {
  private final DataFrame frame;
  private final RecordMapping<T> mapping;

  Dataset(DataFrame frame, RecordMapping<T> mapping) {
    this.frame = frame;
    this.mapping = mapping;
    TypedColumns.of(frame, mapping.type()); // fails now rather than when it is used
  }

  /** The table behind; with its columns, also those that the class has no component for. */
  public DataFrame toDF() {
    return frame;
  }

  /** The same rows as objects of another class. */
  public <U> Dataset<U> as(Class<U> type) {
    return frame.as(type);
  }

  RecordMapping<T> mapping() {
    return mapping;
  }

  private Dataset<T> same(DataFrame next) {
    return new Dataset<>(next, mapping);
  }

  // ---- functions ----------------------------------------------------------------------------

  /** What {@code function} makes of each object. */
  public <U> Dataset<U> map(MapFunction<T, U> function, Class<U> type) {
    return map(function, RecordMapping.of(type));
  }

  <U> Dataset<U> map(MapFunction<T, U> function, RecordMapping<U> result) {
    Objects.requireNonNull(function);
    return giving(
        new TypedFunction.MapRows(
            mapping.type(), result.type(), value -> function.call(TypedColumns.<T>cast(value))),
        result);
  }

  /** What {@code function} makes of each object, one after the other. */
  public <U> Dataset<U> flatMap(FlatMapFunction<T, U> function, Class<U> type) {
    Objects.requireNonNull(function);
    RecordMapping<U> result = RecordMapping.of(type);
    return giving(
        new TypedFunction.FlatMapRows(
            mapping.type(), result.type(), value -> function.call(TypedColumns.<T>cast(value))),
        result);
  }

  private <U> Dataset<U> giving(TypedFunction function, RecordMapping<U> result) {
    TypedColumns input = TypedColumns.of(frame, mapping.type());
    LogicalPlan plan =
        new TypedRows(function, input.reads(), Session.attributes(result.schema()), input.plan());
    return new Dataset<>(new DataFrame(frame.engine(), plan), result);
  }

  /** The objects for which {@code function} is true. */
  public Dataset<T> filter(FilterFunction<T> function) {
    Objects.requireNonNull(function);
    TypedColumns input = TypedColumns.of(frame, mapping.type());
    LogicalPlan plan =
        new TypedRows(
            new TypedFunction.FilterRows(
                mapping.type(), value -> function.call(TypedColumns.<T>cast(value))),
            input.reads(),
            List.of(),
            input.plan());
    List<Attribute> output = frame.plan().output();
    if (plan.output().size() > output.size()) {
      plan = new Project(List.copyOf(output), plan);
    }
    return same(new DataFrame(frame.engine(), plan));
  }

  /**
   * Groups the objects by a key.
   *
   * @param key the key's class: a record, or a class with a data type of its own
   */
  public <K> KeyedDataset<K, T> groupByKey(MapFunction<T, K> function, Class<K> key) {
    return KeyedDataset.of(this, function, RecordMapping.of(key));
  }

  /**
   * Makes one object of all.
   *
   * @throws ArrowmillException with condition {@code NO_SUCH_ROW} if there is none
   */
  public T reduce(ReduceFunction<T> function) {
    T reduced = null;
    for (T value : collect()) {
      try {
        reduced = reduced == null ? value : function.call(reduced, value);
      } catch (Exception e) {
        throw new ArrowmillException(
            "USER_FUNCTION_ERROR",
            "a function of the program must return: operator=reduce, error=" + e,
            e);
      }
    }
    if (reduced == null) {
      throw new ArrowmillException(
          "NO_SUCH_ROW", "a table must have a row to be reduced: schema=" + schema().toDDL());
    }
    return reduced;
  }

  // ---- what a table can do ------------------------------------------------------------------

  /** The rows for which the condition is true. */
  public Dataset<T> filter(Column condition) {
    return same(frame.where(condition));
  }

  /** The rows for which a SQL condition is true. */
  public Dataset<T> filter(String condition) {
    return same(frame.where(condition));
  }

  public Dataset<T> where(Column condition) {
    return filter(condition);
  }

  public Dataset<T> where(String condition) {
    return filter(condition);
  }

  public DataFrame select(Column... columns) {
    return frame.select(columns);
  }

  public Column col(String name) {
    return frame.col(name);
  }

  /** Declares the event time of a stream; see {@link DataFrame#withWatermark}. */
  public Dataset<T> withWatermark(String column, String delay) {
    return same(frame.withWatermark(column, delay));
  }

  public Dataset<T> union(Dataset<T> other) {
    return same(frame.union(other.frame));
  }

  public Dataset<T> distinct() {
    return same(frame.distinct());
  }

  public Dataset<T> dropDuplicates(String... columns) {
    return same(frame.dropDuplicates(columns));
  }

  public Dataset<T> dropDuplicatesWithinWatermark(String... columns) {
    return same(frame.dropDuplicatesWithinWatermark(columns));
  }

  public Dataset<T> limit(int count) {
    return same(frame.limit(count));
  }

  public Dataset<T> orderBy(Column... columns) {
    return same(frame.orderBy(columns));
  }

  public Dataset<T> orderBy(String column, String... columns) {
    return same(frame.orderBy(column, columns));
  }

  /** What {@code function} makes of this table. */
  public <U> Dataset<U> transform(Function<Dataset<T>, Dataset<U>> function) {
    return function.apply(this);
  }

  public StructType schema() {
    return frame.schema();
  }

  public String[] columns() {
    return frame.columns();
  }

  public void printSchema() {
    frame.printSchema();
  }

  public boolean isStreaming() {
    return frame.isStreaming();
  }

  public void explain() {
    frame.explain();
  }

  public void createOrReplaceTempView(String name) {
    frame.createOrReplaceTempView(name);
  }

  /** Describes where this unbounded table goes. */
  public DataStreamWriter writeStream() {
    return frame.writeStream();
  }

  /** Describes where this bounded table goes. */
  public DataFrameWriter write() {
    return frame.write();
  }

  // ---- actions ------------------------------------------------------------------------------

  /** All objects. Throws {@link AnalysisException} on an unbounded table. */
  public List<T> collect() {
    return objects(frame);
  }

  public List<T> collectAsList() {
    return collect();
  }

  private List<T> objects(DataFrame of) {
    TypedColumns input = TypedColumns.of(of, mapping.type());
    List<T> objects = new ArrayList<>();
    DataFrame parts =
        new DataFrame(of.engine(), new Project(List.copyOf(input.reads()), input.plan()));
    for (Row row : parts.collect()) {
      objects.add(mapping.fromRow(row));
    }
    return objects;
  }

  public List<T> take(int count) {
    return objects(frame.limit(count));
  }

  public List<T> head(int count) {
    return take(count);
  }

  /**
   * The first object.
   *
   * @throws ArrowmillException with condition {@code NO_SUCH_ROW} if there is none
   */
  public T first() {
    List<T> objects = take(1);
    if (objects.isEmpty()) {
      throw new ArrowmillException(
          "NO_SUCH_ROW", "a table must have a row for first(): schema=" + schema().toDDL());
    }
    return objects.getFirst();
  }

  public T head() {
    return first();
  }

  public long count() {
    return frame.count();
  }

  public boolean isEmpty() {
    return frame.isEmpty();
  }

  public void show() {
    frame.show();
  }

  public void show(int rows) {
    frame.show(rows);
  }

  public void show(boolean truncate) {
    frame.show(truncate);
  }

  public void show(int rows, boolean truncate) {
    frame.show(rows, truncate);
  }

  @Override
  public String toString() {
    JavaType type = mapping.type();
    return "Dataset[" + type.javaClass().getSimpleName() + ": " + schema().toDDL() + "]";
  }
}
