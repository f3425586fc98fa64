package io.arrowmill;

import org.jspecify.annotations.Nullable;

/** A key and what belongs to it. */
public record KeyValue<K, V>(@Nullable K key, @Nullable V value) {}
