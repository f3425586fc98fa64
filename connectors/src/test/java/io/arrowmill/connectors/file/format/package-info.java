/** Tests of the readers of single files. */
@NullMarked
package io.arrowmill.connectors.file.format;

import org.jspecify.annotations.NullMarked;
