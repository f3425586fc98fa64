package io.arrowmill;

import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.GroupsWithState;
import io.arrowmill.plan.LogicalPlan.KeyedRows;
import io.arrowmill.plan.LogicalPlan.TypedRows;
import io.arrowmill.plan.StateFunction;
import io.arrowmill.plan.TypedFunction;
import io.arrowmill.streaming.FlatMapGroupsWithStateFunction;
import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.MapGroupsWithStateFunction;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StatefulProcessor;
import io.arrowmill.streaming.StatefulProcessorWithInitialState;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.types.DataType;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a {@link Dataset}, grouped by a key that a function makes of each. Immutable and
 * safe for any thread.
 *
 * @param <K> the key's class
 * @param <R> the objects' class
 */
public final class KeyedDataset<K, R> {
  private final DataFrame keyed;
  private final RecordMapping<K> key;
  private final List<Attribute> keys;
  private final RecordMapping<R> value;
  private final List<Attribute> values;

  private KeyedDataset(
      DataFrame keyed,
      RecordMapping<K> key,
      List<Attribute> keys,
      RecordMapping<R> value,
      List<Attribute> values) {
    this.keyed = keyed;
    this.key = key;
    this.keys = keys;
    this.value = value;
    this.values = values;
  }

  static <K, R> KeyedDataset<K, R> of(
      Dataset<R> dataset, MapFunction<R, K> function, RecordMapping<K> key) {
    Objects.requireNonNull(function);
    TypedColumns input = TypedColumns.of(dataset.toDF(), dataset.mapping().type());
    List<Attribute> keys = Session.attributes(RecordWriter.columns(key.type(), PackedForm.KEY));
    LogicalPlan plan =
        new TypedRows(
            new TypedFunction.AppendKey(
                dataset.mapping().type(),
                key.type(),
                value -> function.call(TypedColumns.<R>cast(value))),
            input.reads(),
            keys,
            input.plan());
    DataFrame keyed = new DataFrame(dataset.toDF().engine(), plan);
    return new KeyedDataset<>(keyed, key, keys, dataset.mapping(), input.reads());
  }

  /** The key's parts under their names. */
  private List<Column> parts() {
    List<Column> parts = new ArrayList<>();
    List<StructField> fields = key.schema().fields();
    for (int i = 0; i < keys.size(); i++) {
      Attribute column = keys.get(i);
      DataType type = fields.get(i).type();
      Expression part =
          column.type().equals(type) ? column : new Call("unpack", List.of(column), type, true);
      parts.add(new Column(Alias.of(part, fields.get(i).name())));
    }
    return parts;
  }

  /** The key as one column. */
  private Column keyColumn() {
    Column[] parts = parts().toArray(Column[]::new);
    return (key.type() instanceof RecordOf ? Functions.struct(parts) : parts[0]).as("key");
  }

  private <V> Dataset<KeyValue<K, V>> pairs(DataFrame frame, JavaType second) {
    JavaType pair = JavaType.of(KeyValue.class, Map.of("K", key.type(), "V", second));
    return new Dataset<>(frame, RecordMapping.of(pair));
  }

  /** The number of objects of each key, in columns {@code key} and {@code value}. */
  public Dataset<KeyValue<K, Long>> count() {
    Column count = Functions.count(Functions.lit(1)).as("value");
    DataFrame counted =
        keyed.groupBy(keys.stream().map(Column::new).toArray(Column[]::new)).agg(count);
    DataFrame named =
        counted.select(keyColumn(), new Column(counted.plan().output().getLast()).as("value"));
    return pairs(named, JavaType.of(Long.class));
  }

  /** Each key once. */
  public Dataset<K> keys() {
    return new Dataset<>(keyed.select(parts().toArray(Column[]::new)).distinct(), key);
  }

