package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV: a record a line, or over several lines with {@code multiLine}. Without a schema all columns
 * are STRING, called {@code _c0, _c1, ...} or as the header says; with {@code inferSchema}, of the
 * narrowest type that all values have: INT, BIGINT, DOUBLE, DATE, TIMESTAMP, BOOLEAN, else STRING.
 */
public final class CsvFormat implements FileFormat {
  private static final List<DataType> NARROWEST_FIRST =
      List.of(
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.DOUBLE,
          DataTypes.DATE,
          DataTypes.TIMESTAMP,
          DataTypes.BOOLEAN);

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "sep",
        "delimiter",
        "header",
        "quote",
        "escape",
        "comment",
        "nullValue",
        "emptyValue",
        "inferSchema",
        "dateFormat",
        "timestampFormat",
        "timestampNTZFormat",
        "timeZone",
        "mode",
        "columnNameOfCorruptRecord",
        "ignoreLeadingWhiteSpace",
        "ignoreTrailingWhiteSpace",
        "multiLine",
        "lineSep",
        "encoding",
        "charset",
        "maxColumns",
        "compression");
  }

  @Override
  public void check(SourceSpec spec, @Nullable StructType schema) {
    LineOptions.check(spec);
    var _ = ParseMode.of(spec);
    var _ = new TimeText(spec);
    var _ = CsvDialect.of(spec);
    String columnsMax = WriteOptions.text(spec, "maxColumns", "20480");
    if (!columnsMax.matches("[1-9]\\d{0,8}")) {
      throw new AnalysisException(
          "INVALID_OPTION_VALUE",
          "option must be a whole number above 0: option=maxColumns, value=" + columnsMax);
    }
    if (schema != null) {
      WriteOptions.checkTypes("csv", schema, CsvFormat::isScalar);
    }
  }

  private static boolean isScalar(DataType type) {
    return type instanceof DecimalType
        || (type instanceof AtomicType
            && !type.equals(DataTypes.dayTimeInterval())
            && !type.equals(DataTypes.yearMonthInterval()));
  }

  private static boolean header(SourceSpec spec) {
    return Boolean.parseBoolean(spec.option("header"));
  }

  @Override
  public StructType inferSchema(List<DataFile> files, SourceSpec spec) throws IOException {
    check(spec, null);
    Inference inference = new Inference(spec);
    for (DataFile file : files) {
      inference.add(file);
      if (!inference.infers && !inference.names.isEmpty()) {
        break;
      }
    }
    return inference.schema();
  }

  /** Looks at the records of files for names and types of columns. Confined to one thread. */
  private static final class Inference {
    private final SourceSpec spec;
    private final CsvDialect dialect;
    private final CsvLexer lexer;
    private final ScalarText scalars;
    private final String nullValue;
    private final boolean infers;
    private final List<String> names = new ArrayList<>();

    /** For each column the position in {@link #NARROWEST_FIRST}; -1 before the first value. */
    private final List<Integer> ranks = new ArrayList<>();

    Inference(SourceSpec spec) {
      this.spec = spec;
      dialect = CsvDialect.of(spec);
      lexer = CsvParsing.lexer(spec);
      scalars = new ScalarText(new TimeText(spec));
      nullValue = WriteOptions.text(spec, "nullValue", "");
      infers = Boolean.parseBoolean(spec.option("inferSchema"));
    }

    void add(DataFile file) throws IOException {
      boolean header = header(spec);
      try (LineScanner lines =
          LineScanner.open(file, 0, file.sizeBytes(), LineOptions.separator(spec))) {
        if (JsonFormat.multiLine(spec)) {
          lines.rest();
          int at = lines.start();
          while (at < lines.end()) {
            int next = lexer.recordEnd(lines.bytes(), at, lines.end());
            int end = CsvParsing.withoutNewline(lines.bytes(), at, next);
            header = record(lines.bytes(), at, end, header);
            at = next;
          }
          return;
        }
        while (lines.next() && (infers || names.isEmpty())) {
          header = record(lines.bytes(), lines.start(), lines.end(), header);
        }
      }
    }

    /** Takes a record; gives whether the header is still to come. */
    private boolean record(byte[] bytes, int start, int end, boolean header) {
      if (CsvParsing.isNoRecord(dialect, bytes, start, end)) {
        return header;
      }
      lexer.lex(bytes, start, end);
      if (names.isEmpty()) {
        for (int i = 0; i < lexer.count(); i++) {
          String name = header ? lexer.text(i).trim() : "";
          names.add(name.isEmpty() ? "_c" + i : names.contains(name) ? name + i : name);
          ranks.add(-1);
        }
      }
      if (!header && infers) {
        for (int i = 0; i < Math.min(names.size(), lexer.count()); i++) {
          widen(i, lexer.text(i));
        }
      }
      return false;
    }

    private void widen(int column, String text) {
      if (text.isEmpty() || text.equals(nullValue)) {
        return;
      }
      int before = ranks.get(column);
      int rank = Math.max(0, before);
      while (rank < NARROWEST_FIRST.size() && !fits(text, NARROWEST_FIRST.get(rank))) {
        rank++;
      }
      // Types of different kinds have only STRING in common.
      boolean numbers = before <= 2 && rank <= 2;
      boolean times = before >= 3 && before <= 4 && rank <= 4;
      ranks.set(
          column, before < 0 || numbers || times || before == rank ? rank : NARROWEST_FIRST.size());
    }

    private boolean fits(String text, DataType type) {
      if (type.equals(DataTypes.DATE)
          && spec.option("dateFormat") == null
          && text.length() != "2026-01-01".length()) {
        return false; // the text of a timestamp can be read as a date too
      }
      try {
        scalars.parse(text, type);
        return true;
      } catch (RuntimeException e) {
        return false;
      }
    }

    StructType schema() {
      List<StructField> fields = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        int rank = ranks.get(i);
        boolean typed = rank >= 0 && rank < NARROWEST_FIRST.size();
        fields.add(
            new StructField(
                names.get(i), typed ? NARROWEST_FIRST.get(rank) : DataTypes.STRING, true));
      }
      return StructType.of(fields);
    }
  }

  @Override
  public List<InputSplit> splits(DataFile file, ReadPlan plan) {
    boolean whole = JsonFormat.multiLine(plan.spec());
    return ByteRange.split(
        file,
        !whole && !LineScanner.isCompressed(file),
        (range, allocator) ->
            new RecordFileReader(
                range,
                plan.wanted(),
                plan.spec(),
                whole,
                new CsvParsing(
                    plan.dataSchema(),
                    plan.wanted(),
                    plan.spec(),
                    header(plan.spec()) && range.start() == 0),
                allocator));
  }
}
