package io.arrowmill;

/**
 * Makes one object of two. Must be associative and commutative, as it is called in any order; by
 * several tasks at a time.
 */
@FunctionalInterface
public interface ReduceFunction<T> {
  /** The object that stands for both. */
  T call(T first, T second) throws Exception;
}
