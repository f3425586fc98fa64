package io.arrowmill.plan;

import io.arrowmill.types.JavaType;
import org.jspecify.annotations.Nullable;

/**
 * A function of the program that takes rows as Java objects. Besides this and {@link
 * StateFunction}s a plan holds nothing but data.
 */
public sealed interface TypedFunction {

  /** What the function takes. */
  JavaType input();

  /** Called with one object, by several tasks at a time. */
  @FunctionalInterface
  interface Body {
    @Nullable Object call(@Nullable Object value) throws Exception;
  }

  /** The function; what it gives is said by the kind. */
  Body body();

  /** What errors and plans call it. */
  String name();

  /** What the function's objects are in columns. */
  sealed interface Giving extends TypedFunction {
    JavaType result();
  }

  /** Gives one object a row. */
  record MapRows(JavaType input, JavaType result, Body body) implements Giving {
    @Override
    public String name() {
      return "map";
    }
  }

  /** Gives an iterator of objects a row. */
  record FlatMapRows(JavaType input, JavaType result, Body body) implements Giving {
    @Override
    public String name() {
      return "flatMap";
    }
  }

  /** Gives one object a row, whose columns come behind the row's. */
  record AppendKey(JavaType input, JavaType result, Body body) implements Giving {
    @Override
    public String name() {
      return "groupByKey";
    }
  }

  /** Gives one object a row, whose columns come behind the row's, lists and records nested. */
  record AppendValue(JavaType input, JavaType result, Body body) implements Giving {
    @Override
    public String name() {
      return "mapValues";
    }
  }

  /** Gives a Boolean a row: whether to keep it. */
  record FilterRows(JavaType input, Body body) implements TypedFunction {
    @Override
    public String name() {
      return "filter";
    }
  }

  /** Whether the input's columns are in the output. */
  default boolean keepsInput() {
    return this instanceof AppendKey || this instanceof AppendValue || this instanceof FilterRows;
  }
}
