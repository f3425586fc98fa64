/**
 * Which files there are, what their directories say about their rows, and which of them a stream
 * has read: listing, partition columns, the durable log of a stream's files. Stands on {@code
 * format}.
 */
@NullMarked
package io.arrowmill.connectors.file.source;

import org.jspecify.annotations.NullMarked;
