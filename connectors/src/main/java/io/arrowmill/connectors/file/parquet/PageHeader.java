package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.checkRange;

/**
 * What stands in front of a page.
 *
 * @param type {@link #DATA}, {@link #DICTIONARY}, {@link #DATA_V2} or another one, to be skipped
 * @param bytesDecoded of the page when decompressed, levels included
 * @param bytes of the page in the file, without this header
 * @param values how many, nulls included
 * @param levelEncoding of definition levels
 * @param definitionBytes of definition levels, in version 2
 * @param repetitionBytes of repetition levels, in version 2
 * @param compressed whether the values are, in version 2
 */
record PageHeader(
    int type,
    int bytesDecoded,
    int bytes,
    int values,
    int encoding,
    int levelEncoding,
    int definitionBytes,
    int repetitionBytes,
    boolean compressed) {
  static final int DATA = 0;
  static final int DICTIONARY = 2;
  static final int DATA_V2 = 3;

  /** Reads a header; what it claims is checked where it is used. */
  static PageHeader read(ThriftCompactReader in) {
    int type = -1;
    int bytesDecoded = -1;
    int bytes = -1;
    Content content = Content.NONE;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> type = in.integer();
        case 2 -> bytesDecoded = in.integer();
        case 3 -> bytes = in.integer();
        case 5 -> content = dataPage(in);
        case 7 -> content = dictionaryPage(in);
        case 8 -> content = dataPageV2(in);
        default -> in.skip();
      }
    }
    checkRange("decompressed bytes of a page", bytesDecoded, 0, Integer.MAX_VALUE - 1024);
    checkRange("bytes of a page", bytes, 0, Integer.MAX_VALUE - 1024);
    checkRange("values of a page", content.values, 0, Integer.MAX_VALUE);
    return new PageHeader(
        type,
        bytesDecoded,
        bytes,
        content.values,
        content.encoding,
        content.levelEncoding,
        content.definitionBytes,
        content.repetitionBytes,
        content.compressed);
  }

  /** The part of a header that depends on the page's type. */
  private record Content(
      int values,
      int encoding,
      int levelEncoding,
      int definitionBytes,
      int repetitionBytes,
      boolean compressed) {
    static final Content NONE = new Content(0, -1, -1, 0, 0, true);
  }

  private static Content dataPage(ThriftCompactReader in) {
    int values = -1;
    int encoding = -1;
    int levelEncoding = -1;
    in.struct();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> values = in.integer();
        case 2 -> encoding = in.integer();
        case 3 -> levelEncoding = in.integer();
        default -> in.skip();
      }
    }
    return new Content(values, encoding, levelEncoding, 0, 0, true);
  }

  private static Content dictionaryPage(ThriftCompactReader in) {
    int values = -1;
    int encoding = -1;
    in.struct();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> values = in.integer();
        case 2 -> encoding = in.integer();
        default -> in.skip();
      }
    }
    return new Content(values, encoding, -1, 0, 0, true);
  }

  private static Content dataPageV2(ThriftCompactReader in) {
    int values = -1;
    int encoding = -1;
    int definitionBytes = -1;
    int repetitionBytes = -1;
    boolean compressed = true;
    in.struct();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> values = in.integer();
        case 4 -> encoding = in.integer();
        case 5 -> definitionBytes = in.integer();
        case 6 -> repetitionBytes = in.integer();
        case 7 -> compressed = in.bool();
        default -> in.skip();
      }
    }
    return new Content(
        values, encoding, ChunkMeta.RLE, definitionBytes, repetitionBytes, compressed);
  }
}
