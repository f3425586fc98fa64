/** Small programs to run and to copy from. */
@NullMarked
package io.arrowmill.examples;

import org.jspecify.annotations.NullMarked;
