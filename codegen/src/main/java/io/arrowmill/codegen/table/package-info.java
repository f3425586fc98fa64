/**
 * The off-heap hash table of a grouping, and the accumulators that keep its aggregates.
 *
 * <p>Columns come and go as raw addresses in Arrow's memory layout. May import {@code
 * io.arrowmill.codegen.memory} and nothing else of the project.
 */
@NullMarked
package io.arrowmill.codegen.table;

import org.jspecify.annotations.NullMarked;
