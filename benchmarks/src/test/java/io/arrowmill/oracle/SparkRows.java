package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Rows of one engine as rows of the other; the values inside are the same Java classes. */
final class SparkRows {
  private SparkRows() {}

  static org.apache.spark.sql.types.StructType schema(StructType schema) {
    return org.apache.spark.sql.types.StructType.fromDDL(schema.toDDL());
  }

  static org.apache.spark.sql.Row toSpark(Row row) {
    return RowFactory.create(row.values().stream().map(SparkRows::valueToSpark).toArray());
  }

  static <T> scala.collection.immutable.Seq<T> sequence(List<T> values) {
    return CollectionConverters.asScala(values).toSeq();
  }

  private static @Nullable Object valueToSpark(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case List<?> list -> {
        List<@Nullable Object> converted = new ArrayList<>();
        list.forEach(element -> converted.add(valueToSpark(element)));
        yield CollectionConverters.asScala(converted).toSeq();
      }
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
        map.forEach((key, element) -> converted.put(valueToSpark(key), valueToSpark(element)));
        yield CollectionConverters.asScala(converted);
      }
      case Row row -> toSpark(row);
      default -> value;
    };
  }

  static Row fromSpark(org.apache.spark.sql.Row row) {
    @Nullable Object[] values = new @Nullable Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = valueFromSpark(row.get(i));
    }
    return Row.of(values);
  }

  private static @Nullable Object valueFromSpark(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case scala.collection.Seq<?> sequence -> {
        List<@Nullable Object> converted = new ArrayList<>();
        CollectionConverters.asJava(sequence)
            .forEach(element -> converted.add(valueFromSpark(element)));
        yield converted;
      }
      case scala.collection.Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
        CollectionConverters.asJava(map)
            .forEach((key, element) -> converted.put(valueFromSpark(key), valueFromSpark(element)));
        yield converted;
      }
      case org.apache.spark.sql.Row row -> fromSpark(row);
      default -> value;
    };
  }
}
