package io.arrowmill.connectors.file.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a range of a file into lines, without making objects of them.
 *
 * <p>A range gives the lines whose first byte lies in it; so ranges that touch give each line once.
 * Lines end at {@code \n}, {@code \r\n} or {@code \r}, or at the one separator asked for; the
 * separator is not part of a line, and none follows the last one. Files whose names end in {@code
 * .gz} are inflated, and are one range.
 *
 * <p>The current line is bytes {@link #start()} to {@link #end()} of {@link #bytes()}, until the
 * next call of {@link #next()}. Confined to one thread.
 */
final class LineScanner implements Closeable {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long NEWLINES = ONES * '\n';
  private static final long RETURNS = ONES * '\r';

  private final InputStream in;
  private final byte @Nullable [] separator;
  private byte[] buffer = new byte[CHUNK_BYTES + Long.BYTES];
  private int position;
  private int limit;
  private boolean exhausted;

  /** File offset of {@code buffer[0]}. */
  private long bufferOffset;

  private final long rangeEnd;
  private int lineStart;
  private int lineEnd;

  private LineScanner(InputStream in, byte @Nullable [] separator, long start, long rangeEnd) {
    this.in = in;
    this.separator = separator;
    this.bufferOffset = start;
    this.rangeEnd = rangeEnd;
  }

  /** Whether {@code file} must be read from its beginning. */
  static boolean isCompressed(DataFile file) {
    return file.path().getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  /**
   * Opens the lines whose first byte lies in the range.
   *
   * @param start inclusive, {@code end} exclusive, in bytes from the file's beginning
   * @param separator what lines end with, or null for any newline
   */
  static LineScanner open(DataFile file, long start, long end, byte @Nullable [] separator)
      throws IOException {
    if (isCompressed(file)) {
      InputStream raw = FileInput.open(file, 0);
      try {
        return new LineScanner(new GZIPInputStream(raw, 1 << 16), separator, 0, Long.MAX_VALUE);
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    }
    // A line that begins at `start` is ours if a separator ends right before it: look at that too.
    int before = start == 0 ? 0 : separator == null ? 1 : separator.length;
    long from = Math.max(0, start - before);
    LineScanner scanner = new LineScanner(FileInput.open(file, from), separator, from, end);
    try {
      if (start > 0) {
        scanner.skipTo(start);
      }
      return scanner;
    } catch (IOException | RuntimeException e) {
      scanner.close();
      throw e;
    }
  }

  /** Moves to the first line that begins at {@code start} or after it. */
  private void skipTo(long start) throws IOException {
    while (findEnd()) {
      int next = afterSeparator();
      position = next;
      if (bufferOffset + next >= start) {
        return;
      }
    }
    position = limit;
  }

  /** Moves to the next line; false if there is none. */
  boolean next() throws IOException {
    if (bufferOffset + position >= rangeEnd) {
      return false;
    }
    int from = position;
    if (from == limit && !fill()) {
      return false;
    }
    boolean ended = findEnd();
    lineStart = position;
    lineEnd = ended ? separatorAt : limit;
    position = ended ? afterSeparator() : limit;
    return true;
  }

  byte[] bytes() {
    return buffer;
  }

  int start() {
    return lineStart;
  }

  int end() {
    return lineEnd;
  }

  /** Where {@link #findEnd} found the separator; moves with the buffer. */
  private int separatorAt;

  /** Finds the separator that ends the line at {@code position}; false if the input ends first. */
  private boolean findEnd() throws IOException {
    int scanned = 0;
    while (true) {
      int at = search(position + scanned);
      if (at >= 0) {
        separatorAt = at;
        return true;
      }
      // A longer separator may be cut by the end of the buffer: its beginning is looked at again.
      int overlap = separator == null ? 0 : separator.length - 1;
      scanned = Math.max(0, limit - position - overlap);
      if (!fill()) {
        return false;
      }
    }
  }

  private int search(int from) {
    byte[] wanted = separator;
    if (wanted == null) {
      return newline(buffer, from, limit);
    }
    byte first = wanted[0];
    for (int i = from; i <= limit - wanted.length; i++) {
      if (buffer[i] == first
          && Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  /** The index of the first {@code \n} or {@code \r} in the range, or -1; eight bytes at a time. */
  static int newline(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) LONG.get(bytes, i);
      long n = word ^ NEWLINES;
      long r = word ^ RETURNS;
      long hit = (((n - ONES) & ~n) | ((r - ONES) & ~r)) & HIGHS;
      if (hit != 0) {
        return i + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    // scalar tail
    for (; i < to; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        return i;
      }
    }
    return -1;
  }

  /** The index after the separator at {@code separatorAt}: {@code \r\n} is one separator. */
  private int afterSeparator() throws IOException {
    if (separator != null) {
      return separatorAt + separator.length;
    }
    if (buffer[separatorAt] == '\r') {
      if (separatorAt + 1 == limit) {
        fill();
      }
      if (separatorAt + 1 < limit && buffer[separatorAt + 1] == '\n') {
        return separatorAt + 2;
      }
    }
    return separatorAt + 1;
  }

  /**
   * Reads more behind what is kept, the bytes from {@code position}; false at the end of the input.
   */
  private boolean fill() throws IOException {
    if (exhausted) {
      return false;
    }
    if (limit == position) {
      bufferOffset += limit;
      separatorAt -= limit;
      position = 0;
      limit = 0;
    } else if (position > 0 && limit + CHUNK_BYTES / 2 > buffer.length) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      bufferOffset += position;
      separatorAt -= position;
      limit -= position;
      position = 0;
    }
    if (limit == buffer.length) {
      if (buffer.length > Integer.MAX_VALUE / 2 - 16) {
        throw new IOException("a line must be shorter than 1 GiB: fileOffset=" + bufferOffset);
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count <= 0) {
      exhausted = true;
      return false;
    }
    limit += count;
    return true;
  }

  /** The rest of the input as one line. */
  boolean rest() throws IOException {
    while (fill()) {
      // grows the buffer
    }
    lineStart = position;
    lineEnd = limit;
    position = limit;
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The listed bytes of a file, from an offset. */
  static final class FileInput extends InputStream {
    private final DataFile file;
    private final FileChannel channel;
    private final InputStream in;
    private long left;

    private FileInput(DataFile file, FileChannel channel, long from) {
      this.file = file;
      this.channel = channel;
      this.in = Channels.newInputStream(channel);
      this.left = file.sizeBytes() - from;
    }

    static FileInput open(DataFile file, long from) throws IOException {
      FileChannel channel;
      try {
        channel = FileChannel.open(file.path());
      } catch (java.nio.file.NoSuchFileException e) {
        throw ReadErrors.missing(file.path());
      } catch (IOException e) {
        throw ReadErrors.unreadable(file.path(), "text", String.valueOf(e), e);
      }
      try {
        if (channel.size() < file.sizeBytes()) {
          throw ReadErrors.changed(file.path(), file.sizeBytes(), channel.size());
        }
        channel.position(from);
        return new FileInput(file, channel, from);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int count = in.read(target, offset, (int) Math.min(Math.min(length, left), CHUNK_BYTES));
      if (count < 0) {
        throw ReadErrors.changed(file.path(), file.sizeBytes(), channel.size());
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
