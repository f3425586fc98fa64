package io.arrowmill;

/** Says which objects to keep. Called by several tasks at a time. */
@FunctionalInterface
public interface FilterFunction<T> {
  /** Whether to keep {@code value}. */
  boolean call(T value) throws Exception;
}
