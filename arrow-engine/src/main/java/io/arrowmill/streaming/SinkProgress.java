package io.arrowmill.streaming;

import java.util.Map;

/** What one batch gave to the sink. */
public record SinkProgress(String description, long numOutputRows, Map<String, String> metrics) {}
