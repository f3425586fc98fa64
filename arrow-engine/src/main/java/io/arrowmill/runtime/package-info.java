/**
 * Runs queries: micro-batches and continuous execution, watermarks, progress, recovery. Imports the
 * floors below it and the connector interfaces; knows nothing of the public API but its vocabulary.
 */
@NullMarked
package io.arrowmill.runtime;

import org.jspecify.annotations.NullMarked;
