package io.arrowmill.connectors.file.format;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses CSV records to rows; fields belong to the columns of the schema by position. A record with
 * more or fewer fields than columns is malformed, and so is one with a field that is not of its
 * column's type. Confined to one thread.
 */
final class CsvParsing implements RecordParser {
  private final CsvDialect dialect;
  private final CsvLexer lexer;
  private final ScalarText scalars;
  private final StructType wanted;

  /** For each wanted column, the position of its field, or -1 for the corrupt-record column. */
  private final int[] positions;

  private final int fieldCount;
  private final String nullValue;
  private final String emptyValue;
  private final int columnsMax;
  private boolean skipHeader;

  /**
   * A parser.
   *
   * @param dataSchema all columns of the file, with or without the corrupt-record column
   * @param skipHeader whether the first record names the columns
   */
  CsvParsing(StructType dataSchema, StructType wanted, SourceSpec spec, boolean skipHeader) {
    this.dialect = CsvDialect.of(spec);
    this.lexer = lexer(spec);
    this.scalars = new ScalarText(new TimeText(spec));
    this.wanted = wanted;
    this.nullValue = WriteOptions.text(spec, "nullValue", "");
    this.emptyValue = WriteOptions.text(spec, "emptyValue", "");
    this.columnsMax = Integer.parseInt(WriteOptions.text(spec, "maxColumns", "20480"));
    this.skipHeader = skipHeader;
    int corrupt = dataSchema.indexOf(ParseMode.corruptColumn(spec)).orElse(-1);
    this.fieldCount = dataSchema.size() - (corrupt < 0 ? 0 : 1);
    this.positions = new int[wanted.size()];
    for (int i = 0; i < positions.length; i++) {
      int position = dataSchema.indexOf(wanted.field(i).name()).orElse(-1);
      positions[i] =
          position == corrupt ? -1 : corrupt >= 0 && position > corrupt ? position - 1 : position;
    }
  }

  static CsvLexer lexer(SourceSpec spec) {
    return new CsvLexer(
        CsvDialect.of(spec),
        Boolean.parseBoolean(spec.option("ignoreLeadingWhiteSpace")),
        Boolean.parseBoolean(spec.option("ignoreTrailingWhiteSpace")));
  }

  @Override
  public int recordEnd(byte[] bytes, int start, int end) {
    return lexer.recordEnd(bytes, start, end);
  }

  /** The end of the record's text: without the newline that a record of a whole file still has. */
  static int withoutNewline(byte[] bytes, int start, int end) {
    int to = end;
    if (to > start && bytes[to - 1] == '\n') {
      to--;
    }
    if (to > start && bytes[to - 1] == '\r') {
      to--;
    }
    return to;
  }

  /** Whether the record is blank or a comment. */
  static boolean isNoRecord(CsvDialect dialect, byte[] bytes, int start, int end) {
    if (start < end && bytes[start] == dialect.comment()) {
      return true;
    }
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  @Override
  public @Nullable String parse(
      byte[] bytes, int start, int recordEnd, List<@Nullable Object[]> rows) {
    int end = withoutNewline(bytes, start, recordEnd);
    if (isNoRecord(dialect, bytes, start, end)) {
      return null;
    }
    if (skipHeader) {
      skipHeader = false;
      return null;
    }
    lexer.lex(bytes, start, end);
    @Nullable Object[] row = new @Nullable Object[positions.length];
    rows.add(row);
    String problem =
        lexer.count() == fieldCount && fieldCount <= columnsMax
            ? null
            : "a record must have one field a column: fields="
                + lexer.count()
                + ", columns="
                + fieldCount;
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < 0 || positions[i] >= lexer.count()) {
        continue;
      }
      try {
        row[i] = value(positions[i], i);
      } catch (RuntimeException e) {
        problem =
            "a field is not "
                + wanted.field(i).type().sql()
                + ": column="
                + wanted.field(i).name()
                + ", field="
                + lexer.text(positions[i]);
      }
    }
    return problem;
  }

  private @Nullable Object value(int field, int column) {
    String text = lexer.text(field);
    if (text.isEmpty() && lexer.isQuoted(field)) {
      text = emptyValue;
    }
    boolean absent = text.isEmpty() && !wanted.field(column).type().equals(DataTypes.STRING);
    return absent || text.equals(nullValue)
        ? null
        : scalars.parse(text, wanted.field(column).type());
  }
}
