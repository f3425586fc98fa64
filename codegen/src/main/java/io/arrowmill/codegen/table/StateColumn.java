package io.arrowmill.codegen.table;

/** One typed column of an accumulator's state, as it is written to and read back from storage. */
public record StateColumn(String name, ValueKind kind) {}
