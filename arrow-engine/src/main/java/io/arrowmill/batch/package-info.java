/**
 * Record batches, their types in Arrow and who owns their memory. Imports {@code types} and the
 * vocabulary of {@code io.arrowmill}.
 */
@NullMarked
package io.arrowmill.batch;

import org.jspecify.annotations.NullMarked;
