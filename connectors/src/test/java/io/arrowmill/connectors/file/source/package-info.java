/** Tests of finding files and of remembering which were read. */
@NullMarked
package io.arrowmill.connectors.file.source;

import org.jspecify.annotations.NullMarked;
