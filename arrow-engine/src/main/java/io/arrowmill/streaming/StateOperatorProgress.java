package io.arrowmill.streaming;

import java.util.Map;

/** What one batch did to the state of one operator; times in milliseconds. */
public record StateOperatorProgress(
    String operatorName,
    long numRowsTotal,
    long numRowsUpdated,
    long allUpdatesTimeMs,
    long numRowsRemoved,
    long allRemovalsTimeMs,
    long commitTimeMs,
    long memoryUsedBytes,
    long numRowsDroppedByWatermark,
    long numShufflePartitions,
    long numStateStoreInstances,
    Map<String, Long> customMetrics) {}
