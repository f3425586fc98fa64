package io.arrowmill.operator;

import io.arrowmill.batch.record.NestedForm;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.plan.TypedFunction;
import org.jspecify.annotations.Nullable;

/** How a function's input is read and what it gives is written; put together once a plan. */
record TypedCodec(RecordReader.Plan input, RecordWriter.@Nullable Plan result) {

  TypedCodec(TypedFunction function) {
    this(new RecordReader.Plan(function.input(), NestedForm.NESTED), writer(function));
  }

  private static RecordWriter.@Nullable Plan writer(TypedFunction function) {
    return switch (function) {
      case TypedFunction.AppendKey key -> new RecordWriter.Plan(key.result(), PackedForm.KEY);
      case TypedFunction.Giving giving -> new RecordWriter.Plan(giving.result(), NestedForm.NESTED);
      case TypedFunction.FilterRows ignored -> null;
    };
  }
}
