package io.arrowmill.codegen.compile;

/** Builds classes of lane code: one for batches without nulls, one for batches with nulls. */
final class LaneCompiler {

  private LaneCompiler() {}

  /*
   * public int run(long columns, int start, int count, long selectionOut, KernelOutputs outputs,
   *     int position) {
   *   return loop(columns, start, count, selectionOut, outputs, position);
   * }
   */
  static LaneKernel compile(LaneProgram program, boolean columnsHaveNulls) {
    KernelClass owner = new KernelClass("GeneratedLanes", Descriptors.of(LaneKernel.class));
    owner.addStatic("loop", LaneLoop.TYPE, code -> LaneLoop.emit(code, program, columnsHaveNulls));
    owner.addPublic(
        "run",
        LaneLoop.TYPE,
        code ->
            code.lload(1)
                .iload(3)
                .iload(4)
                .lload(5)
                .aload(7)
                .iload(8)
                .invokestatic(owner.name(), "loop", LaneLoop.TYPE)
                .ireturn());
    return (LaneKernel) owner.instantiate();
  }
}
