package io.arrowmill.runtime;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.connector.MemoryTable;
import io.arrowmill.connector.MemoryTableSink;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.kernel.Gather;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query that came too late, appended to a memory table when their batch is committed.
 *
 * <p>Columns: {@code operator}, the name that progress calls it by; {@code watermark}, by which the
 * row was late; then what the operators with a watermark read, columns of the same name and type
 * once, null in rows of operators that don't read them. A name that two operators read as different
 * types gets the number of the column behind it. Any task adds rows; all else is done by the
 * query's thread.
 */
final class LateRowsTable implements AutoCloseable {
  private static final int FIRST_COLUMN = 2;

  private final StructType schema;
  private final List<StructField> sources;
  private final MemoryTableSink sink;
  private final BufferAllocator allocator;
  private @Nullable SinkBatch batch;
  private @Nullable SinkWriter writer;

  /**
   * Late rows of a query.
   *
   * @param sources fields as operators read them, in the order of the table's columns
   */
  private LateRowsTable(
      StructType schema, List<StructField> sources, MemoryTable table, BufferAllocator allocator) {
    this.schema = schema;
    this.sources = sources;
    this.sink = new MemoryTableSink(table);
    this.allocator = allocator;
  }

  /** Makes the table {@code name} for the late rows of a plan. */
  static LateRowsTable of(
      String name, PhysicalPlan plan, QueryServices services, BufferAllocator allocator) {
    List<StructField> sources = new ArrayList<>();
    boolean future = services.conf().getMicros(RuntimeConf.MAX_FUTURE_SKEW).isPresent();
    collect(plan, future, sources);
    List<StructField> fields = new ArrayList<>();
    fields.add(new StructField("operator", DataTypes.STRING, true));
    fields.add(new StructField("watermark", DataTypes.TIMESTAMP, true));
    for (StructField source : sources) {
      boolean isTaken =
          fields.stream().anyMatch(field -> field.name().equalsIgnoreCase(source.name()));
      String column = isTaken ? source.name() + "_" + fields.size() : source.name();
      fields.add(new StructField(column, source.type(), true));
    }
    StructType schema = StructType.of(fields);
    MemoryTable table = services.createMemoryTable(name, schema);
    return new LateRowsTable(schema, sources, table, allocator);
  }

  private static void collect(PhysicalPlan plan, boolean future, List<StructField> sources) {
    if (plan instanceof StatefulPlan operator && operator.operatorId() != StatefulPlan.BOUNDED) {
      operator.inputs().forEach(input -> addColumns(input.output(), sources));
    }
    if (future && plan instanceof WatermarkPlan) {
      addColumns(plan.output(), sources);
    }
    plan.inputs().forEach(input -> collect(input, future, sources));
  }

  private static void addColumns(List<Attribute> columns, List<StructField> sources) {
    for (Attribute column : columns) {
      if (indexOf(sources, column.name(), column.type()) < 0) {
        sources.add(new StructField(column.name(), column.type(), true));
      }
    }
  }

  private static int indexOf(List<StructField> fields, String name, DataType type) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equalsIgnoreCase(name) && fields.get(i).type().equals(type)) {
        return i;
      }
    }
    return -1;
  }

  // ---- one batch

  /** A batch begins. */
  void begin(long batchId) throws IOException {
    SinkBatch begun = sink.begin(batchId, schema, OutputMode.APPEND);
    batch = begun;
    writer = begun.writer(0);
  }

  /**
   * Adds rows.
   *
   * @param operator what progress calls the operator
   * @param rows of the operator's input; borrowed
   * @param positions address of int32 positions in them
   */
  synchronized void add(
      String operator, long watermarkMicros, RecordBatch rows, long positions, int count) {
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      chosen[i] = OffHeap.getInt(positions + 4L * i);
    }
    SinkWriter open = writer;
    if (open == null) {
      throw new IllegalStateException("late rows must belong to a batch: operator=" + operator);
    }
    List<FieldVector> columns = new ArrayList<>();
    RecordBatch late;
    try {
      columns.add(operators(operator, count));
      columns.add(watermarks(watermarkMicros, count));
      for (int i = 0; i < sources.size(); i++) {
        StructField source = sources.get(i);
        int from = indexOf(rows.schema().fields(), source.name(), source.type());
        columns.add(
            from < 0
                ? nulls(schema.field(FIRST_COLUMN + i), count)
                : Gather.rows(rows.column(from), chosen, count, allocator));
      }
      late = new RecordBatch(schema, columns, count);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
    try (late) {
      open.write(late);
    } catch (IOException e) {
      throw new IllegalStateException("a memory table does no input or output", e);
    }
  }

  private FieldVector operators(String operator, int count) {
    byte[] name = operator.getBytes(StandardCharsets.UTF_8);
    VarCharVector names = new VarCharVector("operator", allocator);
    names.allocateNew((long) name.length * count, count);
    for (int i = 0; i < count; i++) {
      names.setSafe(i, name);
    }
    names.setValueCount(count);
    return names;
  }

  private FieldVector watermarks(long micros, int count) {
    FieldVector vector = ArrowTypes.field(schema.field(1)).createVector(allocator);
    vector.setInitialCapacity(count);
    vector.allocateNew();
    for (int i = 0; i < count; i++) {
      ((TimeStampVector) vector).setSafe(i, micros);
    }
    vector.setValueCount(count);
    return vector;
  }

  private FieldVector nulls(StructField field, int count) {
    FieldVector vector = ArrowTypes.field(field).createVector(allocator);
    vector.setInitialCapacity(count);
    vector.allocateNew();
    vector.setValueCount(count);
    return vector;
  }

  /** The batch's rows are complete. */
  void prepare() throws IOException {
    SinkBatch open = batch;
    if (open != null) {
      open.prepare();
      batch = null;
      writer = null;
    }
  }

  /** The batch has failed. */
  void abort() {
    SinkBatch open = batch;
    if (open != null) {
      open.abort();
      batch = null;
      writer = null;
    }
  }

  /** The batch is committed: its rows can be seen. */
  void publish(long batchId) {
    sink.publish(batchId);
  }

  /** The query continues behind a batch. */
  void recover(UUID queryId, long lastCommittedBatchId) {
    sink.recover(queryId, lastCommittedBatchId);
  }

  @Override
  public void close() {
    abort();
    sink.close();
  }
}
