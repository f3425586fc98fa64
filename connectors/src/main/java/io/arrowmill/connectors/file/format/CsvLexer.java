package io.arrowmill.connectors.file.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a record into fields. A field that begins with the quote ends with the next quote that the
 * escape character does not precede; if other text follows before the separator, the quotes are
 * part of the value. Confined to one thread.
 *
 * <p>The fields of the last record are read by index, until the next call.
 */
final class CsvLexer {
  private final CsvDialect dialect;
  private final byte[] separator;
  private final boolean trimStart;
  private final boolean trimEnd;

  /** Values that had to be unescaped lie here, others in the record itself. */
  private byte[] scratch = new byte[256];

  private int scratchSize;
  private byte[] record = new byte[0];
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private boolean[] quoted = new boolean[16];
  private boolean[] unescaped = new boolean[16];
  private int count;

  CsvLexer(CsvDialect dialect, boolean trimStart, boolean trimEnd) {
    this.dialect = dialect;
    this.separator = dialect.separatorBytes();
    this.trimStart = trimStart;
    this.trimEnd = trimEnd;
  }

  /** Number of fields of the last record. */
  int count() {
    return count;
  }

  /** Whether the field was in quotes. */
  boolean isQuoted(int field) {
    return quoted[field];
  }

  String text(int field) {
    byte[] bytes = unescaped[field] ? scratch : record;
    return new String(bytes, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
  }

  /**
   * Where the record that begins at {@code start} ends: behind the newline that no quotes enclose.
   */
  int recordEnd(byte[] bytes, int start, int end) {
    int at = start;
    boolean fieldStart = true;
    while (at < end) {
      if (fieldStart && bytes[at] == dialect.quote()) {
        at = Math.min(end, closingQuote(bytes, at + 1, end) + 1);
        fieldStart = false;
      } else if (isSeparator(bytes, at, end)) {
        at += separator.length;
        fieldStart = true;
      } else if (bytes[at] == '\n') {
        return at + 1;
      } else if (bytes[at] == '\r') {
        return at + 1 < end && bytes[at + 1] == '\n' ? at + 2 : at + 1;
      } else {
        fieldStart = fieldStart && trimStart && bytes[at] == ' ';
        at++;
      }
    }
    return end;
  }

  /** Cuts one record, which comes without its newline. */
  void lex(byte[] bytes, int start, int end) {
    record = bytes;
    count = 0;
    scratchSize = 0;
    int at = start;
    while (true) {
      int next = field(bytes, at, end);
      if (next < 0) {
        return;
      }
      at = next;
    }
  }

  /** Cuts the field at {@code start}; gives the start of the next one, or -1 after the last. */
  private int field(byte[] bytes, int start, int end) {
    int from = start;
    while (trimStart && from < end && isBlank(bytes[from]) && !isSeparator(bytes, from, end)) {
      from++;
    }
    if (from < end && bytes[from] == dialect.quote()) {
      int close = closingQuote(bytes, from + 1, end);
      int after = Math.min(end, close + 1);
      while (trimEnd && after < end && isBlank(bytes[after]) && !isSeparator(bytes, after, end)) {
        after++;
      }
      if (after >= end || isSeparator(bytes, after, end)) {
        addQuoted(bytes, from + 1, close);
        return after >= end ? -1 : after + separator.length;
      }
    }
    int to = from;
    while (to < end && !isSeparator(bytes, to, end)) {
      to++;
    }
    int trimmed = to;
    while (trimEnd && trimmed > from && isBlank(bytes[trimmed - 1])) {
      trimmed--;
    }
    add(from, trimmed, false, false);
    return to >= end ? -1 : to + separator.length;
  }

  /** The index of the quote that ends the value at {@code from}, or {@code end}. */
  private int closingQuote(byte[] bytes, int from, int end) {
    int quote = dialect.quote();
    int escape = dialect.escape();
    for (int i = from; i < end; i++) {
      if (bytes[i] == escape
          && escape != quote
          && i + 1 < end
          && (bytes[i + 1] == quote || bytes[i + 1] == escape)) {
        i++;
      } else if (bytes[i] == quote) {
        if (escape != quote || i + 1 >= end || bytes[i + 1] != quote) {
          return i;
        }
        i++;
      }
    }
    return end;
  }

  private void addQuoted(byte[] bytes, int from, int to) {
    int escape = dialect.escape();
    int scratchStart = scratchSize;
    boolean copied = false;
    for (int i = from; i < to; i++) {
      boolean escapes =
          bytes[i] == escape
              && i + 1 < to
              && (bytes[i + 1] == dialect.quote() || bytes[i + 1] == escape);
      if (escapes && !copied) {
        append(bytes, from, i);
        copied = true;
      }
      if (escapes) {
        i++;
      }
      if (copied) {
        append(bytes, i, i + 1);
      }
    }
    if (copied) {
      add(scratchStart, scratchSize, true, true);
    } else {
      add(from, to, true, false);
    }
  }

  private void append(byte[] bytes, int from, int to) {
    int length = to - from;
    if (scratchSize + length > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(2 * scratch.length, scratchSize + length));
    }
    System.arraycopy(bytes, from, scratch, scratchSize, length);
    scratchSize += length;
  }

  private void add(int start, int end, boolean inQuotes, boolean inScratch) {
    if (count == starts.length) {
      int more = 2 * count;
      starts = Arrays.copyOf(starts, more);
      ends = Arrays.copyOf(ends, more);
      quoted = Arrays.copyOf(quoted, more);
      unescaped = Arrays.copyOf(unescaped, more);
    }
    starts[count] = start;
    ends[count] = end;
    quoted[count] = inQuotes;
    unescaped[count] = inScratch;
    count++;
  }

  private boolean isSeparator(byte[] bytes, int at, int end) {
    if (bytes[at] != separator[0]) {
      return false;
    }
    return separator.length == 1
        || (at + separator.length <= end
            && Arrays.equals(bytes, at, at + separator.length, separator, 0, separator.length));
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || value == '\t';
  }
}
