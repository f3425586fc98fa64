package io.arrowmill.state;

import io.arrowmill.ArrowmillException;
import io.arrowmill.codegen.memory.HugePages;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Memory of an Arrow allocator for kernels and tables. Any thread may call it.
 *
 * <p>Borrows the allocator, whose limit it reports in its errors and whose closing tells of blocks
 * that were not given back.
 */
public final class ArrowMemorySource implements MemorySource, AutoCloseable {
  /** An owner of more gets huge pages where the system allows. */
  private static final long LARGE_BYTES = 64L << 20;

  private final BufferAllocator allocator;
  private final String owner;
  private final String settingKey;
  private final Map<Long, ArrowBuf> blocks = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A source for one owner.
   *
   * @param owner who asks for memory, as errors name it
   * @param settingKey the setting that the allocator's limit comes from
   */
  public ArrowMemorySource(BufferAllocator allocator, String owner, String settingKey) {
    this.allocator = allocator;
    this.owner = owner;
    this.settingKey = settingKey;
  }

  /**
   * Allocates a block.
   *
   * @throws ArrowmillException with condition {@code MEMORY_LIMIT_EXCEEDED}
   */
  @Override
  public long allocate(long bytes) {
    if (closed) {
      throw new IllegalStateException("memory source must be open: owner=" + owner);
    }
    try {
      ArrowBuf block = allocator.buffer(bytes);
      blocks.put(block.memoryAddress(), block);
      if (bytes >= HugePages.BLOCK_BYTES_MIN && allocator.getAllocatedMemory() > LARGE_BYTES) {
        HugePages.advise(block.memoryAddress(), bytes);
      }
      return block.memoryAddress();
    } catch (OutOfMemoryException e) {
      BufferAllocator refusing = MemoryLevel.refusing(e);
      if (refusing != null && !refusing.equals(allocator)) {
        throw MemoryLevel.exceeded(e); // the limit of somebody above
      }
      throw new ArrowmillException(
          "MEMORY_LIMIT_EXCEEDED",
          "memory must stay within its limit: owner="
              + owner
              + ", bytes="
              + bytes
              + ", allocated="
              + allocator.getAllocatedMemory()
              + ", limit="
              + allocator.getLimit()
              + ", setting="
              + settingKey
              + "; raise the setting, or bound the state with a watermark",
          e);
    }
  }

  @Override
  public void free(long address, long bytes) {
    ArrowBuf block = blocks.remove(address);
    if (block == null) {
      throw new IllegalStateException(
          "block must be allocated: owner=" + owner + ", address=" + address + ", bytes=" + bytes);
    }
    block.close();
  }

  /** Ends allocation; blocks that are out can still be given back. */
  @Override
  public void close() {
    closed = true;
  }
}
