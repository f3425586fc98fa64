package io.arrowmill.operator;

import io.arrowmill.batch.record.NestedForm;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.plan.StateFunction;

/** How what a state function takes and gives is read and written; put together once a plan. */
record GroupsCodec(
    RecordReader.Plan key,
    RecordReader.Plan value,
    RecordReader.Plan storedState,
    RecordReader.Plan initialState,
    RecordWriter.Plan state,
    RecordWriter.Plan result) {

  GroupsCodec(StateFunction function) {
    this(
        new RecordReader.Plan(function.types().key(), PackedForm.KEY),
        new RecordReader.Plan(function.types().value(), NestedForm.NESTED),
        new RecordReader.Plan(function.types().state(), PackedForm.VALUE),
        new RecordReader.Plan(function.types().initial(), NestedForm.NESTED),
        new RecordWriter.Plan(function.types().state(), PackedForm.VALUE),
        new RecordWriter.Plan(function.types().result(), NestedForm.NESTED));
  }
}
