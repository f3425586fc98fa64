/**
 * Rewrites analyzed plans into plans that give the same rows with less work: one rule a file.
 * Imports {@code plan} and {@code types} only.
 */
@NullMarked
package io.arrowmill.optimize;

import org.jspecify.annotations.NullMarked;
