/**
 * Tests of reading and writing files; DuckDB writes and reads the same files as an independent
 * oracle.
 */
@NullMarked
package io.arrowmill.connectors.file;

import org.jspecify.annotations.NullMarked;
