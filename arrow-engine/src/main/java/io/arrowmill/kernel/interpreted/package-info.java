/**
 * The interpreted evaluator: resolved expressions over the Java values of rows, written to be
 * obviously right. It is what compiled kernels are held against, and what runs the expressions they
 * do not take.
 *
 * <p>Imports {@code types}, {@code plan}, {@code batch} and the vocabulary of {@code io.arrowmill}.
 */
@NullMarked
package io.arrowmill.kernel.interpreted;

import org.jspecify.annotations.NullMarked;
