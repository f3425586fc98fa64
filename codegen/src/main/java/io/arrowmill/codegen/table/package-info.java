/**
 * The off-heap hash table of a grouping, the accumulators that keep its aggregates, and the index
 * of a join's build side.
 *
 * <p>Columns come and go as raw addresses in Arrow's memory layout. May import {@code
 * io.arrowmill.codegen.memory} and nothing else of the project.
 */
@NullMarked
package io.arrowmill.codegen.table;

import org.jspecify.annotations.NullMarked;
