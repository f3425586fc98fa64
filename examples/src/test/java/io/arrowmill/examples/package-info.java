/** The examples as a user runs them: killed, restarted, given bad input. */
@NullMarked
package io.arrowmill.examples;

import org.jspecify.annotations.NullMarked;
