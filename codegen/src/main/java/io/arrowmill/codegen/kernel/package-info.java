/**
 * What compiled expressions look like from outside: narrow interfaces over raw addresses, the
 * layout of their inputs and outputs, and their errors. Imports {@code memory}.
 */
@NullMarked
package io.arrowmill.codegen.kernel;

import org.jspecify.annotations.NullMarked;