  /** The same groups of what {@code function} makes of each object. */
  public <W> KeyedDataset<K, W> mapValues(MapFunction<R, W> function, Class<W> type) {
    RecordMapping<W> mapped = RecordMapping.of(type);
    List<Attribute> parts = Session.attributes(mapped.schema());
    LogicalPlan plan =
        new TypedRows(
            new TypedFunction.AppendValue(
                value.type(), mapped.type(), each -> function.call(TypedColumns.<R>cast(each))),
            values,
            parts,
            keyed.plan());
    return new KeyedDataset<>(new DataFrame(keyed.engine(), plan), key, keys, mapped, parts);
  }

  /**
   * One object of all objects of each key, in columns {@code key} and {@code value}. On a stream an
   * aggregation: output modes Update and Complete.
   */
  public Dataset<KeyValue<K, R>> reduceGroups(ReduceFunction<R> function) {
    JavaType pair = JavaType.of(KeyValue.class, Map.of("K", key.type(), "V", value.type()));
    StateFunction.Body body =
        (each, rows, state) -> {
          R reduced = state.exists() ? TypedColumns.<R>cast(state.get()) : null;
          while (rows.hasNext()) {
            R next = TypedColumns.<R>cast(rows.next());
            reduced = reduced == null ? next : function.call(reduced, next);
          }
          if (reduced != null) {
            state.update(reduced);
          }
          return List.of(new KeyValue<Object, R>(each, reduced)).iterator();
        };
    StateFunction reduce =
        new StateFunction(
            StateFunction.REDUCE, types(value.type(), pair), GroupStateTimeout.NO_TIMEOUT, body);
    return stateful(reduce, OutputMode.UPDATE, null, RecordMapping.of(pair));
  }

  /** What {@code function} makes of the objects of each key; on a stream of those of each batch. */
  public <U> Dataset<U> flatMapGroups(FlatMapGroupsFunction<K, R, U> function, Class<U> type) {
    Objects.requireNonNull(function);
    RecordMapping<U> result = RecordMapping.of(type);
    StateFunction groups =
        new StateFunction(
            StateFunction.FLAT_MAP_GROUPS,
            types(JavaType.of(Boolean.class), result.type()),
            GroupStateTimeout.NO_TIMEOUT,
            (each, rows, state) ->
                function.call(TypedColumns.<K>cast(each), TypedColumns.<Iterator<R>>cast(rows)));
    return stateful(groups, OutputMode.APPEND, null, result);
  }

  /** One object of the objects of each key; on a stream of those of each batch. */
  public <U> Dataset<U> mapGroups(MapGroupsFunction<K, R, U> function, Class<U> type) {
    Objects.requireNonNull(function);
    return flatMapGroups((each, rows) -> single(function.call(each, rows)), type);
  }

  private StateFunction.Types types(JavaType state, JavaType result) {
    return new StateFunction.Types(key.type(), value.type(), state, state, result);
  }

  private static <U> Iterator<U> single(U value) {
    return Collections.singletonList(value).iterator();
  }

  // ---- state --------------------------------------------------------------------------------

  /** As the longest overload, without timeouts. */
  public <S, U> Dataset<U> mapGroupsWithState(
      MapGroupsWithStateFunction<K, R, S, U> function, Class<S> state, Class<U> type) {
    return mapGroupsWithState(function, state, type, GroupStateTimeout.NO_TIMEOUT);
  }

  /** As the longest overload, without an initial state. */
  public <S, U> Dataset<U> mapGroupsWithState(
      MapGroupsWithStateFunction<K, R, S, U> function,
      Class<S> state,
      Class<U> type,
      GroupStateTimeout timeout) {
    return mapped(function, RecordMapping.of(state), RecordMapping.of(type), timeout, null);
  }

  /**
   * As the overload without a mode.
   *
   * @param mode must be Update
   */
  public <S, U> Dataset<U> mapGroupsWithState(
      MapGroupsWithStateFunction<K, R, S, U> function,
      Class<S> state,
      Class<U> type,
      OutputMode mode,
      GroupStateTimeout timeout) {
    if (mode != OutputMode.UPDATE) {
      throw new AnalysisException(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "mapGroupsWithState must give in output mode Update: mode="
              + mode
              + "; use flatMapGroupsWithState");
    }
    return mapGroupsWithState(function, state, type, timeout);
  }

