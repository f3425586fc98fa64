package io.arrowmill.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/**
 * A new file that counts and sums what is written to it. Borrows the channel; used by one thread.
 *
 * <p>Small writes are gathered into blocks that are summed while they are in the cache.
 */
final class SummedFile implements WritableByteChannel {
  private static final int BLOCK_BYTES = 256 << 10;

  private final FileChannel channel;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private final CRC32C crc = new CRC32C();
  private long length;

  SummedFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int bytes = source.remaining();
    while (source.hasRemaining()) {
      int part = Math.min(block.remaining(), source.remaining());
      block.put(block.position(), source, source.position(), part);
      block.position(block.position() + part);
      source.position(source.position() + part);
      if (!block.hasRemaining()) {
        writeBlock();
      }
    }
    length += bytes;
    return bytes;
  }

  /** Hands everything to the operating system. */
  void flush() throws IOException {
    writeBlock();
  }

  private void writeBlock() throws IOException {
    block.flip();
    crc.update(block.duplicate());
    while (block.hasRemaining()) {
      channel.write(block);
    }
    block.clear();
  }

  /** Bytes written. */
  long length() {
    return length;
  }

  /** CRC-32C of what was written, after {@link #flush}. */
  int crc32c() {
    return (int) crc.getValue();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    // The channel is closed by who opened it, after a sync.
  }
}
