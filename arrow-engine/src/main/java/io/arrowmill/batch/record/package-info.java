/**
 * Java records as rows of record batches and back, through method handles that are put together
 * once for a class. Imports what {@code batch} imports.
 */
@NullMarked
package io.arrowmill.batch.record;

import org.jspecify.annotations.NullMarked;
