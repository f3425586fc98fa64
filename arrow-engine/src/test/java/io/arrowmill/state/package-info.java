/** Tests of keyed state. */
@NullMarked
package io.arrowmill.state;

import org.jspecify.annotations.NullMarked;
