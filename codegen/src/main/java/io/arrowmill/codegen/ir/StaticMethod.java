package io.arrowmill.codegen.ir;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/**
 * A public static method of a public class that generated code calls.
 *
 * <p>Its parameters are, in this order: optionally a {@code KernelContext}; for each operand a
 * {@code boolean}, {@code byte}, {@code short}, {@code int}, {@code long}, {@code float} or {@code
 * double}, for BYTES {@code long address, int length}, for DECIMAL {@code long low, long high};
 * optionally a {@link Site}. It returns a primitive; for BYTES the address, with the length put
 * into the context; for DECIMAL the low half, with the high half put into the context. Bytes that
 * it makes live in the context's scratch, until the next row.
 *
 * @param owner the class
 * @param name the method's name
 * @param type the method's type
 */
public record StaticMethod(Class<?> owner, String name, MethodType type) {

  /**
   * Finds the one public static method of that name.
   *
   * @throws IllegalArgumentException if there is none or more than one
   */
  public static StaticMethod of(Class<?> owner, String name) {
    List<Method> found =
        Arrays.stream(owner.getMethods())
            .filter(method -> method.getName().equals(name))
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "exactly one public static method must have the name: owner=%s, name=%s, found=%d"
              .formatted(owner.getName(), name, found.size()));
    }
    Method method = found.getFirst();
    return new StaticMethod(
        owner, name, MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
  }

  /** A handle to the method. */
  public MethodHandle handle() {
    try {
      return MethodHandles.publicLookup().findStatic(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "static method must be public in a public class: owner=%s, name=%s, type=%s"
              .formatted(owner.getName(), name, type),
          e);
    }
  }
}
