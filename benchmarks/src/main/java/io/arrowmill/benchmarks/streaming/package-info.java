/**
 * Whole streaming queries over Parquet files, side by side with Spark and, for reference, DuckDB.
 *
 * <p>Every engine reads the same files and gives the same answer before it is timed. Imports the
 * public API of Arrowmill, Spark's and DuckDB's.
 */
@NullMarked
package io.arrowmill.benchmarks.streaming;

import org.jspecify.annotations.NullMarked;
