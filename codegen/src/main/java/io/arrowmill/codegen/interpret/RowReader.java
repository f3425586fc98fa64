package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.PhysicalType;
import org.jspecify.annotations.Nullable;

/** Gives the columns of one row as boxed values. */
public interface RowReader {

  /** Null, or the value with the Java class that {@code Ir.Const} names for the type. */
  @Nullable Object value(int column, PhysicalType type);
}
