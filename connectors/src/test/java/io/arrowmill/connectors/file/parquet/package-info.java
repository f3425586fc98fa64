/** Tests of the parts that a Parquet page is decoded with. */
@NullMarked
package io.arrowmill.connectors.file.parquet;

import org.jspecify.annotations.NullMarked;
