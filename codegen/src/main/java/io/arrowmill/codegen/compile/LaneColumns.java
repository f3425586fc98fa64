package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The columns that a lane loop reads: addresses in locals before the loop, words of 64 validity or
 * BOOL bits at the start of a block, vectors at a step.
 */
final class LaneColumns implements LaneEmitter.LaneInputs {

  private record Column(PhysicalType type, boolean nullable) {}

  private final LaneCode lanes;
  private final CodeBuilder code;
  private final LaneLoop.Locals locals;
  private final Map<Integer, Column> columns = new TreeMap<>();
  private final Map<Integer, Integer> data = new TreeMap<>();
  private final Map<Integer, Integer> validity = new TreeMap<>();
  private final Map<Integer, Integer> valueWords = new TreeMap<>();
  private final Map<Integer, Integer> nullWords = new TreeMap<>();

  /**
   * The columns of some expressions.
   *
   * @param columnsHaveNulls false if none of them has a null in the batch
   */
  LaneColumns(
      LaneCode lanes, LaneLoop.Locals locals, List<Ir> expressions, boolean columnsHaveNulls) {
    this.lanes = lanes;
    this.code = lanes.code();
    this.locals = locals;
    for (Ir expression : expressions) {
      for (Ir node : Traversal.postorder(expression)) {
        if (node instanceof Ir.Input input) {
          columns.merge(
              input.column(),
              new Column(input.type(), columnsHaveNulls && input.nullable()),
              (a, b) -> new Column(a.type(), a.nullable() || b.nullable()));
        }
      }
    }
  }

  /* long data = OffHeap.getLong(columns + ...) + start * 8; long validity = ...; */
  void emitBeforeLoop() {
    columns.forEach((index, column) -> {
      pushDescriptor(index, ColumnDescriptor.DATA_OFFSET);
      if (column.type() != PhysicalType.BOOL) {
        code.iload(LaneLoop.START).i2l().loadConstant((long) column.type().width());
        code.lmul().ladd();
      }
      data.put(index, lanes.storeBits());
      if (column.nullable()) {
        pushDescriptor(index, ColumnDescriptor.VALIDITY_OFFSET);
        validity.put(index, lanes.storeBits());
      }
    });
  }

  private void pushDescriptor(int column, int offset) {
    code.lload(LaneLoop.COLUMNS);
    code.loadConstant((long) column * ColumnDescriptor.BYTES + offset).ladd();
    code.invokestatic(Descriptors.OFF_HEAP, "getLong", Descriptors.method(LONG, LONG));
  }

  /* long nulls = LaneBits.nulls(validity, start + block); */
  void emitBeforeBlock() {
    columns.forEach((index, column) -> {
      if (column.type() == PhysicalType.BOOL) {
        valueWords.put(index, emitWord(local(data, index), "word"));
      }
      if (column.nullable()) {
        nullWords.put(index, emitWord(local(validity, index), "nulls"));
      }
    });
  }

  private int emitWord(int address, String method) {
    int word = lanes.newLocal(TypeKind.LONG);
    code.lload(address).iload(LaneLoop.START).iload(locals.block()).iadd();
    lanes.callBits(method, LONG, LONG, INT);
    code.lstore(word);
    return word;
  }

  @Override
  public LaneValue emit(Ir.Input node) {
    int nulls = LaneValue.NEVER;
    Integer nullWord = nullWords.get(node.column());
    if (nullWord != null && node.nullable()) {
      nulls = emitShifted(nullWord);
    }
    if (node.type() == PhysicalType.BOOL) {
      return new LaneValue(node.type(), emitShifted(local(valueWords, node.column())), nulls);
    }
    code.lload(local(data, node.column()));
    code.iload(locals.block()).iload(locals.step()).iadd().i2l();
    code.loadConstant((long) node.type().width()).lmul().ladd();
    lanes.fromMemory(node.type());
    return new LaneValue(node.type(), lanes.storeReference(), nulls);
  }

  private static int local(Map<Integer, Integer> locals, int column) {
    return Objects.requireNonNull(locals.get(column));
  }

  /* word >>> step */
  private int emitShifted(int word) {
    code.lload(word).iload(locals.step()).lushr();
    return lanes.storeBits();
  }
}
