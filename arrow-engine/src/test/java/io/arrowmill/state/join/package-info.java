/** Tests of the rows that a join of streams keeps. */
@NullMarked
package io.arrowmill.state.join;

import org.jspecify.annotations.NullMarked;
