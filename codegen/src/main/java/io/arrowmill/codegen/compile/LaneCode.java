package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.VOID;
import static io.arrowmill.codegen.compile.LaneType.COMPARISON;
import static io.arrowmill.codegen.compile.LaneType.MASK;
import static io.arrowmill.codegen.compile.LaneType.OPERATORS;
import static io.arrowmill.codegen.compile.LaneType.SPECIES;
import static io.arrowmill.codegen.compile.LaneType.VECTOR;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.runtime.LaneBits;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Single instructions of lane code, on the operand stack. Calls of the vector API are emitted where
 * they are needed rather than kept in methods of ours: the JIT compiler always inlines the API, but
 * a vector that passes through a call it does not inline becomes an object.
 */
final class LaneCode {

  /** Named in text: the class itself would link the vector API. */
  private static final ClassDesc SHAPES =
      ClassDesc.of("io.arrowmill.codegen.runtime", "LaneShapes");

  private static final ClassDesc BITS = Descriptors.of(LaneBits.class);
  private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
  private static final ClassDesc BYTE_ORDER = Descriptors.of(ByteOrder.class);
  private static final ClassDesc JAVA_LONG = Descriptors.of(Long.class);

  private final CodeBuilder code;
  private int nextLocal;

  LaneCode(CodeBuilder code, int firstLocal) {
    this.code = code;
    this.nextLocal = firstLocal;
  }

  CodeBuilder code() {
    return code;
  }

  // ---- locals

  int newLocal(TypeKind kind) {
    int local = nextLocal;
    nextLocal += kind.slotSize();
    return local;
  }

  /** Pops a long into a new local. */
  int storeBits() {
    int local = newLocal(TypeKind.LONG);
    code.lstore(local);
    return local;
  }

