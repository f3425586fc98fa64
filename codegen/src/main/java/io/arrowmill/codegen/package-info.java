/** Typed expression IR and its compiler to kernels over off-heap addresses. */
@NullMarked
package io.arrowmill.codegen;

import org.jspecify.annotations.NullMarked;
