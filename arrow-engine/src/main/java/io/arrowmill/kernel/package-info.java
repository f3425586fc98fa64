/**
 * From plan expressions to compiled kernels over record batches, and hand-written kernels that move
 * rows. Imports {@code batch}, {@code plan}, {@code types} and {@code codegen}.
 */
@NullMarked
package io.arrowmill.kernel;

import org.jspecify.annotations.NullMarked;
