/**
 * Keyed state: partitioned off-heap tables, their changes and snapshots as Arrow IPC. Imports
 * {@code types}, {@code batch}, the tables of codegen, and Arrow.
 */
@NullMarked
package io.arrowmill.state;

import org.jspecify.annotations.NullMarked;
