/**
 * SQL text to unresolved plans. Imports {@code plan}, {@code types} and the vocabulary of {@code
 * io.arrowmill}; knows no catalog, so a name in a plan made here may not exist.
 */
@NullMarked
package io.arrowmill.sql;

import org.jspecify.annotations.NullMarked;
