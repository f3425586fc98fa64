package io.arrowmill.connectors.file.format;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of a file, record by record, and deals with those that do not fit as {@link
 * ParseMode} says. Confined to one thread.
 */
final class RecordFileReader implements BatchReader {
  private static final int SHOWN_CHARS_MAX = 200;

  private final DataFile file;
  private final StructType wanted;
  private final ParseMode mode;
  private final int corruptColumn;
  private final boolean whole;
  private final RecordParser parser;
  private final LineScanner lines;
  private final BufferAllocator allocator;
  private final List<@Nullable Object[]> parsed = new ArrayList<>();
  private final Deque<@Nullable Object[]> pending = new ArrayDeque<>();

  /** In a file that is read as a whole: where the next record begins, or -1 before the first. */
  private int next = -1;

  private int wholeEnd;

  /**
   * A reader of the records whose first byte lies in the range.
   *
   * @param whole whether a record may contain newlines; then the range is the whole file
   */
  RecordFileReader(
      ByteRange range,
      StructType wanted,
      SourceSpec spec,
      boolean whole,
      RecordParser parser,
      BufferAllocator allocator)
      throws IOException {
    this.file = range.file();
    this.wanted = wanted;
    this.mode = ParseMode.of(spec);
    this.corruptColumn = wanted.indexOf(ParseMode.corruptColumn(spec)).orElse(-1);
    this.whole = whole;
    this.parser = parser;
    this.allocator = allocator;
    this.lines =
        LineScanner.open(range.file(), range.start(), range.end(), LineOptions.separator(spec));
  }

  @Override
  public @Nullable RecordBatch next() throws IOException {
    if (wanted.size() == 0) {
      return countRows();
    }
    try (BatchBuilder builder = new BatchBuilder(wanted, allocator)) {
      while (!builder.isFull() && (!pending.isEmpty() || readRecord())) {
        while (!pending.isEmpty() && !builder.isFull()) {
          builder.appendValues(Arrays.asList(pending.removeFirst()));
        }
      }
      return builder.rowCount() == 0 ? null : builder.build();
    }
  }

  private @Nullable RecordBatch countRows() throws IOException {
    int rows = 0;
    while (rows < RecordBatch.ROWS_MAX && (!pending.isEmpty() || readRecord())) {
      int taken = Math.min(pending.size(), RecordBatch.ROWS_MAX - rows);
      for (int i = 0; i < taken; i++) {
        pending.removeFirst();
      }
      rows += taken;
    }
    return rows == 0 ? null : new RecordBatch(wanted, List.of(), rows);
  }

  /** Parses the next record, which may give no rows; false after the last. */
  private boolean readRecord() throws IOException {
    if (!whole) {
      if (!lines.next()) {
        return false;
      }
      accept(lines.bytes(), lines.start(), lines.end());
      return true;
    }
    if (next < 0) {
      lines.rest();
      next = lines.start();
      wholeEnd = lines.end();
    }
    if (next >= wholeEnd) {
      return false;
    }
    int end = parser.recordEnd(lines.bytes(), next, wholeEnd);
    accept(lines.bytes(), next, end);
    next = end;
    return true;
  }

  private void accept(byte[] bytes, int start, int end) {
    parsed.clear();
    String problem = parser.parse(bytes, start, end, parsed);
    if (problem == null) {
      pending.addAll(parsed);
      return;
    }
    switch (mode) {
      case DROPMALFORMED -> {}
      case FAILFAST -> throw malformed(text(bytes, start, end), problem);
      case PERMISSIVE -> {
        if (parsed.isEmpty()) {
          parsed.add(new @Nullable Object[wanted.size()]);
        }
        for (@Nullable Object[] row : parsed) {
          if (corruptColumn >= 0) {
            row[corruptColumn] = text(bytes, start, end);
          }
          pending.add(row);
        }
      }
    }
  }

  private static String text(byte[] bytes, int start, int end) {
    int to = end;
    while (to > start && (bytes[to - 1] == '\n' || bytes[to - 1] == '\r')) {
      to--;
    }
    return new String(bytes, start, to - start, StandardCharsets.UTF_8);
  }

  private ArrowmillException malformed(String record, String problem) {
    return new ArrowmillException(
        "MALFORMED_RECORD_IN_PARSING",
        "record must fit the schema in mode FAILFAST: file="
            + file.uri()
            + ", reason="
            + problem
            + ", record="
            + (record.length() > SHOWN_CHARS_MAX
                ? record.substring(0, SHOWN_CHARS_MAX) + "..."
                : record)
            + "; correct the schema, or read in mode PERMISSIVE");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
