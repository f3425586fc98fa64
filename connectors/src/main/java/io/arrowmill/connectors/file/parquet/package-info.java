/**
 * Reads Parquet files whose wanted columns are flat straight into Arrow vectors: footer, pages,
 * codecs, encodings. What it does not take is left to the native reader of {@code format}. Imports
 * the connector SPI, {@code batch}, {@code types}, {@code format} and the vocabulary.
 *
 * <p>All memory is reached through bounded segments: whatever a file claims, nothing outside the
 * buffers is read or written.
 */
@NullMarked
package io.arrowmill.connectors.file.parquet;

import org.jspecify.annotations.NullMarked;
