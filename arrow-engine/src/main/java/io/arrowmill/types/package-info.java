/** Data types and schemas. The lowest floor: imports nothing of the project but its vocabulary. */
@NullMarked
package io.arrowmill.types;

import org.jspecify.annotations.NullMarked;
