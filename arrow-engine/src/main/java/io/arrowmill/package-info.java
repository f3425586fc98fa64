/**
 * The public API: sessions, data frames, columns, functions and rows.
 *
 * <p>{@link io.arrowmill.Row} and the exceptions are vocabulary that every floor may use;
 * everything else here stands on top of all other packages.
 */
@NullMarked
package io.arrowmill;

import org.jspecify.annotations.NullMarked;
