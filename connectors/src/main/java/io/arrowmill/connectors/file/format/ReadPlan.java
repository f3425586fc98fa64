package io.arrowmill.connectors.file.format;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;

/**
 * What to read from each file.
 *
 * @param dataSchema all columns that files have or may have; formats without names in the file
 *     match by position
 * @param wanted the columns of a batch, in order; may be empty, then batches only count rows
 * @param spec the options
 */
public record ReadPlan(StructType dataSchema, StructType wanted, SourceSpec spec) {}
