package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Short names for the nodes that tests build. */
final class Trees {

  private Trees() {}

  static TestColumn column(PhysicalType type, @Nullable Object... values) {
    return new TestColumn(type, Arrays.asList(values));
  }

  static Ir in(int column, PhysicalType type) {
    return new Ir.Input(column, type, true);
  }

  static Ir constant(Object value) {
    return new Ir.Const(typeOf(value), value);
  }

  static Ir none(PhysicalType type) {
    return new Ir.Const(type, null);
  }

  static Ir arithmetic(ArithmeticOp op, OnError onError, Ir left, Ir right) {
    String text = "(left " + op.symbol() + " right)";
    return new Ir.Arithmetic(op, left.type(), left, right, onError, new Site(text));
  }

  static Ir compare(CompareOp op, Ir left, Ir right) {
    return new Ir.Compare(op, left, right);
  }

  static ByteString text(String text) {
    return ByteString.of(text);
  }

  static PhysicalType typeOf(Object value) {
    return switch (value) {
      case Boolean _ -> PhysicalType.BOOL;
      case Byte _ -> PhysicalType.I8;
      case Short _ -> PhysicalType.I16;
      case Integer _ -> PhysicalType.I32;
      case Long _ -> PhysicalType.I64;
      case Float _ -> PhysicalType.F32;
      case Double _ -> PhysicalType.F64;
      case BigInteger _ -> PhysicalType.DECIMAL;
      case ByteString _ -> PhysicalType.BYTES;
      default -> throw new IllegalArgumentException("no physical type: value=" + value);
    };
  }
}
