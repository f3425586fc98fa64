/** The command line of the benchmarks; may import everything. */
@NullMarked
package io.arrowmill.benchmarks;

import org.jspecify.annotations.NullMarked;
