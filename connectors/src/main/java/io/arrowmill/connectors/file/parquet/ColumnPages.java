package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;
import static io.arrowmill.connectors.file.parquet.DamagedParquetException.present;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a column's chunks: reads them, decompresses them, and sets up the decoders of levels
 * and values. Owns the buffers that pages lie in; confined to one thread.
 */
final class ColumnPages implements AutoCloseable {
  private final LeafColumn leaf;
  private final ChunkBytes bytes;
  private final OffHeapBytes decompressed;
  private final OffHeapBytes scratch;
  private final OffHeapBytes dictionaryBytes;
  private final RunDecoder levels = new RunDecoder();
  private final RunDecoder codes = new RunDecoder();
  private Codec codec = Codec.UNCOMPRESSED;
  private @Nullable FixedDictionary fixedDictionary;
  private @Nullable BytesDictionary bytesDictionary;
  private @Nullable FixedDecoder fixed;
  private @Nullable BytesDecoder variable;

  /** Values of the chunk that no page so far had, and those left of the current page. */
  private long rowsAhead;

  private int left;

  ColumnPages(LeafColumn leaf, FileChannel file, BufferAllocator allocator) {
    this.leaf = leaf;
    bytes = new ChunkBytes(file, allocator);
    decompressed = new OffHeapBytes(allocator);
    scratch = new OffHeapBytes(allocator);
    dictionaryBytes = new OffHeapBytes(allocator);
  }

  /** Moves to the chunk of another row group. */
  void start(ChunkMeta chunk, long rows) throws IOException {
    bytes.start(chunk);
    codec = present(Codec.of(chunk.codec()), "codec must be known");
    fixedDictionary = null;
    bytesDictionary = null;
    rowsAhead = rows;
    left = 0;
    if (rows > 0) {
      nextPage();
    }
  }

  /** The length of the longest entry of the chunk's dictionary of bytes, or 0. */
  int dictionaryLengthMax() {
    BytesDictionary dictionary = bytesDictionary;
    return dictionary == null ? 0 : dictionary.lengthMax();
  }

  /** Values left in the current page, which is the next one if there were none; more than 0. */
  int left() throws IOException {
    while (left == 0) {
      nextPage();
    }
    return left;
  }

  /** Passes over values of the current page. */
  void pass(int count) {
    left -= count;
  }

  RunDecoder levels() {
    return levels;
  }

  /** The codes of the current page, if {@link #isCoded}. */
  RunDecoder codes() {
    return codes;
  }

  /** Whether the current page's values are codes of a dictionary. */
  boolean isCoded() {
    return fixed instanceof FixedDecoder.Coded || variable instanceof BytesDecoder.Coded;
  }

  /** The chunk's dictionary, if it has one. */
  @Nullable FixedDictionary fixedDictionary() {
    return fixedDictionary;
  }

  /** The chunk's dictionary, if it has one. */
  @Nullable BytesDictionary bytesDictionary() {
    return bytesDictionary;
  }

  /** The decoder of the current page's values. */
  FixedDecoder fixed() {
    return present(fixed, "a page must have values");
  }

  /** The decoder of the current page's values. */
  BytesDecoder variable() {
    return present(variable, "a page must have values");
  }

  OffHeapBytes scratch() {
    return scratch;
  }

  private void nextPage() throws IOException {
    while (true) {
      check(!bytes.atEnd(), "a column chunk must have a value for each row of its row group");
      PageHeader header = bytes.header();
      switch (header.type()) {
        case PageHeader.DICTIONARY -> dictionary(header);
        case PageHeader.DATA -> {
          dataPage(header);
          return;
        }
        case PageHeader.DATA_V2 -> {
          dataPageV2(header);
          return;
        }
        default -> bytes.page(header, false, 0); // of a kind that readers may pass over
      }
    }
  }

  private void dictionary(PageHeader header) throws IOException {
    check(
        header.encoding() == ChunkMeta.PLAIN || header.encoding() == ChunkMeta.PLAIN_DICTIONARY,
        "a dictionary must be plain");
    check(fixedDictionary == null && bytesDictionary == null, "a chunk must have one dictionary");
    PageBytes page =
        codec.decompress(bytes.page(header, false, 0), header.bytesDecoded(), decompressed);
    if (leaf.shape().isBytes()) {
      bytesDictionary = BytesDictionary.of(leaf, page, header.values(), dictionaryBytes);
    } else {
      check(leaf.shape() != LeafColumn.Shape.BIT, "booleans must not have a dictionary");
      fixedDictionary = FixedDictionary.of(leaf, page, header.values(), scratch);
    }
  }

