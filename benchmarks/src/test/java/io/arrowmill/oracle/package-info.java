/**
 * Holds the engine against Spark 4.2, its oracle: both run the same random cases in one JVM and
 * must agree on every row of every batch, on every watermark, on the rows of state and on the names
 * of errors.
 *
 * <p>{@link io.arrowmill.oracle.Engine} is what is compared; cases are neutral data made of SQL
 * text and Arrowmill's rows. Only {@code Spark*} classes import Spark, and they import nothing else
 * of the engine but its rows and types.
 */
@NullMarked
package io.arrowmill.oracle;

import org.jspecify.annotations.NullMarked;
