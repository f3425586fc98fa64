package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.MemorySource;

/** Working memory for the hashes of one slice of keys and what they find. One thread at a time. */
final class JoinScratch implements AutoCloseable {
  private final Scratch hashes;
  private final Scratch found;

  JoinScratch(MemorySource memory) {
    this.hashes = new Scratch(memory);
    this.found = new Scratch(memory);
  }

  /** Address of an int64 for each row of a slice. */
  long hashes() {
    return hashes.ensure(8L * JoinKeys.SLICE_ROWS_MAX);
  }

  /** Address of another int64 for each row of a slice. */
  long found() {
    return found.ensure(8L * JoinKeys.SLICE_ROWS_MAX);
  }

  @Override
  public void close() {
    hashes.close();
    found.close();
  }
}
