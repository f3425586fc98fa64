package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Emits the body of one method: dispatches nodes to the emitters of their kinds, and gives these
 * locals, constants and the common shapes of code.
 *
 * <p>Confined to the thread that compiles.
 */
final class MethodEmitter {

  /** The local of the KernelContext in every generated static method. */
  static final int CONTEXT = 0;

  /** The local of the descriptor block's address in every generated static method. */
  static final int COLUMNS = 1;

  private final CodeBuilder code;
  private final KernelClass kernelClass;
  private final ExpressionScope scope;
  private final RowAccess rows;
  private int nextLocal;

  MethodEmitter(
      CodeBuilder code,
      KernelClass kernelClass,
      ExpressionScope scope,
      int firstLocal,
      RowAccessFactory rows) {
    this.code = code;
    this.kernelClass = kernelClass;
    this.scope = scope;
    this.nextLocal = firstLocal;
    this.rows = rows.create(this);
  }

  /** Makes the row access of a method; it may emit code that runs once, before the rows. */
  interface RowAccessFactory {
    RowAccess create(MethodEmitter emitter);
  }

  CodeBuilder code() {
    return code;
  }

  Facts facts() {
    return scope.facts();
  }

  RowAccess rows() {
    return rows;
  }

  boolean nullable(Ir node) {
    return scope.facts().nullable(node, scope.columnsHaveNulls());
  }

  // ---- nodes

  /** Emits code that leaves the node's value in locals. */
  Value emit(Ir node) {
    return scope.facts().isMethod(node)
        ? CallEmitter.emitMethodOfItsOwn(this, node, kernelClass.methodFor(scope, node))
        : emitInline(node);
  }

  /** Emits the node here though it would have a method of its own: for the body of that method. */
  Value emitInline(Ir node) {
    return switch (node) {
      case Ir.Input n -> InputEmitter.emit(this, n);
      case Ir.Const n -> ConstEmitter.emit(this, n);
      case Ir.Arithmetic n -> ArithmeticEmitter.emit(this, n);
      case Ir.Bitwise n -> BitwiseEmitter.emit(this, n);
      case Ir.Unary n -> ArithmeticEmitter.emit(this, n);
      case Ir.Compare n -> CompareEmitter.emit(this, n);
      case Ir.NullSafeEqual n -> CompareEmitter.emit(this, n);
      case Ir.And n -> LogicEmitter.emit(this, n);
      case Ir.Or n -> LogicEmitter.emit(this, n);
      case Ir.Not n -> LogicEmitter.emit(this, n);
      case Ir.IsNull n -> LogicEmitter.emitIsNull(this, n.operand(), true);
      case Ir.IsNotNull n -> LogicEmitter.emitIsNull(this, n.operand(), false);
      case Ir.If n -> ConditionalEmitter.emit(this, n);
      case Ir.Coalesce n -> ConditionalEmitter.emit(this, n);
      case Ir.Extremum n -> ConditionalEmitter.emit(this, n);
      case Ir.In n -> InEmitter.emit(this, n);
      case Ir.Cast n -> CastEmitter.emit(this, n);
      case Ir.Call n -> CallEmitter.emit(this, n);
      case Ir.Invoke n -> CallEmitter.emit(this, n);
      case Ir.DecimalArithmetic n -> DecimalEmitter.emit(this, n);
      case Ir.DecimalCast n -> DecimalEmitter.emit(this, n);
      case Ir.Like n -> CallEmitter.emit(this, n);
      case Ir.CaseWhen n -> throw new IllegalStateException("CaseWhen must be lowered: node=" + n);
    };
  }

  // ---- strict nodes

  /**
   * Pushes the result of a strict node, given where its operands are; may branch to {@code isNull}.
   */
  interface Computation {
    void push(List<Value> operands, Label isNull);
  }

  /**
   * Emits a node that is null if an operand is. It is computed without a branch where that is
   * harmless, otherwise only where no operand is null.
   *
   * @param careful whether the computation must not run on undefined values, or may branch to its
   *     null label
   */
  Value emitStrict(Ir node, List<Ir> operands, boolean careful, Computation computation) {
    boolean makesNull = Facts.makesNull(node);
    boolean operandNull = operands.stream().anyMatch(this::nullable);
    boolean lateFailure = operands.stream().skip(1).anyMatch(o -> facts().mayFail(o));
    if (makesNull || (operandNull && (careful || lateFailure))) {
      return emitGuarded(node.type(), operands, computation);
    }
    List<Value> values = operands.stream().map(this::emit).toList();
    Label unused = code.newLabel();
    computation.push(values, unused);
    code.labelBinding(unused);
    Value result = newValue(node.type());
    store(result);
    return result.withNull(anyNull(values));
  }

