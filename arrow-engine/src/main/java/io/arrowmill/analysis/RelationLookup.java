package io.arrowmill.analysis;

import io.arrowmill.plan.LogicalPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tables and views by name. */
@FunctionalInterface
public interface RelationLookup {
  /** A lookup that knows no relation. */
  RelationLookup NONE = (name, streaming) -> null;

  /**
   * The plan of a table or view, or null if there is none of that name.
   *
   * @param streaming whether the query asked to read it as a stream
   */
  @Nullable LogicalPlan relation(String name, boolean streaming);

  /** The names there are, for suggestions in messages. */
  default List<String> names() {
    return List.of();
  }
}
