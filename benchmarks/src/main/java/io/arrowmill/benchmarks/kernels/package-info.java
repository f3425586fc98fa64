/**
 * Batch queries over rows in memory, on one core, side by side with DuckDB.
 *
 * <p>Both engines hold the same rows, made once ({@link
 * io.arrowmill.benchmarks.kernels.KernelTable}), and must give the same answer before they are
 * timed. JMH runs them ({@link io.arrowmill.benchmarks.kernels.KernelBenchmarks}), in a process of
 * its own for each query. Imports the public API of Arrowmill, Arrow's, DuckDB's and JMH's.
 */
@NullMarked
package io.arrowmill.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
