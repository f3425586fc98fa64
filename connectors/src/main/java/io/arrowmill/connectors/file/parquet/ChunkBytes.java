package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one column chunk after the other, read with positioned reads: a mapping would save a
 * copy, but a file that gets shorter meanwhile would be a fault of the process.
 *
 * <p>A window over the chunk holds page headers and small pages. A large page is read into a buffer
 * of its own, placed so that its values begin at a multiple of 64. Confined to one thread.
 */
final class ChunkBytes implements AutoCloseable {
  private static final int LARGE_WINDOW_BYTES = 256 << 10;
  private static final int SMALL_WINDOW_BYTES = 8 << 10;
  private static final int ALIGNMENT = 64;

  /** Most headers are shorter; a header with long statistics is read again. */
  private static final int HEADER_BYTES = 128;

  /** Where a header that grows by four is given up. */
  private static final int HEADER_BYTES_MAX = 256 << 20;

  private final FileChannel file;
  private final BufferAllocator allocator;
  private @Nullable ArrowBuf window;
  private @Nullable ArrowBuf large;

  /** Positions in the file: of the next byte, the chunk's end, and what the window holds. */
  private long position;

  private long chunkEnd;
  private long windowStart;
  private long windowEnd;

  /** How much to read ahead. */
  private int ahead;

  ChunkBytes(FileChannel file, BufferAllocator allocator) {
    this.file = file;
    this.allocator = allocator;
  }

  /** Moves to the first byte of a chunk. */
  void start(ChunkMeta chunk) {
    position = chunk.start();
    chunkEnd = position + chunk.bytes();
    windowStart = position;
    windowEnd = position;
    ahead = chunk.bytes() <= LARGE_WINDOW_BYTES ? LARGE_WINDOW_BYTES : SMALL_WINDOW_BYTES;
  }

  boolean atEnd() {
    return position >= chunkEnd;
  }

  /** Reads the header of the page that begins here; its bytes are next. */
  PageHeader header() throws IOException {
    long wanted = Math.min(HEADER_BYTES, chunkEnd - position);
    while (true) {
      byte[] bytes = new byte[(int) wanted];
      windowOf(wanted).getBytes(position - windowStart, bytes);
      ThriftCompactReader reader = new ThriftCompactReader(bytes, 0, bytes.length);
      try {
        PageHeader header = PageHeader.read(reader);
        position += reader.position();
        checkRange("bytes of a page", header.bytes(), 0, chunkEnd - position);
        return header;
      } catch (ThriftCompactReader.EndOfBytes e) {
        check(wanted < chunkEnd - position, "a page header ends behind its column chunk");
        check(wanted < HEADER_BYTES_MAX, "a page header is too long");
        wanted = Math.min(4 * wanted, chunkEnd - position);
      }
    }
  }

  /**
   * The page's bytes, from the header on.
   *
   * @param levelled whether the length of definition levels, in four bytes, comes first
   * @param levelBytes of levels that come first
   */
  PageBytes page(PageHeader header, boolean levelled, int levelBytes) throws IOException {
    int size = header.bytes();
    PageBytes page;
    if (size <= SMALL_WINDOW_BYTES || windowEnd - position >= size) {
      page = inWindow(size);
    } else {
      page = alone(size, levelled, levelBytes);
    }
    ahead = size <= LARGE_WINDOW_BYTES / 4 ? LARGE_WINDOW_BYTES : SMALL_WINDOW_BYTES;
    position += size;
    return page;
  }

  private PageBytes inWindow(int size) throws IOException {
    ArrowBuf bytes = windowOf(size);
    long from = position - windowStart;
    return new PageBytes(OffHeapBytes.segment(bytes), from, from + size, null);
  }

  private PageBytes alone(int size, boolean levelled, int levelBytes) throws IOException {
    long levels = levelBytes;
    if (levelled) {
      ArrowBuf start = windowOf(Math.min(4, size));
      levels = 4 + Math.clamp(start.getInt(position - windowStart), 0L, size);
    }
    release();
    ArrowBuf bytes = allocator.buffer(size + ALIGNMENT + (long) OffHeapBytes.SLACK);
    large = bytes;
    long from = -(bytes.memoryAddress() + levels) & (ALIGNMENT - 1);
    long known = Math.min(windowEnd - position, size);
    ArrowBuf start = window;
    if (start != null && known > 0) {
      bytes.setBytes(from, start, position - windowStart, known);
    }
    read(bytes, from + known, position + known, size - known);
    return new PageBytes(OffHeapBytes.segment(bytes), from, from + size, bytes);
  }

  /** Makes the window hold the next {@code wanted} bytes, which the chunk must have. */
  private ArrowBuf windowOf(long wanted) throws IOException {
    ArrowBuf current = window;
    if (current != null && windowEnd - position >= wanted) {
      return current;
    }
    check(wanted <= chunkEnd - position, "a page ends behind its column chunk");
    long bytes = Math.min(Math.max(wanted, ahead), chunkEnd - position);
    if (current == null || current.capacity() < bytes + OffHeapBytes.SLACK) {
      closeWindow();
      current = allocator.buffer(bytes + OffHeapBytes.SLACK);
      window = current;
    }
    windowStart = position;
    windowEnd = position;
    read(current, 0, position, bytes);
    windowEnd = position + bytes;
    return current;
  }

  private void read(ArrowBuf target, long index, long from, long count) throws IOException {
    ByteBuffer buffer = target.nioBuffer(index, Math.toIntExact(count));
    while (buffer.hasRemaining()) {
      int read = file.read(buffer, from + buffer.position());
      check(read >= 0, "the file got shorter while it was read");
    }
  }

  private void release() {
    ArrowBuf owned = large;
    large = null;
    if (owned != null) {
      owned.close();
    }
  }

  private void closeWindow() {
    ArrowBuf owned = window;
    window = null;
    if (owned != null) {
      owned.close();
    }
  }

  @Override
  public void close() {
    release();
    closeWindow();
  }
}
