package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column, row group by row group, as vectors. A run of plain values that needs no change
 * is not copied: the vector shares the page's buffer. Owns the buffers of its pages; confined to
 * one thread.
 */
final class ColumnReader implements AutoCloseable {
  /** About how many bytes a batch's column may have. */
  private static final long BATCH_BYTES = 64L << 20;

  private final LeafColumn leaf;
  private final Field field;
  private final BufferAllocator allocator;
  private final ColumnPages pages;

  /** Of rows of which only some are kept: validity and values of all of them. */
  private final OffHeapBytes allValid;

  private final OffHeapBytes allValues;
  private final DictionaryCodes codes = new DictionaryCodes();
  private final BatchCodes batchCodes;

  /** Bytes of a value of the row group in the file, on average. */
  private long bytesPerValue;

  /**
   * A reader.
   *
   * @param field of the vectors, of the leaf's type
   */
  ColumnReader(LeafColumn leaf, Field field, FileChannel file, BufferAllocator allocator) {
    this.leaf = leaf;
    this.field = field;
    this.allocator = allocator;
    pages = new ColumnPages(leaf, file, allocator);
    allValid = new OffHeapBytes(allocator);
    allValues = new OffHeapBytes(allocator);
    batchCodes = new BatchCodes(allocator);
  }

  /** Moves to a row group. */
  void start(ParquetFooter.RowGroup group) throws IOException {
    ChunkMeta chunk = group.chunks().get(leaf.index());
    pages.start(chunk, group.rows());
    bytesPerValue = chunk.bytesDecoded() / Math.max(1, group.rows());
  }

  /** How many rows a batch may have for this column's sake. */
  int rowsMax() {
    if (!leaf.shape().isBytes()) {
      return RecordBatch.ROWS_MAX;
    }
    long perValue = Math.max(Math.max(1, bytesPerValue), pages.dictionaryLengthMax());
    return Math.clamp(BATCH_BYTES / perValue, 1, RecordBatch.ROWS_MAX);
  }

  /** Reads the next rows. The row group must have that many left. */
  FieldVector read(int rows) throws IOException {
    try (ArrowBuf validity = allocator.buffer(((rows + 7) >> 3) + (long) OffHeapBytes.SLACK)) {
      MemorySegment valid = OffHeapBytes.segment(validity);
      if (leaf.shape().isBytes()) {
        return variable(rows, validity, valid);
      }
      return fixed(rows, validity, valid);
    }
  }

  /** The codes of the rows that {@link #read(int)} has just given, if they have some; once. */
  @Nullable RowCodes takeCodes() {
    return batchCodes.take();
  }

  /** Reads the next rows, as {@link #read(int)}, and gives those that are kept. */
  FieldVector read(int rows, KeptRows kept) throws IOException {
    long bits = ((kept.count() + 7) >> 3) + (long) OffHeapBytes.SLACK;
    try (ArrowBuf validity = allocator.buffer(bits)) {
      MemorySegment valid = OffHeapBytes.segment(validity);
      return leaf.shape().isBytes()
          ? keptBytes(rows, kept, validity, valid)
          : keptFixed(rows, kept, validity, valid);
    }
  }

