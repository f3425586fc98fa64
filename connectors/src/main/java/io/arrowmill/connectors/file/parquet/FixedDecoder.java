package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;

/** The values of a page, nulls left out, in order; each encoding is one class. */
sealed interface FixedDecoder {

  /**
   * Reads the next values.
   *
   * @param index of the first one in {@code out}, in values
   */
  void read(int count, MemorySegment out, long index);

  /**
   * Reads the next values and keeps some.
   *
   * @param first the number of the row that the first of them is of; none is null
   * @param from index of the first kept row among them
   * @param to index behind the last one
   * @param index of the first kept value in {@code out}, in values
   * @return whether it did; if not, nothing has been read
   */
  default boolean readKept(
      int count, KeptRows kept, int first, int from, int to, MemorySegment out, long index) {
    return false;
  }

  /** Values as they are. */
  final class Plain implements FixedDecoder {
    private final LeafColumn leaf;
    private final PageBytes bytes;
    private long position;

    Plain(LeafColumn leaf, PageBytes bytes) {
      this.leaf = leaf;
      this.bytes = bytes;
      this.position = bytes.from();
    }

    @Override
    public void read(int count, MemorySegment out, long index) {
      long from = take(count);
      FixedValues.convert(leaf, bytes.memory(), from, out, index, count);
    }

    @Override
    public boolean readKept(
        int count, KeptRows kept, int first, int from, int to, MemorySegment out, long index) {
      if (leaf.shape() != LeafColumn.Shape.FOUR && leaf.shape() != LeafColumn.Shape.EIGHT) {
        return false;
      }
      FixedValues.pick(
          leaf.width(), bytes.memory(), take(count), first, kept, from, to, out, index);
      return true;
    }

    /** Passes over values and returns where they begin. */
    long take(int count) {
      long from = position;
      long size = (long) count * leaf.width();
      check(size <= bytes.to() - from, "a page must have as many values as it says");
      position = from + size;
      return from;
    }

    PageBytes bytes() {
      return bytes;
    }
  }

  /** Codes that stand for entries of a dictionary. */
  final class Coded implements FixedDecoder {
    private static final int STEP = 2_048;

    private final FixedDictionary dictionary;
    private final RunDecoder codes;
    private final int[] step = new int[STEP];

    Coded(FixedDictionary dictionary, RunDecoder codes) {
      this.dictionary = dictionary;
      this.codes = codes;
    }

    @Override
    public void read(int count, MemorySegment out, long index) {
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        codes.read(step, 0, take);
        dictionary.look(step, take, out, index + done);
      }
    }

    @Override
    public boolean readKept(
        int count, KeptRows kept, int first, int from, int to, MemorySegment out, long index) {
      int next = from;
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        int end = kept.end(next, first + done + take);
        int wanted = readKeptCodes(codes, step, take, kept, first + done, next, end);
        dictionary.look(step, wanted, out, index + next - from);
        next = end;
      }
      return true;
    }

    /** Reads the next codes and moves those of kept rows to the front; returns how many. */
    static int readKeptCodes(
        RunDecoder codes, int[] step, int take, KeptRows kept, int first, int from, int to) {
      if (from == to) {
        codes.skip(take);
        return 0;
      }
      codes.read(step, 0, take);
      for (int i = from; i < to; i++) {
        step[i - from] = step[kept.number(i) - first];
      }
      return to - from;
    }
  }

  /** Differences of whole numbers. */
  final class Delta implements FixedDecoder {
    private static final int STEP = 1_024;

    private final LeafColumn leaf;
    private final DeltaDecoder deltas;
    private final long[] step = new long[STEP];

    Delta(LeafColumn leaf, DeltaDecoder deltas) {
      this.leaf = leaf;
      this.deltas = deltas;
    }

    @Override
    public void read(int count, MemorySegment out, long index) {
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        deltas.read(step, take);
        FixedValues.store(leaf.shape(), step, take, out, index + done);
      }
    }
  }

  /** All first bytes of the values, then all second ones, and so on. */
  final class Split implements FixedDecoder {
    private static final int STEP = 1_024;

    private final LeafColumn leaf;
    private final PageBytes bytes;
    private final OffHeapBytes scratch;
    private final long stride;
    private long done;

    Split(LeafColumn leaf, PageBytes bytes, OffHeapBytes scratch) {
      this.leaf = leaf;
      this.bytes = bytes;
      this.scratch = scratch;
      this.stride = bytes.size() / leaf.width();
    }

    @Override
    public void read(int count, MemorySegment out, long index) {
      check(count <= stride - done, "a page must have as many values as it says");
      int width = leaf.width();
      MemorySegment step = scratch.ensure((long) STEP * width);
      for (int start = 0; start < count; start += STEP) {
        int take = Math.min(STEP, count - start);
        for (int b = 0; b < width; b++) {
          gather(b, width, take, step);
        }
        FixedValues.convert(leaf, step, 0, out, index + start, take);
        done += take;
      }
    }

    private void gather(int place, int width, int take, MemorySegment step) {
      MemorySegment in = bytes.memory();
      long from = bytes.from() + place * stride + done;
      for (int i = 0; i < take; i++) {
        step.set(Layouts.BYTE, (long) i * width + place, in.get(Layouts.BYTE, from + i));
      }
    }
  }

  /** One bit a value. */
  final class PlainBits implements FixedDecoder {
    private final PageBytes bytes;
    private long bit;

    PlainBits(PageBytes bytes) {
      this.bytes = bytes;
      this.bit = bytes.from() << 3;
    }

    @Override
    public void read(int count, MemorySegment out, long index) {
      check(count <= (bytes.to() << 3) - bit, "a page must have as many values as it says");
      Bits.copy(bytes.memory(), bit, out, index, count);
      bit += count;
    }
  }

  /** Runs of bits. */
  record RunBits(RunDecoder runs) implements FixedDecoder {
    @Override
    public void read(int count, MemorySegment out, long index) {
      runs.readBits(out, index, count);
    }
  }
}
