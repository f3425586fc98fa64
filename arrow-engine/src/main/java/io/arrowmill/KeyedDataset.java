package io.arrowmill;

import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.TypedRows;
import io.arrowmill.plan.TypedFunction;
import io.arrowmill.types.DataType;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    List<Attribute> keys =
        Session.attributes(new RecordWriter.Plan(key.type(), PackedForm.KEY).columns());
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
