package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.CONTEXT;
import static io.arrowmill.codegen.compile.Descriptors.INT;

import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.ir.StaticMethod;
import io.arrowmill.codegen.runtime.BytesFunctions;
import io.arrowmill.codegen.runtime.KernelContext;
import io.arrowmill.codegen.runtime.LikePattern;
import io.arrowmill.codegen.runtime.MathFunctions;
import io.arrowmill.codegen.runtime.TextCasts;
import io.arrowmill.codegen.runtime.TimeFunctions;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.util.List;

/** Emits calls: of built-in functions, of other static methods, and of the class's own methods. */
final class CallEmitter {

  private CallEmitter() {}

  /* value = MathFunctions.sqrt(operand); */
  static Value emit(MethodEmitter m, Ir.Call node) {
    StaticMethod method = methodOf(node.function());
    return m.emitStrict(
        node,
        node.operands(),
        true,
        (values, isNull) ->
            pushCall(
                m,
                new Target(node, method, node.site(), node.function().mayReturnNull()),
                values,
                isNull,
                () ->
                    m.code()
                        .invokestatic(
                            Descriptors.of(method.owner()), method.name(), desc(method.type()))));
  }

  /* value = (type) METHOD_HANDLE.invokeExact(context, operands..., site); */
  static Value emit(MethodEmitter m, Ir.Invoke node) {
    StaticMethod method = node.method();
    return m.emitStrict(
        node,
        node.operands(),
        true,
        (values, isNull) -> {
          m.loadLive(method.handle(), ConstantDescs.CD_MethodHandle);
          pushCall(
              m,
              new Target(node, method, node.site(), node.mayReturnNull()),
              values,
              isNull,
              () ->
                  m.code()
                      .invokevirtual(
                          ConstantDescs.CD_MethodHandle, "invokeExact", desc(method.type())));
        });
  }

  /* value = PATTERN.matches(operand, operandLength); */
  static Value emit(MethodEmitter m, Ir.Like node) {
    ClassDesc pattern = Descriptors.of(LikePattern.class);
    return m.emitStrict(
        node,
        List.of(node.operand()),
        true,
        (values, _) -> {
          m.loadLive(LikePattern.compile(node.pattern(), node.escape()), pattern);
          values.forEach(m::load);
          m.code()
              .invokevirtual(
                  pattern,
                  "matches",
                  Descriptors.method(Descriptors.BOOLEAN, Descriptors.LONG, INT));
        });
  }

  /**
   * Which runtime method is a function's implementation: the one of the same name, in camel case.
   */
  static StaticMethod methodOf(Function function) {
    Class<?> owner =
        switch (function.group()) {
          case MATH -> MathFunctions.class;
          case TIME -> TimeFunctions.class;
          case BYTES -> BytesFunctions.class;
          case TEXT_CAST -> TextCasts.class;
        };
    StringBuilder name = new StringBuilder();
    for (String word : function.name().split("_", -1)) {
      String lower = word.toLowerCase(java.util.Locale.ROOT);
      name.append(
          name.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return StaticMethod.of(owner, name.toString());
  }

  private record Target(Ir node, StaticMethod method, Site site, boolean mayReturnNull) {}

  /*
   * context.isNull = 0;
   * result = call(context, operands..., site);
   * if (context.isNull != 0) goto isNull;
   */
  private static void pushCall(
      MethodEmitter m, Target target, List<Value> operands, Label isNull, Runnable invoke) {
    CodeBuilder code = m.code();
    if (target.mayReturnNull()) {
      code.aload(MethodEmitter.CONTEXT).iconst_0().putfield(CONTEXT, "isNull", INT);
    }
    MethodType type = target.method().type();
    int parameters = type.parameterCount();
    if (parameters > 0 && type.parameterType(0) == KernelContext.class) {
      code.aload(MethodEmitter.CONTEXT);
    }
    operands.forEach(m::load);
    if (parameters > 0 && type.parameterType(parameters - 1) == Site.class) {
      m.loadSite(target.site());
    }
    invoke.run();
    if (target.mayReturnNull()) {
      TypeKind kind = Descriptors.kind(target.node().type());
      int result = m.newLocal(kind);
      code.storeLocal(kind, result);
      code.aload(MethodEmitter.CONTEXT).getfield(CONTEXT, "isNull", INT).ifne(isNull);
      code.loadLocal(kind, result);
    }
  }

  private static MethodTypeDesc desc(MethodType type) {
    return type.describeConstable().orElseThrow();
  }

  /*
   * value = expression7(context, columns, row);
   * isNull = context.isNull;
   */
  static Value emitMethodOfItsOwn(MethodEmitter m, Ir node, KernelClass.OwnMethod method) {
    CodeBuilder code = m.code();
    Value value = m.newValue(node.type());
    code.aload(MethodEmitter.CONTEXT).lload(MethodEmitter.COLUMNS);
    m.rows().pushRow();
    code.invokestatic(method.owner(), method.name(), method.type());
    m.store(value);
    if (!m.nullable(node)) {
      return value;
    }
    int isNull = m.newLocal(TypeKind.INT);
    code.aload(MethodEmitter.CONTEXT).getfield(CONTEXT, "isNull", INT).istore(isNull);
    return value.withNull(isNull);
  }

  /** The type of a method of its own: (context, columns, row) to the value. */
  static MethodTypeDesc ownMethodType(Ir node) {
    ClassDesc result = Descriptors.javaType(node.type());
    return Descriptors.method(result, CONTEXT, Descriptors.LONG, INT);
  }
}