  /** Pops an object into a new local. */
  int storeReference() {
    int local = newLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  void load(LaneValue value) {
    if (value.type() == PhysicalType.BOOL) {
      code.lload(value.slot());
    } else {
      code.aload(value.slot());
    }
  }

  // ---- bits: longs with a bit a row

  void not() {
    code.loadConstant(-1L).lxor();
  }

  /** The step's rows only. */
  void clean() {
    code.getstatic(SHAPES, "LANE_BITS", LONG).land();
  }

  /** Pushes the number of rows a step takes. */
  void pushLanes() {
    code.getstatic(SHAPES, "LANES", Descriptors.INT);
  }

  void bitCount() {
    code.invokestatic(JAVA_LONG, "bitCount", Descriptors.method(Descriptors.INT, LONG));
  }

  /** (bits, which): the bits at the positions that {@code which} has, moved together. */
  void compressBits() {
    code.invokestatic(JAVA_LONG, "compress", Descriptors.method(LONG, LONG, LONG));
  }

  void callBits(String method, ClassDesc result, ClassDesc... parameters) {
    code.invokestatic(BITS, method, Descriptors.method(result, parameters));
  }

  // ---- vectors

  void pushSpecies(PhysicalType type) {
    code.getstatic(SHAPES, LaneType.of(type).species(), SPECIES);
  }

  /** (bits): a mask for vectors of the type. */
  void toMask(PhysicalType type) {
    int bits = storeBits();
    pushSpecies(type);
    code.lload(bits);
    code.invokestatic(MASK, "fromLong", Descriptors.method(MASK, SPECIES, LONG));
  }

  /** (mask): its bits. */
  void toBits() {
    code.invokevirtual(MASK, "toLong", Descriptors.method(LONG));
  }

  void broadcast(PhysicalType type, ConstantDesc value) {
    LaneType lane = LaneType.of(type);
    pushSpecies(type);
    code.loadConstant(value);
    code.invokestatic(
        lane.vector(), "broadcast", Descriptors.method(lane.vector(), SPECIES, lane.lane()));
  }

  /** (address): the vector there. */
  void fromMemory(PhysicalType type) {
    LaneType lane = LaneType.of(type);
    int address = storeBits();
    pushSpecies(type);
    code.getstatic(SHAPES, "MEMORY", SEGMENT).lload(address);
    code.getstatic(BYTE_ORDER, "LITTLE_ENDIAN", BYTE_ORDER);
    code.invokestatic(
        lane.vector(),
        "fromMemorySegment",
        Descriptors.method(lane.vector(), SPECIES, SEGMENT, LONG, BYTE_ORDER));
  }

  /** (vector, address). */
  void intoMemory(PhysicalType type) {
    int address = storeBits();
    code.getstatic(SHAPES, "MEMORY", SEGMENT).lload(address);
    code.getstatic(BYTE_ORDER, "LITTLE_ENDIAN", BYTE_ORDER);
    code.invokevirtual(
        LaneType.of(type).vector(),
        "intoMemorySegment",
        Descriptors.method(VOID, SEGMENT, LONG, BYTE_ORDER));
  }

  /** Pushes the indices of a step's rows, counted from {@code firstRow}. */
  void pushRowIndices(Runnable firstRow) {
    ClassDesc vector = LaneType.of(PhysicalType.I32).vector();
    code.getstatic(SHAPES, "INDEX", vector);
    firstRow.run();
    code.invokevirtual(vector, "add", Descriptors.method(vector, Descriptors.INT));
  }

  /** (left, right): add, sub, mul, div, min, max, and, or. */
  void binary(PhysicalType type, String method) {
    ClassDesc vector = LaneType.of(type).vector();
    code.invokevirtual(vector, method, Descriptors.method(vector, VECTOR));
  }

  /** (left, right): an operator that has no method of its own. */
  void lanewise(PhysicalType type, String operator, ConstantDesc right) {
    LaneType lane = LaneType.of(type);
    code.getstatic(OPERATORS, operator, LaneType.BINARY).loadConstant(right);
    code.invokevirtual(
        lane.vector(), "lanewise", Descriptors.method(lane.vector(), LaneType.BINARY, lane.lane()));
  }

  /** (left, right): exclusive or. */
  void xor(PhysicalType type) {
    ClassDesc vector = LaneType.of(type).vector();
    ClassDesc associative = ClassDesc.of("jdk.incubator.vector", "VectorOperators$Associative");
    int right = storeReference();
    code.getstatic(OPERATORS, "XOR", associative).aload(right);
    code.invokevirtual(vector, "lanewise", Descriptors.method(vector, LaneType.BINARY, VECTOR));
  }

  /** (operand): neg, abs, not. */
  void unary(PhysicalType type, String method) {
    ClassDesc vector = LaneType.of(type).vector();
    code.invokevirtual(vector, method, Descriptors.method(vector));
  }

  /** (left, right): the bits of the rows where the comparison of Java holds. */
  void compare(PhysicalType type, String operator) {
    int right = storeReference();
    code.getstatic(OPERATORS, operator, COMPARISON).aload(right);
    code.invokevirtual(
        LaneType.of(type).vector(), "compare", Descriptors.method(MASK, COMPARISON, VECTOR));
    toBits();
  }

  /** (left): the bits of the rows where the comparison to a constant holds. */
  void compare(PhysicalType type, String operator, ConstantDesc right) {
    LaneType lane = LaneType.of(type);
    code.getstatic(OPERATORS, operator, COMPARISON).loadConstant(right);
    code.invokevirtual(lane.vector(), "compare", Descriptors.method(MASK, COMPARISON, lane.lane()));
    toBits();
  }

  /** (otherwise, then, mask): {@code then} where the mask is set. */
  void blend(PhysicalType type) {
    ClassDesc vector = LaneType.of(type).vector();
    code.invokevirtual(vector, "blend", Descriptors.method(vector, VECTOR, MASK));
  }

  /** (vector, mask): the lanes of the mask, moved together. */
  void compress(PhysicalType type) {
    ClassDesc vector = LaneType.of(type).vector();
    code.invokevirtual(vector, "compress", Descriptors.method(vector, MASK));
  }

  /** (vector): converted as Java's casts do. */
  void cast(PhysicalType to) {
    pushSpecies(to);
    code.loadConstant(0);
    code.invokevirtual(VECTOR, "castShape", Descriptors.method(VECTOR, SPECIES, Descriptors.INT));
    code.checkcast(LaneType.of(to).vector());
  }
}
