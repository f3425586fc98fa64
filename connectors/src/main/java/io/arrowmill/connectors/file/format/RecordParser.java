package io.arrowmill.connectors.file.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of records into rows of values. Confined to one thread. */
interface RecordParser {

  /**
   * Where the record that begins at {@code start} ends, and the next begins; only asked of files
   * that are read as a whole. A record may be empty.
   */
  int recordEnd(byte[] bytes, int start, int end);

  /**
   * Parses one record.
   *
   * @param rows takes the values of the wanted columns, one array a row; a record may give no row,
   *     or several
   * @return what is wrong with the record, or null; rows are then what could be read
   */
  @Nullable String parse(byte[] bytes, int start, int end, List<@Nullable Object[]> rows);
}
