/**
 * Files as sources and sinks: formats {@code text}, {@code csv}, {@code json}, {@code parquet} and
 * {@code orc}, found through {@link java.util.ServiceLoader}. This package only puts the parts
 * together: {@code format} reads and writes one file, {@code source} finds files and remembers
 * which were read, {@code sink} makes output visible exactly once. Imports the connector SPI,
 * {@code batch}, {@code types} and the vocabulary.
 */
@NullMarked
package io.arrowmill.connectors.file;

import org.jspecify.annotations.NullMarked;
