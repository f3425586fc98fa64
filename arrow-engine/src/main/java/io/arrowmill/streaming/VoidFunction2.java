package io.arrowmill.streaming;

/** Work on two values that may fail. */
@FunctionalInterface
public interface VoidFunction2<A, B> {

  /** Does the work. */
  void call(A first, B second) throws Exception;
}
