package io.arrowmill.streaming;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one source gave to one batch; rates are rows a second, offsets JSON text or null. */
public record SourceProgress(
    String description,
    @Nullable String startOffset,
    @Nullable String endOffset,
    @Nullable String latestOffset,
    long numInputRows,
    double inputRowsPerSecond,
    double processedRowsPerSecond,
    Map<String, String> metrics) {}
