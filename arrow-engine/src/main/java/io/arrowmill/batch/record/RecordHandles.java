package io.arrowmill.batch.record;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.JavaType.Component;
import io.arrowmill.types.JavaType.RecordOf;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/** Handles of a record's canonical constructor and accessors. */
final class RecordHandles {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private RecordHandles() {}

  /** The canonical constructor; it takes the components as they are declared. */
  static MethodHandle constructor(RecordOf type) {
    Class<?>[] parameters =
        type.components().stream().map(Component::declared).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.javaClass().getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return LOOKUP.unreflectConstructor(constructor);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw notAccessible(type.javaClass(), "constructor", e);
    }
  }

  /** The accessor of a component: from an object to the component as it is declared. */
  static MethodHandle accessor(RecordOf type, Component component) {
    try {
      Method accessor = type.javaClass().getDeclaredMethod(component.name());
      accessor.setAccessible(true);
      MethodHandle handle = LOOKUP.unreflect(accessor);
      return handle.asType(handle.type().changeParameterType(0, Object.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw notAccessible(type.javaClass(), component.name(), e);
    }
  }

  private static ArrowmillException notAccessible(Class<?> type, String part, Exception e) {
    return new ArrowmillException(
        "RECORD_NOT_ACCESSIBLE",
        "record must be readable: class="
            + type.getName()
            + ", component="
            + part
            + "; make it public, or open its package",
        e);
  }

  /** What a user's constructor or accessor threw, as it is where that is possible. */
  static RuntimeException thrown(Class<?> type, Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new ArrowmillException(
            "RECORD_NOT_ACCESSIBLE",
            "record's constructor and accessors must return: class="
                + type.getName()
                + ", error="
                + e,
            e);
  }
}
