package io.arrowmill.codegen.compile;

/**
 * One expression under one assumption; equal where both are the same.
 *
 * @param facts what is known of its nodes
 * @param columnsHaveNulls false where no column of this call has validity bits
 */
record ExpressionScope(Facts facts, boolean columnsHaveNulls) {}
