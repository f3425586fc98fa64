/**
 * The static methods that generated code calls, one class a family of types.
 *
 * <p>Small methods over primitives, which the JIT inlines. A method that has no result throws a
 * {@code KernelException}; its last parameter, a {@code Site}, names the expression. Imports {@code
 * ir} and {@code kernel}.
 */
@NullMarked
package io.arrowmill.codegen.runtime;

import org.jspecify.annotations.NullMarked;
