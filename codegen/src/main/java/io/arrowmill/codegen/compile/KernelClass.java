package io.arrowmill.codegen.compile;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One generated class in the making: its methods, the expressions that wait to become methods of
 * their own, and the live objects that its code refers to as constants.
 */
final class KernelClass {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  /** A method that evaluates one expression for one row. */
  record OwnMethod(ClassDesc owner, String name, MethodTypeDesc type) {}

  private record Pending(ExpressionScope scope, Ir node, OwnMethod method) {}

  private final ClassDesc name;
  private final ClassDesc kernelInterface;
  private final List<Consumer<ClassBuilder>> members = new ArrayList<>();
  private final Map<ExpressionScope, IdentityHashMap<Ir, OwnMethod>> ownMethods = new HashMap<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Map<Object, Integer> liveIndexes = new HashMap<>();
  private final List<Object> liveObjects = new ArrayList<>();
  private int methods;

  KernelClass(String simpleName, ClassDesc kernelInterface) {
    this.name = ClassDesc.of(KernelClass.class.getPackageName(), simpleName);
    this.kernelInterface = kernelInterface;
  }

  ClassDesc name() {
    return name;
  }

  /** Adds a static method. */
  void addStatic(String method, MethodTypeDesc type, Consumer<CodeBuilder> body) {
    members.add(builder -> builder.withMethodBody(method, type, ACC_STATIC, body));
  }

  /** Adds a public method of the kernel's interface. */
  void addPublic(String method, MethodTypeDesc type, Consumer<CodeBuilder> body) {
    members.add(builder -> builder.withMethodBody(method, type, ACC_PUBLIC | ACC_FINAL, body));
  }

  /** The method that evaluates a node; it is emitted before the class is finished. */
  OwnMethod methodFor(ExpressionScope scope, Ir node) {
    IdentityHashMap<Ir, OwnMethod> known =
        ownMethods.computeIfAbsent(scope, _ -> new IdentityHashMap<>());
    OwnMethod method = known.get(node);
    if (method == null) {
      method = new OwnMethod(name, "expression" + methods++, CallEmitter.ownMethodType(node));
      known.put(node, method);
      pending.add(new Pending(scope, node, method));
    }
    return method;
  }

  /** A constant that names a live object. */
  DynamicConstantDesc<?> liveConstant(Object object, ClassDesc type) {
    return DynamicConstantDesc.ofNamed(
        ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, keepAlive(object));
  }

  /** Keeps an object reachable as long as the class is; returns its index in the class data. */
  int keepAlive(Object object) {
    return liveIndexes.computeIfAbsent(
        object,
        added -> {
          liveObjects.add(added);
          return liveObjects.size() - 1;
        });
  }

  /** Defines the class and makes its one instance. */
  Object instantiate() {
    byte[] bytes = ClassFile.of().build(name, this::build);
    try {
      MethodHandles.Lookup defined =
          LOOKUP.defineHiddenClassWithClassData(bytes, List.copyOf(liveObjects), true);
      return defined
          .findConstructor(defined.lookupClass(), MethodType.methodType(void.class))
          .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(
          "generated class must load: name=%s, bytes=%d"
              .formatted(name.displayName(), bytes.length),
          e);
    }
  }

  private void build(ClassBuilder builder) {
    builder.withFlags(ACC_PUBLIC | ACC_FINAL).withInterfaceSymbols(kernelInterface);
    builder.withMethodBody(
        INIT_NAME,
        MTD_void,
        ACC_PUBLIC,
        code ->
            code.aload(0).invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void).return_());
    members.forEach(member -> member.accept(builder));
    while (!pending.isEmpty()) {
      Pending next = pending.remove();
      builder.withMethodBody(
          next.method().name(),
          next.method().type(),
          ACC_STATIC,
          code -> emitOwnMethod(code, next));
    }
  }

  /*
   * static long expression7(KernelContext context, long columns, int row) {
   *   ...
   *   context.isNull = isNull;
   *   return value;
   * }
   */
  private void emitOwnMethod(CodeBuilder code, Pending pendingMethod) {
    int row = 3;
    MethodEmitter m =
        new MethodEmitter(
            code, this, pendingMethod.scope(), 4, emitter -> new RowAccess(emitter, row, row));
    Ir node = pendingMethod.node();
    Value value = m.emitInline(node);
    if (m.nullable(node)) {
      code.aload(MethodEmitter.CONTEXT);
      m.loadIsNull(value);
      code.putfield(Descriptors.CONTEXT, "isNull", Descriptors.INT);
    }
    m.loadAsResult(value);
    code.return_(Descriptors.kind(node.type()));
  }
}
