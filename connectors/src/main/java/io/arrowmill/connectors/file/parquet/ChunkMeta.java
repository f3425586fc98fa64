package io.arrowmill.connectors.file.parquet;

/**
 * What the footer says of one column in one row group.
 *
 * @param physicalType the format's number of it
 * @param encodings bit {@code 1 << encoding} of each encoding in use
 * @param codec the format's number of it
 * @param values how many, nulls included
 * @param start the position of the first page in the file
 * @param bytes the length of all pages together, as they are in the file
 * @param bytesDecoded the same, decompressed
 * @param plain whether the chunk lies in this file, in its bounds, and is not encrypted
 */
record ChunkMeta(
    int physicalType,
    int encodings,
    int codec,
    long values,
    long start,
    long bytes,
    long bytesDecoded,
    boolean plain) {

  /** Encoding numbers of the format. */
  static final int PLAIN = 0;

  static final int PLAIN_DICTIONARY = 2;
  static final int RLE = 3;
  static final int BIT_PACKED = 4;
  static final int DELTA_BINARY_PACKED = 5;
  static final int DELTA_LENGTH_BYTE_ARRAY = 6;
  static final int DELTA_BYTE_ARRAY = 7;
  static final int RLE_DICTIONARY = 8;
  static final int BYTE_STREAM_SPLIT = 9;
}
