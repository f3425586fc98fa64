package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.TransformTask;

/** Pushes what a transform makes of each batch. */
final class FilterProjectOperator implements Operator {
  private final TransformTask transform;
  private final Operator next;

  FilterProjectOperator(TransformTask transform, Operator next) {
    this.transform = transform;
    this.next = next;
  }

  @Override
  public void process(RecordBatch batch) {
    if (next instanceof SelectionOperator selecting && selecting.takesSelections()) {
      try (RecordBatch result = transform.applyInPlace(batch)) {
        if (result != null) {
          selecting.process(result, transform.selected(), transform.selectedRows());
        }
      }
      return;
    }
    try (RecordBatch result = transform.apply(batch)) {
      if (result != null) {
        next.process(result);
      }
    }
  }

  @Override
  public void close() {
    transform.close();
  }
}
