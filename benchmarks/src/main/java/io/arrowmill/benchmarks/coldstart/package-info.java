/**
 * How long the first batch of a new query takes, by the way expressions are run.
 *
 * <p>Compiled code pays only if a small first batch isn't held up by it. Imports the public API of
 * Arrowmill.
 */
@NullMarked
package io.arrowmill.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
