/**
 * Compiles IR to hidden classes that implement the kernel interfaces.
 *
 * <p>The IR is lowered to fewer kinds of node, cut into methods that the JIT likes (well under
 * 8,000 bytecodes), and emitted: a loop for each of (dense rows, selected rows) x (no column has
 * nulls, some have), whose body leaves every node's value and nullness in locals. Nothing here
 * recurses deeper than one method's worth of nodes. Imports {@code ir}, {@code kernel}, {@code
 * memory}, {@code runtime} and, for the interpreted mode, {@code interpret}.
 */
@NullMarked
package io.arrowmill.codegen.compile;

import org.jspecify.annotations.NullMarked;
