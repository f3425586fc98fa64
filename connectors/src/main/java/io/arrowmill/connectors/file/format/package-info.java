/**
 * What is inside one file: for each format its options, its schema, its splits and their readers.
 * Knows nothing of directories, streams or batches of a query. Imports the connector SPI, {@code
 * batch}, {@code types} and the vocabulary.
 */
@NullMarked
package io.arrowmill.connectors.file.format;

import org.jspecify.annotations.NullMarked;
