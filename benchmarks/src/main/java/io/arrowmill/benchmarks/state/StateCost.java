package io.arrowmill.benchmarks.state;

/**
 * What state of a size costs.
 *
 * @param bytesHeld off-heap bytes
 * @param fillNanos from the first key to the last, checkpointed
 * @param changesBytes bytes of state that one batch of changes wrote
 * @param commitNanos the operator's part of that batch's commit, the least of several
 * @param restartNanos from the start of the query to the end of its first batch
 */
record StateCost(
    long bytesHeld, long fillNanos, long changesBytes, long commitNanos, long restartNanos) {}
