/**
 * What a growing hash table makes its callers wait for, and what keys that are chosen to be alike
 * cost.
 *
 * <p>Imports the tables of {@code codegen} and nothing of the engine but its memory.
 */
@NullMarked
package io.arrowmill.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
