package io.arrowmill.streaming;

/**
 * What a query is doing right now.
 *
 * @param message in words, such as {@code Waiting for data to arrive}
 * @param isDataAvailable whether the last look found new data
 * @param isTriggerActive whether a batch is running
 */
public record StreamingQueryStatus(
    String message, boolean isDataAvailable, boolean isTriggerActive) {}
