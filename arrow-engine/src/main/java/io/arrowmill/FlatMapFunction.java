package io.arrowmill;

import java.util.Iterator;

/** Makes any number of objects of one. Called by several tasks at a time. */
@FunctionalInterface
public interface FlatMapFunction<T, U> {
  /** The objects made of {@code value}. */
  Iterator<U> call(T value) throws Exception;
}
