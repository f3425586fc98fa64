package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;

/** The values of a page of bytes, nulls left out, in order; each encoding is one class. */
sealed interface BytesDecoder {

  /** Appends the next values. */
  void read(int count, BytesOutput out);

  /** Four bytes of length, then the bytes. */
  final class Plain implements BytesDecoder {
    private final PageBytes bytes;
    private long position;

    Plain(PageBytes bytes) {
      this.bytes = bytes;
      this.position = bytes.from();
    }

    @Override
    public void read(int count, BytesOutput out) {
      MemorySegment memory = bytes.memory();
      for (int i = 0; i < count; i++) {
        long length = length(bytes, position);
        out.reserve(length);
        out.append(memory, position + 4, length);
        position += 4 + length;
      }
    }

    /** The checked length of the value at {@code position}. */
    static long length(PageBytes bytes, long position) {
      check(bytes.to() - position >= 4, "a page must have as many values as it says");
      long length = bytes.memory().get(Layouts.INT, position);
      check(length >= 0 && length <= bytes.to() - position - 4, "a value must end inside its page");
      return length;
    }
  }

  /** Bytes of one length. */
  final class Fixed implements BytesDecoder {
    private final PageBytes bytes;
    private final int width;
    private long position;

    Fixed(PageBytes bytes, int width) {
      this.bytes = bytes;
      this.width = width;
      this.position = bytes.from();
    }

    @Override
    public void read(int count, BytesOutput out) {
      long size = (long) count * width;
      check(size <= bytes.to() - position, "a page must have as many values as it says");
      out.reserve(size);
      for (int i = 0; i < count; i++) {
        out.append(bytes.memory(), position, width);
        position += width;
      }
    }
  }

  /** Codes that stand for entries of a dictionary. */
  final class Coded implements BytesDecoder {
    private static final int STEP = 2_048;

    private final BytesDictionary dictionary;
    private final RunDecoder codes;
    private final int[] step = new int[STEP];

    Coded(BytesDictionary dictionary, RunDecoder codes) {
      this.dictionary = dictionary;
      this.codes = codes;
    }

    @Override
    public void read(int count, BytesOutput out) {
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        codes.read(step, 0, take);
        dictionary.look(step, take, out);
      }
    }

    /** As {@link FixedDecoder#readKept}. */
    void readKept(int count, KeptRows kept, int first, int from, int to, BytesOutput out) {
      int next = from;
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        int end = kept.end(next, first + done + take);
        int wanted =
            FixedDecoder.Coded.readKeptCodes(codes, step, take, kept, first + done, next, end);
        dictionary.look(step, wanted, out);
        next = end;
      }
    }
  }

  /** All lengths as differences, then all bytes. */
  final class DeltaLength implements BytesDecoder {
    private static final int STEP = 1_024;

    private final PageBytes bytes;
    private final DeltaDecoder lengths;
    private final long[] step = new long[STEP];
    private long position;

    DeltaLength(PageBytes bytes) {
      this.bytes = bytes;
      this.position = new DeltaDecoder(bytes).skipAll();
      this.lengths = new DeltaDecoder(bytes);
    }

    @Override
    public void read(int count, BytesOutput out) {
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        lengths.read(step, take);
        for (int i = 0; i < take; i++) {
          long length = step[i];
          check(length >= 0 && length <= bytes.to() - position, "a value must end inside its page");
          out.reserve(length);
          out.append(bytes.memory(), position, length);
          position += length;
        }
      }
    }
  }

  /** How much of the value before is taken over, as differences; then the rest as bytes. */
  final class DeltaPrefix implements BytesDecoder {
    private static final int STEP = 1_024;

    private final PageBytes bytes;
    private final DeltaDecoder prefixes;
    private final DeltaDecoder suffixes;
    private final long[] prefixStep = new long[STEP];
    private final long[] suffixStep = new long[STEP];
    private final OffHeapBytes previous;
    private long previousSize;
    private long position;

    DeltaPrefix(PageBytes bytes, OffHeapBytes previous) {
      this.bytes = bytes;
      this.previous = previous;
      PageBytes behindPrefixes = bytes.behind(new DeltaDecoder(bytes).skipAll());
      this.prefixes = new DeltaDecoder(bytes);
      this.suffixes = new DeltaDecoder(behindPrefixes);
      this.position = new DeltaDecoder(behindPrefixes).skipAll();
    }

    @Override
    public void read(int count, BytesOutput out) {
      for (int done = 0; done < count; done += STEP) {
        int take = Math.min(STEP, count - done);
        prefixes.read(prefixStep, take);
        suffixes.read(suffixStep, take);
        step(take, out);
      }
    }

    private void step(int take, BytesOutput out) {
      // The first value's prefix is in a buffer of its own, later ones' in the output.
      MemorySegment before = previous.ensure(previousSize);
      long beforeFrom = 0;
      for (int i = 0; i < take; i++) {
        long prefix = prefixStep[i];
        long suffix = suffixStep[i];
        check(prefix >= 0 && prefix <= previousSize, "a prefix must be part of the value before");
        check(suffix >= 0 && suffix <= bytes.to() - position, "a value must end inside its page");
        out.reserve(prefix + suffix);
        MemorySegment target = out.memory();
        int to = out.used();
        Codec.copy(i == 0 ? before : target, beforeFrom, target, to, prefix);
        Codec.copy(bytes.memory(), position, target, to + prefix, suffix);
        position += suffix;
        previousSize = prefix + suffix;
        beforeFrom = to;
        out.end(previousSize);
      }
      if (take > 0) {
        MemorySegment.copy(
            out.memory(), beforeFrom, previous.ensure(previousSize), 0, previousSize);
      }
    }
  }
}
