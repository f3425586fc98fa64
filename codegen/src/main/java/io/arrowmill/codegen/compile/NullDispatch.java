package io.arrowmill.codegen.compile;

import java.lang.classfile.CodeBuilder;

/** Emits the question which of two loops is to run. */
final class NullDispatch {

  private NullDispatch() {}

  /* Nullness.any(columns, NULLABLE) */
  static void pushAny(CodeBuilder code, KernelClass owner, Facts facts, int columnsLocal) {
    int[] columns = facts.nullableColumns().stream().mapToInt(Integer::intValue).toArray();
    code.lload(columnsLocal);
    code.loadConstant(owner.liveConstant(columns, Descriptors.INTS));
    code.invokestatic(
        Descriptors.NULLNESS,
        "any",
        Descriptors.method(Descriptors.BOOLEAN, Descriptors.LONG, Descriptors.INTS));
  }
}