  /**
   * One object of the new objects of each key and of what the function keeps of the key; output
   * mode Update. On a bounded table the function is called once a key, without a state.
   *
   * @param state class of what is kept
   * @param type class of what the function gives
   * @param timeout whether the function is called for keys without new objects
   * @param initial what is kept of keys before the first batch, one object a key
   */
  public <S, U> Dataset<U> mapGroupsWithState(
      MapGroupsWithStateFunction<K, R, S, U> function,
      Class<S> state,
      Class<U> type,
      GroupStateTimeout timeout,
      KeyedDataset<K, S> initial) {
    return mapped(function, RecordMapping.of(state), RecordMapping.of(type), timeout, initial);
  }

  private <S, U> Dataset<U> mapped(
      MapGroupsWithStateFunction<K, R, S, U> function,
      RecordMapping<S> state,
      RecordMapping<U> result,
      GroupStateTimeout timeout,
      @Nullable KeyedDataset<K, S> initial) {
    Objects.requireNonNull(function);
    StateFunction.Body body =
        (each, rows, kept) ->
            single(
                function.call(
                    TypedColumns.<K>cast(each),
                    TypedColumns.<Iterator<R>>cast(rows),
                    TypedColumns.<GroupState<S>>cast(kept)));
    return stateful(
        new StateFunction(StateFunction.MAP, types(state.type(), result.type()), timeout, body),
        OutputMode.UPDATE,
        initial,
        result);
  }

  /** As the longest overload, without an initial state. */
  public <S, U> Dataset<U> flatMapGroupsWithState(
      FlatMapGroupsWithStateFunction<K, R, S, U> function,
      Class<S> state,
      Class<U> type,
      OutputMode mode,
      GroupStateTimeout timeout) {
    return flatMapped(
        function, RecordMapping.of(state), RecordMapping.of(type), mode, timeout, null);
  }

  /** The same, arguments in the order that Spark has them in. */
  public <S, U> Dataset<U> flatMapGroupsWithState(
      FlatMapGroupsWithStateFunction<K, R, S, U> function,
      OutputMode mode,
      Class<S> state,
      Class<U> type,
      GroupStateTimeout timeout) {
    return flatMapGroupsWithState(function, state, type, mode, timeout);
  }

  /** The longest overload, arguments in the order that Spark has them in. */
  public <S, U> Dataset<U> flatMapGroupsWithState(
      FlatMapGroupsWithStateFunction<K, R, S, U> function,
      OutputMode mode,
      Class<S> state,
      Class<U> type,
      GroupStateTimeout timeout,
      KeyedDataset<K, S> initial) {
    return flatMapGroupsWithState(function, state, type, mode, timeout, initial);
  }

  /**
   * Any number of objects of the new objects of each key and of what the function keeps of the key.
   * On a bounded table the function is called once a key, without a state.
   *
   * @param state class of what is kept
   * @param type class of what the function gives
   * @param mode whether what it gives stands (Append) or replaces what it gave before (Update); the
   *     query must have the same
   * @param timeout whether the function is called for keys without new objects
   * @param initial what is kept of keys before the first batch, one object a key
   */
  public <S, U> Dataset<U> flatMapGroupsWithState(
      FlatMapGroupsWithStateFunction<K, R, S, U> function,
      Class<S> state,
      Class<U> type,
      OutputMode mode,
      GroupStateTimeout timeout,
      KeyedDataset<K, S> initial) {
    return flatMapped(
        function, RecordMapping.of(state), RecordMapping.of(type), mode, timeout, initial);
  }

