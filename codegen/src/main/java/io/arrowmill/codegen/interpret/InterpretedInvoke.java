package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.runtime.KernelContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls static methods by their call convention, see {@code StaticMethod}. */
final class InterpretedInvoke {

  private InterpretedInvoke() {}

  static @Nullable Object invoke(Ir.Invoke node, List<Object> operands) {
    KernelContext context = KernelContext.current();
    context.startRow();
    context.isNull = 0;
    MethodType type = node.method().type();
    List<Object> arguments = new ArrayList<>();
    if (type.parameterCount() > 0 && type.parameterType(0) == KernelContext.class) {
      arguments.add(context);
    }
    try (Arena arena = Arena.ofConfined()) {
      operands.forEach(operand -> addArguments(arguments, operand, arena));
      if (type.parameterCount() > 0 && type.lastParameterType() == Site.class) {
        arguments.add(node.site());
      }
      Object result = node.method().handle().invokeWithArguments(arguments);
      return context.isNull != 0 ? null : box(node, result, context);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("static method must not throw checked exceptions", e);
    }
  }

  private static void addArguments(List<Object> arguments, Object operand, Arena arena) {
    switch (operand) {
      case ByteString bytes -> {
        MemorySegment copy = arena.allocate(Math.max(1, bytes.length()));
        copy.copyFrom(MemorySegment.ofArray(bytes.toBytes()));
        arguments.add(copy.address());
        arguments.add(bytes.length());
      }
      case BigInteger decimal -> {
        arguments.add(decimal.longValue());
        arguments.add(decimal.shiftRight(64).longValue());
      }
      default -> arguments.add(operand);
    }
  }

  private static Object box(Ir.Invoke node, Object result, KernelContext context) {
    return switch (node.type()) {
      case BYTES -> MemoryRow.bytes((Long) result, context.length);
      case DECIMAL ->
          BigInteger.valueOf(context.high)
              .shiftLeft(64)
              .or(new BigInteger(1, longBytes((Long) result)));
      default -> result;
    };
  }

  private static byte[] longBytes(long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> (56 - 8 * i));
    }
    return bytes;
  }
}
