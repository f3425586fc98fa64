package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.BOOLEAN;
import static io.arrowmill.codegen.compile.Descriptors.DOUBLE;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.runtime.BytesSet;
import io.arrowmill.codegen.runtime.DecimalSet;
import io.arrowmill.codegen.runtime.LongSet;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.math.BigInteger;
import java.util.List;

/** Emits membership in a list of constants: comparisons for a short list, a set for a long one. */
final class InEmitter {

  /** The longest list that is compared one by one. */
  static final int INLINE_MAX = 8;

  private InEmitter() {}

  /*
   * value = (operand == c0) | (operand == c1) | ...   or   set.contains(operand);
   * isNull = operand.isNull | (one constant is null & !value);
   */
  static Value emit(MethodEmitter m, Ir.In node) {
    CodeBuilder code = m.code();
    List<Ir.Const> constants = node.constants().stream().filter(c -> c.value() != null).toList();
    boolean nullConstant = constants.size() < node.constants().size();
    Value operand = m.emit(node.operand());
    Value result = m.newValue(PhysicalType.BOOL);
    if (constants.size() <= INLINE_MAX || !hasSet(node.operand().type())) {
      code.iconst_0().istore(result.slot());
      for (Ir.Const constant : constants) {
        Value value = m.emit(constant);
        CompareEmitter.pushCompare(m, CompareOp.EQUAL, operand, value);
        code.iload(result.slot()).ior().istore(result.slot());
      }
    } else {
      pushContains(m, operand, constants);
      code.istore(result.slot());
    }
    if (!nullConstant) {
      return result.withNull(operand.isNull());
    }
    int isNull = m.newLocal(TypeKind.INT);
    code.iload(result.slot()).iconst_1().ixor();
    m.loadIsNull(operand);
    code.ior().istore(isNull);
    return result.withNull(isNull);
  }

  private static boolean hasSet(PhysicalType type) {
    return type != PhysicalType.BOOL;
  }

  private static void pushContains(MethodEmitter m, Value operand, List<Ir.Const> constants) {
    CodeBuilder code = m.code();
    Object set = setOf(operand.type(), constants);
    ClassDesc setType = Descriptors.of(set.getClass());
    m.loadLive(set, setType);
    m.load(operand);
    switch (operand.type()) {
      case BYTES -> code.invokevirtual(setType, "contains", Descriptors.method(BOOLEAN, LONG, INT));
      case DECIMAL ->
          code.invokevirtual(setType, "contains", Descriptors.method(BOOLEAN, LONG, LONG));
      default -> {
        pushKey(m, operand.type());
        code.invokevirtual(setType, "contains", Descriptors.method(BOOLEAN, LONG));
      }
    }
  }

  private static Object setOf(PhysicalType type, List<Ir.Const> constants) {
    return switch (type) {
      case BYTES -> BytesSet.of(constants.stream().map(c -> (ByteString) c.value()).toList());
      case DECIMAL -> DecimalSet.of(constants.stream().map(c -> (BigInteger) c.value()).toList());
      default -> LongSet.of(constants.stream().mapToLong(InEmitter::key).toArray());
    };
  }

  private static void pushKey(MethodEmitter m, PhysicalType type) {
    switch (type) {
      case F32, F64 -> {
        if (type == PhysicalType.F32) {
          m.code().f2d();
        }
        m.call(Descriptors.of(LongSet.class), "keyOf", LONG, DOUBLE);
      }
      case I64 -> {}
      default -> m.code().i2l();
    }
  }

  private static long key(Ir.Const constant) {
    return switch (constant.value()) {
      case Float v -> LongSet.keyOf(v);
      case Double v -> LongSet.keyOf(v);
      case Number v -> v.longValue();
      case null, default ->
          throw new IllegalStateException("constant must be a number: constant=" + constant);
    };
  }
}
