package io.arrowmill.connectors.file.format;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A range of a file that one task reads.
 *
 * @param start inclusive, {@code end} exclusive, in bytes
 */
record ByteRange(DataFile file, long start, long end) {
  /** A split is at least this long: {@value} bytes. */
  static final long SPLIT_BYTES_MIN = 32L << 20;

  private static final int SPLITS_PER_CORE = 4;

  /** Opens a reader of a range. */
  @FunctionalInterface
  interface Opener {
    BatchReader open(ByteRange range, BufferAllocator allocator) throws IOException;
  }

  /** Cuts a file in even ranges, a few for each core, unless it must be read as one. */
  static List<InputSplit> split(DataFile file, boolean splittable, Opener opener) {
    return split(file, splittable, SPLIT_BYTES_MIN, opener);
  }

  static List<InputSplit> split(
      DataFile file, boolean splittable, long splitBytesMin, Opener opener) {
    long size = file.sizeBytes();
    long most = (long) Runtime.getRuntime().availableProcessors() * SPLITS_PER_CORE;
    long count = splittable ? Math.clamp(size / splitBytesMin, 1, most) : 1;
    List<InputSplit> splits = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      splits.add(
          new RangeSplit(new ByteRange(file, size * i / count, size * (i + 1) / count), opener));
    }
    return splits;
  }

  /** A range and how it is opened. */
  private record RangeSplit(ByteRange range, Opener opener) implements InputSplit {
    @Override
    public BatchReader open(BufferAllocator allocator) throws IOException {
      try {
        return new NamedErrors(range.file(), opener.open(range, allocator));
      } catch (IOException e) {
        throw NamedErrors.named(range.file(), e);
      }
    }

    @Override
    public boolean canReadAhead() {
      return true;
    }

    @Override
    public String description() {
      return range.file().uri() + " [" + range.start() + ", " + range.end() + ")";
    }
  }

  /** Says which file it was when reading fails. */
  private record NamedErrors(DataFile file, BatchReader reader) implements BatchReader {
    @Override
    public @Nullable RecordBatch next() throws IOException {
      try {
        return reader.next();
      } catch (IOException | UncheckedIOException e) {
        throw named(file, e);
      }
    }

    static ArrowmillException named(DataFile file, Exception e) {
      boolean cut = e instanceof EOFException || e instanceof ZipException;
      return ReadErrors.unreadable(
          file.path(), cut ? "GZIP" : "text", String.valueOf(e.getMessage()), e);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
