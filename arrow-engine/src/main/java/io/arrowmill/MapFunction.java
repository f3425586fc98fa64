package io.arrowmill;

import org.jspecify.annotations.Nullable;

/** Makes one object of another. Called by several tasks at a time. */
@FunctionalInterface
public interface MapFunction<T, U> {
  /** The object made of {@code value}. */
  @Nullable U call(T value) throws Exception;
}