  /*
   * value = 0; isNull = 1;
   * operand 0; if (null) goto done; operand 1; ...
   * value = computation(operands);   // may goto done
   * isNull = 0;
   * done:
   */
  private Value emitGuarded(PhysicalType type, List<Ir> operands, Computation computation) {
    Value result = newValue(type).withNull(newLocal(TypeKind.INT));
    storeZero(result);
    code.iconst_1().istore(result.isNull());
    Label done = code.newLabel();
    List<Value> values = new ArrayList<>();
    for (Ir operand : operands) {
      Value value = emit(operand);
      if (value.nullable()) {
        code.iload(value.isNull()).ifne(done);
      }
      values.add(value);
    }
    computation.push(values, done);
    store(result);
    code.iconst_0().istore(result.isNull());
    code.labelBinding(done);
    return result;
  }

  /** The local that holds 1 if one of the values is null, or NEVER. */
  int anyNull(List<Value> values) {
    int found = Value.NEVER;
    boolean combined = false;
    for (Value value : values) {
      if (!value.nullable()) {
        continue;
      }
      if (found == Value.NEVER) {
        found = value.isNull();
        continue;
      }
      code.iload(found).iload(value.isNull()).ior();
      found = combined ? found : newLocal(TypeKind.INT);
      combined = true;
      code.istore(found);
    }
    return found;
  }

  // ---- locals

  int newLocal(TypeKind kind) {
    int local = nextLocal;
    nextLocal += kind.slotSize();
    return local;
  }

  /** Locals for a value that is never null. */
  Value newValue(PhysicalType type) {
    int slot = newLocal(Descriptors.kind(type));
    int second =
        switch (type) {
          case BYTES -> newLocal(TypeKind.INT);
          case DECIMAL -> newLocal(TypeKind.LONG);
          default -> -1;
        };
    return new Value(type, Value.NEVER, slot, second);
  }

  /** Pushes a value: one stack entry, for BYTES and DECIMAL two. */
  void load(Value value) {
    code.loadLocal(Descriptors.kind(value.type()), value.slot());
    switch (value.type()) {
      case BYTES -> code.iload(value.second());
      case DECIMAL -> code.lload(value.second());
      default -> {}
    }
  }

  /** Pops a result as methods return it: the second half is in the context. */
  void store(Value value) {
    code.storeLocal(Descriptors.kind(value.type()), value.slot());
    switch (value.type()) {
      case BYTES ->
          code.aload(CONTEXT)
              .getfield(Descriptors.CONTEXT, "length", Descriptors.INT)
              .istore(value.second());
      case DECIMAL ->
          code.aload(CONTEXT)
              .getfield(Descriptors.CONTEXT, "high", Descriptors.LONG)
              .lstore(value.second());
      default -> {}
    }
  }

  /** Pushes a result as methods return it: the second half goes into the context. */
  void loadAsResult(Value value) {
    switch (value.type()) {
      case BYTES ->
          code.aload(CONTEXT)
              .iload(value.second())
              .putfield(Descriptors.CONTEXT, "length", Descriptors.INT);
      case DECIMAL ->
          code.aload(CONTEXT)
              .lload(value.second())
              .putfield(Descriptors.CONTEXT, "high", Descriptors.LONG);
      default -> {}
    }
    code.loadLocal(Descriptors.kind(value.type()), value.slot());
  }

  void storeZero(Value value) {
    switch (Descriptors.kind(value.type())) {
      case INT -> code.iconst_0().istore(value.slot());
      case LONG -> code.lconst_0().lstore(value.slot());
      case FLOAT -> code.fconst_0().fstore(value.slot());
      default -> code.dconst_0().dstore(value.slot());
    }
    switch (value.type()) {
      case BYTES -> code.iconst_0().istore(value.second());
      case DECIMAL -> code.lconst_0().lstore(value.second());
      default -> {}
    }
  }

  /** Copies a value, and its nullness if the target has a local for it. */
  void copy(Value from, Value to) {
    TypeKind kind = Descriptors.kind(from.type());
    code.loadLocal(kind, from.slot()).storeLocal(kind, to.slot());
    switch (from.type()) {
      case BYTES -> code.iload(from.second()).istore(to.second());
      case DECIMAL -> code.lload(from.second()).lstore(to.second());
      default -> {}
    }
    if (to.nullable()) {
      loadIsNull(from);
      code.istore(to.isNull());
    }
  }

  /** Pushes 1 if the value is null, else 0. */
  void loadIsNull(Value value) {
    if (value.nullable()) {
      code.iload(value.isNull());
    } else {
      code.iconst_0();
    }
  }

  // ---- constants and calls

  void loadSite(Site site) {
    loadLive(site, Descriptors.SITE);
  }

  /** Pushes a live object as a constant. */
  void loadLive(Object object, ClassDesc type) {
    code.loadConstant(kernelClass.liveConstant(object, type));
  }

  void keepAlive(Object object) {
    kernelClass.keepAlive(object);
  }

  void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    code.invokestatic(owner, name, Descriptors.method(result, parameters));
  }

  /** Pushes 1 or 0: emits a comparison whose branch is taken for true. */
  void pushBoolean(java.util.function.Consumer<Label> branchIfTrue) {
    Label isTrue = code.newLabel();
    Label done = code.newLabel();
    branchIfTrue.accept(isTrue);
    code.iconst_0().goto_(done).labelBinding(isTrue).iconst_1().labelBinding(done);
  }
}
