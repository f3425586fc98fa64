package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Emits expressions in lanes: every node is computed for all rows of a step, without branches.
 *
 * <p>What an error would be is only noted, in a local of bits; rows that do not need the value are
 * left out. If there are any at the end, the caller runs the scalar kernel over the same rows: it
 * finds the row and words the error, or, where lanes were too cautious, gives the result.
 *
 * <p>Equal nodes are computed once. Confined to the thread that compiles.
 */
final class LaneEmitter {

  /** In place of a local of bits: all rows need the value. */
  static final int ALL = -1;

  private record Known(Ir node, int live) {}

  private final LaneCode lanes;
  private final CodeBuilder code;
  private final LaneInputs inputs;
  private final int errors;
  private final Map<Known, LaneValue> known = new HashMap<>();

  /**
   * An emitter for the body of a loop.
   *
   * @param errors the local of a long that collects the bits of rows that have no result
   */
  LaneEmitter(LaneCode lanes, LaneInputs inputs, int errors) {
    this.lanes = lanes;
    this.code = lanes.code();
    this.inputs = inputs;
    this.errors = errors;
  }

  LaneCode lanes() {
    return lanes;
  }

  CodeBuilder code() {
    return code;
  }

  /**
   * Emits code that leaves the node's values in locals.
   *
   * @param live the local of the bits of the rows that need them, or {@link #ALL}
   */
  LaneValue emit(Ir node, int live) {
    int needed = LaneSupport.mayFail(node) ? live : ALL;
    LaneValue value = known.get(new Known(node, ALL));
    if (value == null) {
      value = known.get(new Known(node, needed));
    }
    if (value == null) {
      value = emitNew(node, needed);
      known.put(new Known(node, needed), value);
    }
    return value;
  }

  private LaneValue emitNew(Ir node, int live) {
    return switch (node) {
      case Ir.Input n -> inputs.emit(n);
      case Ir.Const n -> constant(n);
      case Ir.Arithmetic n -> LaneArithmetic.emit(this, n, live);
      case Ir.Bitwise n -> LaneArithmetic.emit(this, n, live);
      case Ir.Unary n -> LaneArithmetic.emit(this, n, live);
      case Ir.Compare n -> LaneCompare.emit(this, n, live);
      case Ir.NullSafeEqual n -> LaneCompare.emit(this, n, live);
      case Ir.In n -> LaneCompare.emit(this, n, live);
      case Ir.And n -> LaneLogic.emit(this, n, live);
      case Ir.Or n -> LaneLogic.emit(this, n, live);
      case Ir.Not n -> LaneLogic.emit(this, n, live);
      case Ir.IsNull n -> LaneLogic.emitIsNull(this, n.operand(), true, live);
      case Ir.IsNotNull n -> LaneLogic.emitIsNull(this, n.operand(), false, live);
      case Ir.If n -> LaneLogic.emit(this, n, live);
      case Ir.Coalesce n -> LaneLogic.emit(this, n, live);
      case Ir.Extremum n -> LaneLogic.emit(this, n, live);
      case Ir.Cast n -> LaneCasts.emit(this, n, live);
      case Ir.Call n -> LaneTime.emit(this, n, live);
      default -> throw new IllegalStateException("node has no lanes: node=" + node);
    };
  }

  private LaneValue constant(Ir.Const node) {
    Object value = node.value();
    int nulls = LaneValue.NEVER;
    if (value == null) {
      code.loadConstant(-1L);
      nulls = lanes.storeBits();
    }
    if (node.type() == PhysicalType.BOOL) {
      code.loadConstant(Boolean.TRUE.equals(value) ? -1L : 0L);
      return new LaneValue(node.type(), lanes.storeBits(), nulls);
    }
    switch (node.type()) {
      case I32 -> lanes.broadcast(node.type(), value == null ? (Integer) 0 : (Integer) value);
      case I64 -> lanes.broadcast(node.type(), value == null ? (Long) 0L : (Long) value);
      case F32 -> lanes.broadcast(node.type(), value == null ? (Float) 0f : (Float) value);
      default -> lanes.broadcast(node.type(), value == null ? (Double) 0d : (Double) value);
    }
    return new LaneValue(node.type(), lanes.storeReference(), nulls);
  }

  // ---- what emitters share

  /** Pops a vector, or bits if the type is BOOL. */
  LaneValue store(PhysicalType type, int nulls) {
    int slot = type == PhysicalType.BOOL ? lanes.storeBits() : lanes.storeReference();
    return new LaneValue(type, slot, nulls);
  }

  /** The local of the rows for which one of the values is null, or NEVER. */
  int anyNull(LaneValue... values) {
    int first = LaneValue.NEVER;
    boolean many = false;
    for (LaneValue value : values) {
      if (value.nullable() && first != value.nulls()) {
        many = first != LaneValue.NEVER;
        if (many) {
          code.lload(first).lload(value.nulls()).lor();
          first = lanes.storeBits();
        } else {
          first = value.nulls();
        }
      }
    }
    return first;
  }

  /** Pops the bits of rows without a result: an error where the row is live and not null. */
  void flag(int live, int nulls) {
    if (live != ALL) {
      code.lload(live).land();
    }
    if (nulls != LaneValue.NEVER) {
      code.lload(nulls);
      lanes.not();
      code.land();
    }
    code.lload(errors).lor().lstore(errors);
  }

  /** Pops the bits of rows without a result: they are null. The local of the nulls. */
  int orNull(int nulls) {
    if (nulls != LaneValue.NEVER) {
      code.lload(nulls).lor();
    }
    return lanes.storeBits();
  }

  /** Pushes the bits of the rows for which a BOOL is true and not null. */
  void pushTrue(LaneValue value) {
    code.lload(value.slot());
    if (value.nullable()) {
      code.lload(value.nulls());
      lanes.not();
      code.land();
    }
  }

  /** Pops bits, and restricts {@code live} to them. */
  int restrict(int live) {
    if (live != ALL) {
      code.lload(live).land();
    }
    return lanes.storeBits();
  }

  /** The addresses and words of columns. */
  interface LaneInputs {
    LaneValue emit(Ir.Input node);
  }

  /** Sets a new local of bits to zero. */
  static int zero(LaneCode lanes) {
    int local = lanes.newLocal(TypeKind.LONG);
    lanes.code().lconst_0().lstore(local);
    return local;
  }

  /** The value of a constant operand, or null. */
  static @Nullable Object constantOf(Ir node) {
    return node instanceof Ir.Const constant ? constant.value() : null;
  }

  List<LaneValue> emitAll(List<Ir> nodes, int live) {
    return nodes.stream().map(node -> emit(node, live)).toList();
  }
}
