package io.arrowmill;

import org.jspecify.annotations.Nullable;

/** A key and what belongs to it. */
public record KeyValue<K extends @Nullable Object, V extends @Nullable Object>(K key, V value) {}
