package io.arrowmill.kernel.interpreted;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.plan.Expression;
import io.arrowmill.types.DataType;
import io.arrowmill.types.StructField;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * A resolved expression bound to the columns of its input. Threading: confined to one thread, as it
 * remembers the patterns and formats it last used.
 */
public final class BoundExpression {
  private final Expression expression;
  private final Evaluator evaluator;

  BoundExpression(Expression expression, Evaluator evaluator) {
    this.expression = expression;
    this.evaluator = evaluator;
  }

  /** The type of the values. */
  public DataType type() {
    return expression.type();
  }

  /**
   * The value for {@code row}, as in a {@link io.arrowmill.Row}; null for SQL NULL.
   *
   * @throws io.arrowmill.ArrowmillException if the expression has no value for the row: overflow,
   *     division by zero, an invalid cast, ...
   */
  public @Nullable Object evaluate(RowView row) {
    return evaluator.evaluate(row);
  }

  /** Whether a predicate is true for {@code row}; not if it is NULL. */
  public boolean test(RowView row) {
    return Boolean.TRUE.equals(evaluator.evaluate(row));
  }

  /**
   * Evaluates rows {@code from} to {@code from + count} of {@code batch} into rows 0 to {@code
   * count} of {@code output}, an empty vector in the {@link io.arrowmill.batch.ArrowTypes} layout
   * of {@link #type()}, and sets its value count.
   */
  public void evaluateColumn(RecordBatch batch, int from, int count, FieldVector output) {
    BatchCursor cursor = new BatchCursor(batch);
    VectorWriter writer = writer(output);
    for (int i = 0; i < count; i++) {
      writer.write(i, evaluator.evaluate(cursor.moveTo(from + i)));
    }
    output.setValueCount(count);
  }

  /**
   * Evaluates the first {@code count} rows named by {@code selection}, as {@link #evaluateColumn}
   * does a range.
   */
  public void evaluateColumn(RecordBatch batch, int[] selection, int count, FieldVector output) {
    BatchCursor cursor = new BatchCursor(batch);
    VectorWriter writer = writer(output);
    for (int i = 0; i < count; i++) {
      writer.write(i, evaluator.evaluate(cursor.moveTo(selection[i])));
    }
    output.setValueCount(count);
  }

  private VectorWriter writer(FieldVector output) {
    return VectorWriter.of(output, new StructField(output.getName(), expression.type(), true));
  }

  @Override
  public String toString() {
    return expression.sql();
  }
}
