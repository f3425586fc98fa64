package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.MemorySource;

/** Working memory for the hashes of one slice of keys. One thread at a time. */
final class JoinScratch implements AutoCloseable {
  private final Scratch hashes;

  JoinScratch(MemorySource memory) {
    this.hashes = new Scratch(memory);
  }

  /** Address of an int64 for each row of a slice. */
  long hashes() {
    return hashes.ensure(8L * JoinKeys.SLICE_ROWS_MAX);
  }

  @Override
  public void close() {
    hashes.close();
  }
}
