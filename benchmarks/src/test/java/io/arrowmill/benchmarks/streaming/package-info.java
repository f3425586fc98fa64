/** Tests of the streaming benchmarks. */
@NullMarked
package io.arrowmill.benchmarks.streaming;

import org.jspecify.annotations.NullMarked;
