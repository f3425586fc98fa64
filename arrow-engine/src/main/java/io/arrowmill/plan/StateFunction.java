package io.arrowmill.plan;

import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.StructField;
import java.util.Iterator;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A function of the program that takes the new rows of a key and keeps state of it.
 *
 * @param name what errors and plans call it
 * @param types what it takes, keeps and gives
 * @param kept the state as checkpoints describe it, to find out whether it has changed
 */
public record StateFunction(
    String name, Types types, String kept, GroupStateTimeout timeout, Body body) {
  public static final String MAP = "mapGroupsWithState";
  public static final String FLAT_MAP = "flatMapGroupsWithState";
  public static final String REDUCE = "reduceGroups";
  public static final String FLAT_MAP_GROUPS = "flatMapGroups";
  public static final String TRANSFORM = "transformWithState";

  /** A function whose state is described by its columns. */
  public StateFunction(String name, Types types, GroupStateTimeout timeout, Body body) {
    this(name, types, columns(types.state()), timeout, body);
  }

  /**
   * What a function takes, keeps and gives.
   *
   * @param value class of the rows
   * @param state class of what is kept of a key
   * @param initial class of what is given of a key before the first batch
   * @param result class of what the function gives
   */
  public record Types(
      JavaType key, JavaType value, JavaType state, JavaType initial, JavaType result) {}

  /** Called for one key after the other, by several tasks at a time. */
  public interface Body {
    /** A batch begins. */
    default void begin() throws Exception {}

    /** Called for a key with new rows or a timeout. */
    Iterator<?> call(@Nullable Object key, Iterator<Object> values, Slot state) throws Exception;

    /** Called in the first batch, before all else, for a key with something given. */
    default void initialize(@Nullable Object key, Object initial, Slot state) throws Exception {
      state.update(initial);
    }

    /** A batch ends. */
    default void end() throws Exception {}
  }

  /** The state of a key, with what only the engine's own functions ask. */
  public interface Slot extends GroupState<Object> {
    /** Asks for a call once the clock is at or after a time, which may be over. */
    void wakeAt(long millis);

    /** The time up to which timers have expired. */
    long clockMillis();
  }

  /** Whether this is an aggregate, whose state is what it gives. */
  public boolean reduces() {
    return name.equals(REDUCE);
  }

  /** Whether this is a stateful processor, whose timers expire at their time, not after it. */
  public boolean transforms() {
    return name.equals(TRANSFORM);
  }

  private static String columns(JavaType type) {
    StringJoiner columns = new StringJoiner(", ", "(", ")");
    for (StructField field : type.columns().fields()) {
      columns.add(field.name() + " " + field.type().sql());
    }
    return columns.toString();
  }
}
