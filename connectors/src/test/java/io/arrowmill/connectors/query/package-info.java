/** Whole queries over files, through the public API. */
@NullMarked
package io.arrowmill.connectors.query;

import org.jspecify.annotations.NullMarked;
