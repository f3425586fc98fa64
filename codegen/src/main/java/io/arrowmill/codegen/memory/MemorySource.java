package io.arrowmill.codegen.memory;

/**
 * Hands out off-heap blocks to kernels and tables.
 *
 * <p>Ownership: whoever allocates a block frees it exactly once, with the same size. Threading: an
 * implementation may be called from any thread.
 */
public interface MemorySource {

  /**
   * Allocates a block, aligned to 8 bytes at least; its content is undefined.
   *
   * @param bytes size of the block, at least 1
   * @return the block's address
   * @throws RuntimeException if the owner's memory limit would be crossed; the message names the
   *     owner, its size and the setting
   */
  long allocate(long bytes);

  /**
   * Gives a block back.
   *
   * @param address what {@link #allocate} returned
   * @param bytes what was asked for
   */
  void free(long address, long bytes);
}
