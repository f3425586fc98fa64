package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that generators make of one value. */
public final class Generators {
  private Generators() {}

  /**
   * The rows of {@code explode} and {@code posexplode}, in the collection's order, of the columns
   * of {@link GeneratorCall#elementSchema}.
   *
   * @param collection the value of the generator's argument: a list, a map or null
   */
  public static List<Row> rows(GeneratorCall call, @Nullable Object collection) {
    StructType schema = call.elementSchema();
    boolean position = call.name().equals("posexplode");
    List<Row> rows = new ArrayList<>();
    if (collection instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        List<@Nullable Object> values = start(position, rows.size());
        values.add(entry.getKey());
        values.add(entry.getValue());
        rows.add(Row.withSchema(schema, values));
      }
    } else if (collection instanceof Collection<?> list) {
      for (Object element : list) {
        List<@Nullable Object> values = start(position, rows.size());
        values.add(element);
        rows.add(Row.withSchema(schema, values));
      }
    }
    if (rows.isEmpty() && call.outer()) {
      rows.add(Row.withSchema(schema, java.util.Collections.nCopies(schema.size(), null)));
    }
    return rows;
  }

  private static List<@Nullable Object> start(boolean position, int index) {
    List<@Nullable Object> values = new ArrayList<>();
    if (position) {
      values.add(index);
    }
    return values;
  }
}
