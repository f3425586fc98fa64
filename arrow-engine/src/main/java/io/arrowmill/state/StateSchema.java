package io.arrowmill.state;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.StateColumn;
import io.arrowmill.codegen.table.ValueKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of state in Arrow files: the keys under their names, each accumulator's state columns
 * as {@code agg<number>_<name>}, and {@code removed}, which says that the group of this key is
 * gone. What the watermark has ended is in none of the rows: the schema says up to which time.
 */
final class StateSchema {
  private static final String REMOVED = "removed";
  private static final String EVICTED_UNTIL = "arrowmill.evictedUntil";

  /** A state column: which accumulator's, and which of its columns. */
  record StateField(int accumulator, int stateColumn, ValueKind kind) {}

  private final int keyCount;
  private final List<StateField> states = new ArrayList<>();
  private final List<ValueKind> kinds = new ArrayList<>();
  private final Schema schema;

  StateSchema(String name, List<KeyField> keys, GroupTablePlan plan) {
    keyCount = keys.size();
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of(REMOVED));
    for (KeyField key : keys) {
      fields.add(ArrowTypes.field(unique(key.name(), names), key.field().type(), true));
      kinds.add(key.kind());
    }
    List<AccumulatorPlan> accumulators = plan.accumulators();
    for (int a = 0; a < accumulators.size(); a++) {
      List<StateColumn> columns = accumulators.get(a).stateColumns();
      for (int s = 0; s < columns.size(); s++) {
        StateColumn column = columns.get(s);
        states.add(new StateField(a, s, column.kind()));
        kinds.add(column.kind());
        String columnName = unique("agg" + a + "_" + column.name(), names);
        fields.add(new Field(columnName, FieldType.nullable(arrowType(column.kind())), null));
      }
    }
    kinds.add(ValueKind.BOOL);
    fields.add(new Field(REMOVED, FieldType.nullable(ArrowType.Bool.INSTANCE), null));
    schema = new Schema(fields, Map.of("arrowmill.state", name));
  }

  private static String unique(String name, Set<String> taken) {
    String candidate = name;
    for (int i = 2; !taken.add(candidate); i++) {
      candidate = name + "_" + i;
    }
    return candidate;
  }

  private static ArrowType arrowType(ValueKind kind) {
    return switch (kind) {
      case BOOL -> ArrowType.Bool.INSTANCE;
      case I8 -> new ArrowType.Int(8, true);
      case I16 -> new ArrowType.Int(16, true);
      case I32 -> new ArrowType.Int(32, true);
      case I64 -> new ArrowType.Int(64, true);
      case F32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case F64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DECIMAL128 -> new ArrowType.Decimal(38, 0, 128);
      case BYTES -> ArrowType.Binary.INSTANCE;
    };
  }

  Schema schema() {
    return schema;
  }

  /**
   * The schema of changes.
   *
   * @param evictedUntil groups up to this time have gone; {@link Long#MIN_VALUE} for none
   */
  Schema schema(long evictedUntil) {
    if (evictedUntil == Long.MIN_VALUE) {
      return schema;
    }
    Map<String, String> facts = new HashMap<>(schema.getCustomMetadata());
    facts.put(EVICTED_UNTIL, Long.toString(evictedUntil));
    return new Schema(schema.getFields(), facts);
  }

  /** What {@link #schema(long)} was told. */
  static long evictedUntil(Schema read) {
    String bound = read.getCustomMetadata().get(EVICTED_UNTIL);
    return bound == null ? Long.MIN_VALUE : Long.parseLong(bound);
  }

  int keyCount() {
    return keyCount;
  }

  List<StateField> states() {
    return states;
  }

  /** Kinds of all columns, keys first, {@code removed} last. */
  List<ValueKind> kinds() {
    return kinds;
  }

  int removedColumn() {
    return kinds.size() - 1;
  }

  /** Checks that what is read has these columns; names of keys may have changed. */
  void requireSame(Schema read) {
    List<ArrowType> expected = schema.getFields().stream().map(Field::getType).toList();
    List<ArrowType> found = read.getFields().stream().map(Field::getType).toList();
    if (!expected.equals(found)) {
      throw new ArrowmillException(
          "STATE_SCHEMA_NOT_COMPATIBLE",
          "stored state must have the columns of the query's operator: expected="
              + schema.getFields()
              + ", found="
              + read.getFields()
              + "; start the changed query with a new checkpoint");
    }
  }

  /** Points a descriptor to a vector's buffers. */
  static void describe(FieldVector vector, long descriptor) {
    boolean variable = vector instanceof BaseVariableWidthVector;
    ColumnDescriptor.set(
        descriptor,
        vector.getValidityBufferAddress(),
        vector.getDataBufferAddress(),
        variable ? vector.getOffsetBufferAddress() : 0);
  }
}