  private <S, U> Dataset<U> flatMapped(
      FlatMapGroupsWithStateFunction<K, R, S, U> function,
      RecordMapping<S> state,
      RecordMapping<U> result,
      OutputMode mode,
      GroupStateTimeout timeout,
      @Nullable KeyedDataset<K, S> initial) {
    Objects.requireNonNull(function);
    if (mode == OutputMode.COMPLETE) {
      throw new AnalysisException(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "a state function must give in output mode Append or Update: mode=" + mode);
    }
    StateFunction.Body body =
        (each, rows, kept) ->
            function.call(
                TypedColumns.<K>cast(each),
                TypedColumns.<Iterator<R>>cast(rows),
                TypedColumns.<GroupState<S>>cast(kept));
    return stateful(
        new StateFunction(
            StateFunction.FLAT_MAP, types(state.type(), result.type()), timeout, body),
        mode,
        initial,
        result);
  }

  /**
   * As the overload with an initial state, without one.
   *
   * @param <U> what the processor gives
   * @param type class of what it gives
   */
  public <U> Dataset<U> transformWithState(
      StatefulProcessor<K, R, U> processor, TimeMode timeMode, OutputMode mode, Class<U> type) {
    RecordMapping<U> result = RecordMapping.of(type);
    return transformed(
        new ProcessorCalls(processor, timeMode, mode), JavaType.of(Boolean.class), null, result);
  }

  /**
   * As the overload that names the class of what the processor gives, which is found here by its
   * declaration: {@code class Mine extends StatefulProcessor<String, Event, Alert>}.
   */
  public <U> Dataset<U> transformWithState(
      StatefulProcessor<K, R, U> processor, TimeMode timeMode, OutputMode mode) {
    RecordMapping<U> result = RecordMapping.of(ProcessorCalls.resultOf(processor));
    return transformed(
        new ProcessorCalls(processor, timeMode, mode), JavaType.of(Boolean.class), null, result);
  }

  /**
   * What a processor makes of the objects of each key, with state variables and timers. On a stream
   * of timers and times to live by processing time, or timers by event time.
   *
   * @param mode whether what it gives stands (Append) or replaces what it gave before (Update); the
   *     query must have the same
   * @param initial what is given of keys in the first batch, one object a key
   */
  public <S, U> Dataset<U> transformWithState(
      StatefulProcessorWithInitialState<K, R, U, S> processor,
      TimeMode timeMode,
      OutputMode mode,
      Class<U> type,
      KeyedDataset<K, S> initial) {
    return transformed(
        new ProcessorCalls(processor, timeMode, mode),
        initial.value.type(),
        initial,
        RecordMapping.of(type));
  }

  /** The same; the class of what the processor gives is found by its declaration. */
  public <S, U> Dataset<U> transformWithState(
      StatefulProcessorWithInitialState<K, R, U, S> processor,
      TimeMode timeMode,
      OutputMode mode,
      KeyedDataset<K, S> initial) {
    return transformed(
        new ProcessorCalls(processor, timeMode, mode),
        initial.value.type(),
        initial,
        RecordMapping.of(ProcessorCalls.resultOf(processor)));
  }

  private <S, U> Dataset<U> transformed(
      ProcessorCalls calls,
      JavaType initialType,
      @Nullable KeyedDataset<K, S> initial,
      RecordMapping<U> result) {
    StateFunction function =
        new StateFunction(
            StateFunction.TRANSFORM,
            new StateFunction.Types(
                key.type(), value.type(), ProcessorCalls.KEPT, initialType, result.type()),
            calls.declared(),
            calls.timeout(),
            calls);
    return stateful(function, calls.mode(), initial, result);
  }

  private <S, U> Dataset<U> stateful(
      StateFunction function,
      OutputMode mode,
      @Nullable KeyedDataset<K, S> initial,
      RecordMapping<U> result) {
    KeyedRows given =
        initial == null ? null : new KeyedRows(initial.keys, initial.values, initial.keyed.plan());
    LogicalPlan plan =
        new GroupsWithState(
            function, keys, values, Session.attributes(result.schema()), mode, keyed.plan(), given);
    return new Dataset<>(new DataFrame(keyed.engine(), plan), result);
  }

  @Override
  public String toString() {
    return "KeyedDataset[key: "
        + key.schema().toDDL()
        + ", value: "
        + value.type().javaClass().getSimpleName()
        + " of "
        + values.size()
        + " columns]";
  }
}