  /**
   * The entries of the row group's dictionary, and a null behind them.
   *
   * @return null if there is none, or one of more than {@code max} entries
   */
  @Nullable FieldVector entries(int max) {
    FixedDictionary fixed = pages.fixedDictionary();
    BytesDictionary bytes = pages.bytesDictionary();
    int size = fixed != null ? fixed.size() : bytes != null ? bytes.size() : -1;
    if (size < 0 || size > max) {
      return null;
    }
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = i;
    }
    try (ArrowBuf validity = allocator.buffer(((size + 8) >> 3) + (long) OffHeapBytes.SLACK)) {
      MemorySegment valid = OffHeapBytes.segment(validity);
      Bits.fill(valid, 0, size, true);
      Bits.put(valid, size, false);
      if (fixed != null) {
        try (ArrowBuf data = allocator.buffer(dataBytes(size + 1))) {
          MemorySegment out = OffHeapBytes.segment(data);
          out.fill((byte) 0);
          fixed.look(all, size, out, 0);
          return vector(size + 1, 1, List.of(validity, data));
        }
      }
      try (BytesOutput out = new BytesOutput(allocator, size + 1, 64)) {
        Objects.requireNonNull(bytes).look(all, size, out);
        out.end(0);
        return vector(
            size + 1, 1, List.of(validity, out.offsets(), out.data().slice(0, out.used())));
      }
    }
  }

  /** How many of the next rows lie in one page; there must be a next row. */
  int leftInPage() throws IOException {
    return pages.left();
  }

  /** Whether the values of that page are codes of the dictionary. */
  boolean isCoded() {
    return pages.isCoded();
  }

  /**
   * Drops those of the next rows whose value does not pass. They must be in a page of codes. Reads
   * ahead: the rows are still the next ones.
   *
   * @param passing of the entries of the dictionary
   */
  void drop(KeptRows kept, PassingCodes passing, int rows) {
    codes.start(pages, leaf.optional(), allValid);
    kept.startFilter();
    for (int done = 0; done < rows; done += DictionaryCodes.STEP) {
      int take = Math.min(DictionaryCodes.STEP, rows - done);
      kept.filter(codes.next(take, passing.ofNull()), passing, done, take);
    }
    kept.endFilter();
  }

  private FieldVector keptFixed(int rows, KeptRows kept, ArrowBuf validity, MemorySegment valid)
      throws IOException {
    try (ArrowBuf data = allocator.buffer(dataBytes(kept.count()))) {
      MemorySegment out = OffHeapBytes.segment(data);
      int nulls = 0;
      int next = 0;
      for (int done = 0; done < rows; ) {
        int take = Math.min(rows - done, pages.left());
        int end = kept.end(next, done + take);
        MemorySegment takenValid = allValid.ensure((take + 7) >> 3);
        int dense = levels(takenValid, 0, take);
        if (dense == take && pages.fixed().readKept(take, kept, done, next, end, out, next)) {
          Bits.fill(valid, next, end - next, true);
        } else {
          MemorySegment all = allValues.ensure(dataBytes(take));
          values(all, takenValid, 0, dense, take);
          nulls += pickValid(takenValid, kept, done, next, end, valid);
          pick(all, kept, done, next, end, out);
        }
        next = end;
        pages.pass(take);
        done += take;
      }
      return vector(kept.count(), nulls, List.of(validity, data));
    }
  }

  private void pick(
      MemorySegment all, KeptRows kept, int first, int start, int end, MemorySegment out) {
    if (leaf.shape() != LeafColumn.Shape.BIT) {
      FixedValues.pick(leaf.shape().vectorWidth, all, 0, first, kept, start, end, out, start);
      return;
    }
    for (int i = start; i < end; i++) {
      Bits.put(out, i, Bits.get(all, kept.number(i) - first));
    }
  }

  /** Copies the validity of kept rows and returns how many are null. */
  private static int pickValid(
      MemorySegment all, KeptRows kept, int first, int start, int end, MemorySegment valid) {
    int nulls = 0;
    for (int i = start; i < end; i++) {
      boolean isValid = Bits.get(all, kept.number(i) - first);
      Bits.put(valid, i, isValid);
      nulls += isValid ? 0 : 1;
    }
    return nulls;
  }

  private FieldVector keptBytes(int rows, KeptRows kept, ArrowBuf validity, MemorySegment valid)
      throws IOException {
    long expected = Math.clamp(bytesPerValue * kept.count(), 64, BATCH_BYTES);
    try (BytesOutput out = new BytesOutput(allocator, kept.count(), expected)) {
      int nulls = 0;
      int next = 0;
      for (int done = 0; done < rows; ) {
        int take = Math.min(rows - done, pages.left());
        int end = kept.end(next, done + take);
        MemorySegment takenValid = allValid.ensure((take + 7) >> 3);
        int dense = levels(takenValid, 0, take);
        if (dense == take && pages.variable() instanceof BytesDecoder.Coded coded) {
          coded.readKept(take, kept, done, next, end, out);
          Bits.fill(valid, next, end - next, true);
        } else {
          try (BytesOutput all = new BytesOutput(allocator, take, bytesPerValue * take)) {
            if (dense > 0) {
              pages.variable().read(dense, all);
            }
            all.spread(takenValid, 0, dense, take);
            nulls += pickValid(takenValid, kept, done, next, end, valid);
            out.appendKept(all, kept, done, next, end);
          }
        }
        next = end;
        pages.pass(take);
        done += take;
      }
      return vector(
          kept.count(), nulls, List.of(validity, out.offsets(), out.data().slice(0, out.used())));
    }
  }

  /** Reads which of the next values are not null, and returns how many. */
  private int levels(MemorySegment valid, int from, int count) {
    if (leaf.optional()) {
      return pages.levels().readBits(valid, from, count);
    }
    Bits.fill(valid, from, count, true);
    return count;
  }

  private FieldVector fixed(int rows, ArrowBuf validity, MemorySegment valid) throws IOException {
    ArrowBuf data = null;
    try {
      MemorySegment out = MemorySegment.NULL;
      int nulls = 0;
      for (int done = 0; done < rows; ) {
        int take = Math.min(rows - done, pages.left());
        int dense = levels(valid, done, take);
        nulls += take - dense;
        if (data == null) {
          FieldVector shared = dense == rows ? shared(rows, validity) : null;
          if (shared != null) {
            pages.pass(rows);
            return shared;
          }
          data = allocator.buffer(dataBytes(rows));
          out = OffHeapBytes.segment(data);
        }
        values(out, valid, done, dense, take);
        pages.pass(take);
        done += take;
      }
      return vector(rows, nulls, List.of(validity, data));
    } finally {
      if (data != null) {
        data.close();
      }
    }
  }

  private long dataBytes(int rows) {
    int width = leaf.shape().vectorWidth;
    return OffHeapBytes.SLACK + (width == 0 ? (rows + 7L) >> 3 : (long) rows * width);
  }

  /** A vector of the page's own memory, if all its rows lie there as they should. */
  private @Nullable FieldVector shared(int rows, ArrowBuf validity) {
    boolean asIs = leaf.shape() == LeafColumn.Shape.FOUR || leaf.shape() == LeafColumn.Shape.EIGHT;
    if (asIs && pages.fixed() instanceof FixedDecoder.Plain plain) {
      ArrowBuf buffer = plain.bytes().shared();
      if (buffer != null) {
        ArrowBuf values = buffer.slice(plain.take(rows), (long) rows * leaf.width());
        return vector(rows, 0, List.of(validity, values));
      }
    }
    return null;
  }

  private void values(MemorySegment out, MemorySegment valid, int from, int dense, int count) {
    if (dense == count) {
      pages.fixed().read(count, out, from);
    } else if (leaf.shape() == LeafColumn.Shape.BIT) {
      MemorySegment bits = pages.scratch().ensure((dense + 7L) >> 3);
      if (dense > 0) {
        pages.fixed().read(dense, bits, 0);
      }
      int next = 0;
      for (int i = from; i < from + count; i++) {
        Bits.put(out, i, Bits.get(valid, i) && Bits.get(bits, next++));
      }
    } else {
      if (dense > 0) {
        pages.fixed().read(dense, out, from);
      }
      FixedValues.spread(leaf.shape().vectorWidth, out, valid, from, dense, count);
    }
  }

  private FieldVector variable(int rows, ArrowBuf validity, MemorySegment valid)
      throws IOException {
    long expected = Math.clamp(bytesPerValue * rows, 64, BATCH_BYTES);
    try (BytesOutput out = new BytesOutput(allocator, rows, expected)) {
      int nulls = 0;
      batchCodes.start(pages.bytesDictionary(), rows);
      for (int done = 0; done < rows; ) {
        int take = Math.min(rows - done, pages.left());
        batchCodes.note(pages, leaf.optional(), allValid, done, take);
        int dense = levels(valid, done, take);
        if (dense > 0) {
          pages.variable().read(dense, out);
        }
        if (dense < take) {
          out.spread(valid, done, dense, take);
        }
        nulls += take - dense;
        pages.pass(take);
        done += take;
      }
      return vector(rows, nulls, List.of(validity, out.offsets(), out.data().slice(0, out.used())));
    }
  }

  private FieldVector vector(int rows, int nulls, List<ArrowBuf> buffers) {
    FieldVector vector = field.createVector(allocator);
    try {
      vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    }
  }

  @Override
  public void close() {
    batchCodes.close();
    allValid.close();
    allValues.close();
    pages.close();
  }
}
