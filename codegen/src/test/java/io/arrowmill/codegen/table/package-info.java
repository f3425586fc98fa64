/** Tests of the off-heap hash table. */
@NullMarked
package io.arrowmill.codegen.table;

import org.jspecify.annotations.NullMarked;