  private void dataPage(PageHeader header) throws IOException {
    takeRows(header);
    boolean levelled = leaf.optional();
    PageBytes page =
        codec.decompress(bytes.page(header, levelled, 0), header.bytesDecoded(), decompressed);
    if (levelled) {
      check(header.levelEncoding() == ChunkMeta.RLE, "definition levels must be runs");
      check(page.size() >= 4, "a page must have definition levels");
      int levelBytes = page.memory().get(Layouts.INT, page.from());
      checkRange("bytes of definition levels", levelBytes, 0, page.size() - 4);
      long from = page.from() + 4;
      levels.start(page.memory(), from, from + levelBytes, 1);
      page = page.behind(from + levelBytes);
    }
    values(header.encoding(), page);
  }

  private void dataPageV2(PageHeader header) throws IOException {
    takeRows(header);
    checkRange("bytes of repetition levels", header.repetitionBytes(), 0, header.bytes());
    checkRange(
        "bytes of definition levels",
        header.definitionBytes(),
        0,
        header.bytes() - header.repetitionBytes());
    int levelBytes = header.repetitionBytes() + header.definitionBytes();
    checkRange(
        "decompressed bytes of a page", header.bytesDecoded(), levelBytes, Integer.MAX_VALUE);
    PageBytes page = bytes.page(header, false, levelBytes);
    long from = page.from() + header.repetitionBytes();
    if (leaf.optional()) {
      levels.start(page.memory(), from, from + header.definitionBytes(), 1);
    }
    PageBytes content = page.behind(page.from() + levelBytes);
    Codec used = header.compressed() ? codec : Codec.UNCOMPRESSED;
    values(
        header.encoding(),
        used.decompress(content, header.bytesDecoded() - levelBytes, decompressed));
  }

  private void takeRows(PageHeader header) {
    checkRange("values of a page", header.values(), 0, rowsAhead);
    rowsAhead -= header.values();
    left = header.values();
  }

  private void values(int encoding, PageBytes page) {
    if (leaf.shape().isBytes()) {
      variable = variable(encoding, page);
    } else if (leaf.shape() == LeafColumn.Shape.BIT) {
      fixed = bits(encoding, page);
    } else {
      fixed = fixed(encoding, page);
    }
  }

  private @Nullable FixedDecoder fixed(int encoding, PageBytes page) {
    return switch (encoding) {
      case ChunkMeta.PLAIN -> new FixedDecoder.Plain(leaf, page);
      case ChunkMeta.PLAIN_DICTIONARY, ChunkMeta.RLE_DICTIONARY -> {
        FixedDictionary dictionary =
            present(fixedDictionary, "a page of codes must come after a dictionary");
        yield startCodes(page) ? new FixedDecoder.Coded(dictionary, codes) : null;
      }
      case ChunkMeta.DELTA_BINARY_PACKED ->
          page.size() == 0 ? null : new FixedDecoder.Delta(leaf, new DeltaDecoder(page));
      case ChunkMeta.BYTE_STREAM_SPLIT -> new FixedDecoder.Split(leaf, page, scratch);
      default -> throw unknown(encoding);
    };
  }

  private static DamagedParquetException unknown(int encoding) {
    return new DamagedParquetException("encoding of a page must be known: " + encoding);
  }

  private FixedDecoder bits(int encoding, PageBytes page) {
    if (encoding == ChunkMeta.PLAIN) {
      return new FixedDecoder.PlainBits(page);
    }
    if (encoding != ChunkMeta.RLE) {
      throw unknown(encoding);
    }
    long from = page.from() + Math.min(4, page.size()); // the length, which is the page's own
    codes.start(page.memory(), from, page.to(), 1);
    return new FixedDecoder.RunBits(codes);
  }

  private @Nullable BytesDecoder variable(int encoding, PageBytes page) {
    return switch (encoding) {
      case ChunkMeta.PLAIN ->
          leaf.shape() == LeafColumn.Shape.BYTES
              ? new BytesDecoder.Plain(page)
              : new BytesDecoder.Fixed(page, leaf.width());
      case ChunkMeta.PLAIN_DICTIONARY, ChunkMeta.RLE_DICTIONARY -> {
        BytesDictionary dictionary =
            present(bytesDictionary, "a page of codes must come after a dictionary");
        yield startCodes(page) ? new BytesDecoder.Coded(dictionary, codes) : null;
      }
      case ChunkMeta.DELTA_LENGTH_BYTE_ARRAY ->
          page.size() == 0 ? null : new BytesDecoder.DeltaLength(page);
      case ChunkMeta.DELTA_BYTE_ARRAY ->
          page.size() == 0 ? null : new BytesDecoder.DeltaPrefix(page, scratch);
      default -> throw unknown(encoding);
    };
  }

  /** Starts on a page of codes, or returns false if there are none: all values are null. */
  private boolean startCodes(PageBytes page) {
    if (page.size() == 0) {
      return false;
    }
    int width = page.memory().get(Layouts.BYTE, page.from()) & 0xFF;
    codes.start(page.memory(), page.from() + 1, page.to(), width);
    return true;
  }

  @Override
  public void close() {
    bytes.close();
    decompressed.close();
    scratch.close();
    dictionaryBytes.close();
  }
}
