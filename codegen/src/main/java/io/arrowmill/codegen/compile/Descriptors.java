package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.BytesOps;
import io.arrowmill.codegen.runtime.DecimalOps;
import io.arrowmill.codegen.runtime.FloatingOps;
import io.arrowmill.codegen.runtime.IntegerOps;
import io.arrowmill.codegen.runtime.KernelContext;
import io.arrowmill.codegen.runtime.Nullness;
import io.arrowmill.codegen.runtime.NumericCasts;
import io.arrowmill.codegen.runtime.SmallIntegerOps;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** The names of the classes that generated code refers to. */
final class Descriptors {

  static final ClassDesc BOOLEAN = ConstantDescs.CD_boolean;
  static final ClassDesc BYTE = ConstantDescs.CD_byte;
  static final ClassDesc SHORT = ConstantDescs.CD_short;
  static final ClassDesc INT = ConstantDescs.CD_int;
  static final ClassDesc LONG = ConstantDescs.CD_long;
  static final ClassDesc FLOAT = ConstantDescs.CD_float;
  static final ClassDesc DOUBLE = ConstantDescs.CD_double;
  static final ClassDesc VOID = ConstantDescs.CD_void;
  static final ClassDesc STRING = ConstantDescs.CD_String;
  static final ClassDesc INTS = ConstantDescs.CD_int.arrayType();

  static final ClassDesc SITE = of(Site.class);
  static final ClassDesc OFF_HEAP = of(OffHeap.class);
  static final ClassDesc NULLNESS = of(Nullness.class);
  static final ClassDesc CONTEXT = of(KernelContext.class);
  static final ClassDesc OUTPUTS = of(KernelOutputs.class);
  static final ClassDesc BYTES_OUTPUT = of(BytesOutput.class);
  static final ClassDesc FILTER = of(FilterKernel.class);
  static final ClassDesc PROJECT = of(ProjectKernel.class);
  static final ClassDesc INTEGER_OPS = of(IntegerOps.class);
  static final ClassDesc SMALL_INTEGER_OPS = of(SmallIntegerOps.class);
  static final ClassDesc FLOATING_OPS = of(FloatingOps.class);
  static final ClassDesc CASTS = of(NumericCasts.class);
  static final ClassDesc BYTES_OPS = of(BytesOps.class);
  static final ClassDesc DECIMAL_OPS = of(DecimalOps.class);
  static final ClassDesc MATH = of(Math.class);

  private Descriptors() {}

  static ClassDesc of(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  static MethodTypeDesc method(ClassDesc result, ClassDesc... parameters) {
    return MethodTypeDesc.of(result, parameters);
  }

  /** The kind of local that holds a value, or the first half of one. */
  static TypeKind kind(PhysicalType type) {
    return switch (type) {
      case BOOL, I8, I16, I32 -> TypeKind.INT;
      case I64, BYTES, DECIMAL -> TypeKind.LONG;
      case F32 -> TypeKind.FLOAT;
      case F64 -> TypeKind.DOUBLE;
    };
  }

  /** The Java type of that local. */
  static ClassDesc javaType(PhysicalType type) {
    return switch (kind(type)) {
      case INT -> INT;
      case LONG -> LONG;
      case FLOAT -> FLOAT;
      default -> DOUBLE;
    };
  }
}
