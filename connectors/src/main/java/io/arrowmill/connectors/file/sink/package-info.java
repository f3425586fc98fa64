/**
 * Files as output, exactly once: what a batch writes is staged, named in a manifest, and moved to
 * its place when the batch is committed. Stands on {@code format}, and uses the listing of {@code
 * source}.
 */
@NullMarked
package io.arrowmill.connectors.file.sink;

import org.jspecify.annotations.NullMarked;
