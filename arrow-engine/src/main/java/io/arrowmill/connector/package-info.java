/**
 * The service-provider interface of sources and sinks, and the built-in ones. Providers are found
 * through {@link java.util.ServiceLoader}. Imports {@code types}, {@code batch}, {@code
 * plan.SourceSpec} and the vocabulary; knows nothing of operators or the runtime.
 */
@NullMarked
package io.arrowmill.connector;

import org.jspecify.annotations.NullMarked;
