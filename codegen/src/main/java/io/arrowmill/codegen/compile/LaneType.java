package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/**
 * The vector classes by name: nothing here links the vector API.
 *
 * @param vector the vector's class
 * @param lane the primitive type of a lane
 * @param species the field of {@code LaneShapes} that holds the species
 */
record LaneType(ClassDesc vector, ClassDesc lane, String species) {

  static final ClassDesc VECTOR = ofVectorApi("Vector");
  static final ClassDesc MASK = ofVectorApi("VectorMask");
  static final ClassDesc SPECIES = ofVectorApi("VectorSpecies");
  static final ClassDesc OPERATORS = ofVectorApi("VectorOperators");
  static final ClassDesc COMPARISON = ofVectorApi("VectorOperators$Comparison");
  static final ClassDesc BINARY = ofVectorApi("VectorOperators$Binary");

  private static final LaneType I32 =
      new LaneType(ofVectorApi("IntVector"), ConstantDescs.CD_int, "I32");
  private static final LaneType I64 =
      new LaneType(ofVectorApi("LongVector"), ConstantDescs.CD_long, "I64");
  private static final LaneType F32 =
      new LaneType(ofVectorApi("FloatVector"), ConstantDescs.CD_float, "F32");
  private static final LaneType F64 =
      new LaneType(ofVectorApi("DoubleVector"), ConstantDescs.CD_double, "F64");

  /** Whether values of the type are computed in lanes; BOOL as bits of a long. */
  static boolean has(PhysicalType type) {
    return switch (type) {
      case BOOL, I32, I64, F32, F64 -> true;
      case I8, I16, DECIMAL, BYTES -> false;
    };
  }

  static LaneType of(PhysicalType type) {
    return switch (type) {
      case I32 -> I32;
      case I64 -> I64;
      case F32 -> F32;
      case F64 -> F64;
      default -> throw new IllegalStateException("type has no vectors: type=" + type);
    };
  }

  private static ClassDesc ofVectorApi(String name) {
    return ClassDesc.of("jdk.incubator.vector", name);
  }
}
