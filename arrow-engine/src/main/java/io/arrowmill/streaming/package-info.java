/**
 * The public API of streaming: readers, writers, triggers, queries and their progress.
 *
 * <p>{@link io.arrowmill.streaming.OutputMode} is vocabulary that every floor may use; the rest
 * stands on top.
 */
@NullMarked
package io.arrowmill.streaming;

import org.jspecify.annotations.NullMarked;
