package io.arrowmill.plan;

import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.types.JavaType;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A function of the program that takes the new rows of a key and keeps state of it.
 *
 * @param name what errors, plans and checkpoints call it
 * @param key class of the keys
 * @param value class of the rows
 * @param state class of what is kept of a key
 * @param result class of what the function gives
 */
public record StateFunction(
    String name,
    JavaType key,
    JavaType value,
    JavaType state,
    JavaType result,
    GroupStateTimeout timeout,
    Body body) {
  public static final String MAP = "mapGroupsWithState";
  public static final String FLAT_MAP = "flatMapGroupsWithState";
  public static final String REDUCE = "reduceGroups";
  public static final String FLAT_MAP_GROUPS = "flatMapGroups";

  /** Called once for each key with new rows or a timeout, by several tasks at a time. */
  @FunctionalInterface
  public interface Body {
    Iterator<?> call(@Nullable Object key, Iterator<Object> values, GroupState<Object> state)
        throws Exception;
  }

  /** Whether this is an aggregate, whose state is what it gives. */
  public boolean reduces() {
    return name.equals(REDUCE);
  }
}
