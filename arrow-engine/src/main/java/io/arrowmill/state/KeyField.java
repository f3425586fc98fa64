package io.arrowmill.state;

import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.types.StructField;

/**
 * A key of keyed state.
 *
 * @param name column name in state files
 * @param kind how its values lie in memory
 * @param field the type that readers of state files see
 */
public record KeyField(String name, ValueKind kind, StructField field) {}
