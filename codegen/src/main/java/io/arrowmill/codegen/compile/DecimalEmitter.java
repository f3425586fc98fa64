package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.CONTEXT;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.runtime.DecimalCasts;
import io.arrowmill.codegen.runtime.DecimalMath;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Locale;

/** Emits decimal arithmetic and casts: calls on a live object that knows the scales. */
final class DecimalEmitter {

  private static final ClassDesc MATH = Descriptors.of(DecimalMath.class);
  private static final ClassDesc CASTS = Descriptors.of(DecimalCasts.class);

  private DecimalEmitter() {}

  /** Whether the target cannot hold every value of the operand's type. */
  static boolean narrows(Ir.DecimalCast node) {
    return !node.type().isFloating() && node.type() != PhysicalType.BYTES;
  }

  /* value = MATH.add(context, leftLow, leftHigh, rightLow, rightHigh); if (context.isNull) ... */
  static Value emit(MethodEmitter m, Ir.DecimalArithmetic node) {
    DecimalMath math =
        DecimalMath.of(
            node.leftScale(),
            node.rightScale(),
            node.precision(),
            node.scale(),
            node.onError() == OnError.NULL,
            node.site());
    String name =
        switch (node.op()) {
          case ADD -> "add";
          case SUBTRACT -> "subtract";
          case MULTIPLY -> "multiply";
          case DIVIDE -> "divide";
          case REMAINDER -> "remainder";
          case POSITIVE_REMAINDER -> "positiveRemainder";
        };
    return m.emitStrict(
        node,
        node.operandsAsEvaluated(),
        true,
        (evaluated, isNull) -> {
          List<Value> values = node.op().divides() ? evaluated.reversed() : evaluated;
          m.loadLive(math, MATH);
          m.code().aload(MethodEmitter.CONTEXT);
          values.forEach(m::load);
          m.code()
              .invokevirtual(MATH, name, Descriptors.method(LONG, CONTEXT, LONG, LONG, LONG, LONG));
          branchIfNull(m, node, isNull);
        });
  }

  /* value = CASTS.fromI64(context, operand);  or  CASTS.toI64(context, low, high); */
  static Value emit(MethodEmitter m, Ir.DecimalCast node) {
    DecimalCasts casts =
        DecimalCasts.of(
            node.operandScale(),
            node.precision(),
            node.scale(),
            node.onError() == OnError.NULL,
            node.site());
    return m.emitStrict(
        node,
        List.of(node.operand()),
        true,
        (values, isNull) -> {
          Value operand = values.getFirst();
          m.loadLive(casts, CASTS);
          m.code().aload(MethodEmitter.CONTEXT);
          m.load(operand);
          if (operand.type() == PhysicalType.DECIMAL) {
            ClassDesc result = Descriptors.javaType(node.type());
            m.code()
                .invokevirtual(
                    CASTS,
                    "to" + title(node.type()),
                    Descriptors.method(result, CONTEXT, LONG, LONG));
          } else {
            pushFrom(m, operand.type());
          }
          branchIfNull(m, node, isNull);
        });
  }

  private static void pushFrom(MethodEmitter m, PhysicalType type) {
    CodeBuilder code = m.code();
    MethodTypeDesc fromLong = Descriptors.method(LONG, CONTEXT, LONG);
    switch (type) {
      case F32 ->
          code.invokevirtual(
              CASTS, "fromF32", Descriptors.method(LONG, CONTEXT, Descriptors.FLOAT));
      case F64 ->
          code.invokevirtual(
              CASTS, "fromF64", Descriptors.method(LONG, CONTEXT, Descriptors.DOUBLE));
      case BYTES ->
          code.invokevirtual(CASTS, "fromBytes", Descriptors.method(LONG, CONTEXT, LONG, INT));
      case I64 -> code.invokevirtual(CASTS, "fromI64", fromLong);
      default -> code.i2l().invokevirtual(CASTS, "fromI64", fromLong);
    }
  }

  private static String title(PhysicalType type) {
    return type.name().charAt(0) + type.name().substring(1).toLowerCase(Locale.ROOT);
  }

  /* if (context.isNull != 0) goto isNull; */
  private static void branchIfNull(MethodEmitter m, Ir node, Label isNull) {
    if (!Facts.makesNull(node)) {
      return;
    }
    CodeBuilder code = m.code();
    TypeKind kind = Descriptors.kind(node.type());
    int result = m.newLocal(kind);
    code.storeLocal(kind, result);
    code.aload(MethodEmitter.CONTEXT).getfield(CONTEXT, "isNull", INT).ifne(isNull);
    code.loadLocal(kind, result);
  }
}
