package io.arrowmill.sql;

import io.arrowmill.plan.LogicalPlan;
import org.jspecify.annotations.Nullable;

/** One SQL statement. */
public sealed interface Statement {

  /** A query: {@code SELECT}, {@code VALUES}, {@code TABLE}, or a combination of them. */
  record Query(LogicalPlan plan) implements Statement {}

  /** {@code EXPLAIN [EXTENDED] query}. */
  record Explain(LogicalPlan plan, boolean extended) implements Statement {}

  /** {@code SHOW TABLES}. */
  record ShowTables() implements Statement {}

  /** {@code DESCRIBE [TABLE] name}. */
  record Describe(String name) implements Statement {}

  /** {@code CREATE [OR REPLACE] TEMP VIEW name AS query}. */
  record CreateView(String name, boolean replace, LogicalPlan plan) implements Statement {}

  /** {@code DROP VIEW [IF EXISTS] name}. */
  record DropView(String name, boolean ifExists) implements Statement {}

  /**
   * {@code SET key=value}, {@code SET key} or {@code SET}.
   *
   * @param key the setting, or null to list them all
   * @param value what to set it to, or null to show it
   */
  record SetOption(@Nullable String key, @Nullable String value) implements Statement {}
}
