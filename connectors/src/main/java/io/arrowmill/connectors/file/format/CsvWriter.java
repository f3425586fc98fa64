package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as CSV, with the options' names and defaults as Spark has them: strings are trimmed
 * unless told otherwise, null is {@code nullValue} (empty), the empty string is {@code emptyValue}
 * ({@code ""}), a field is quoted if it holds the separator, the quote or a newline. Confined to
 * one thread.
 */
final class CsvWriter implements RecordFileWriter {
  private final OutputStream out;
  private final StructType schema;
  private final CsvDialect dialect;
  private final TimeText times;
  private final String separator;
  private final String lineSeparator;
  private final String nullValue;
  private final String emptyValue;
  private final boolean quoteAll;
  private final boolean trimStart;
  private final boolean trimEnd;
  private final StringBuilder line = new StringBuilder();

  CsvWriter(Path file, StructType schema, SourceSpec spec) throws IOException {
    this.schema = schema;
    dialect = CsvDialect.of(spec);
    times = new TimeText(spec);
    separator = dialect.separator();
    lineSeparator = WriteOptions.text(spec, "lineSep", "\n");
    nullValue = WriteOptions.text(spec, "nullValue", "");
    emptyValue = WriteOptions.text(spec, "emptyValue", "\"\"");
    quoteAll = Boolean.parseBoolean(spec.option("quoteAll"));
    trimStart = Boolean.parseBoolean(WriteOptions.text(spec, "ignoreLeadingWhiteSpace", "true"));
    trimEnd = Boolean.parseBoolean(WriteOptions.text(spec, "ignoreTrailingWhiteSpace", "true"));
    out = WriteOptions.stream(file, spec);
    if (Boolean.parseBoolean(spec.option("header"))) {
      for (int i = 0; i < schema.size(); i++) {
        line.append(i == 0 ? "" : separator);
        field(schema.field(i).name());
      }
      endLine();
    }
  }

  @Override
  public void write(RecordBatch batch, int @Nullable [] rows, int count) throws IOException {
    VectorReader[] columns = new VectorReader[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = VectorReader.of(batch.column(i), schema.field(i).type());
    }
    for (int i = 0; i < count; i++) {
      int row = rows == null ? i : rows[i];
      for (int c = 0; c < columns.length; c++) {
        line.append(c == 0 ? "" : separator);
        value(columns[c].read(row));
      }
      endLine();
    }
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> line.append(nullValue);
      case String text -> field(text);
      case Instant instant -> field(times.text(instant));
      case LocalDateTime dateTime -> field(times.text(dateTime));
      case LocalDate date -> field(times.text(date));
      case BigDecimal decimal -> field(decimal.toPlainString());
      default -> field(value.toString());
    }
  }

  private void field(String given) {
    String text = trimStart ? given.stripLeading() : given;
    text = trimEnd ? text.stripTrailing() : text;
    if (text.isEmpty()) {
      line.append(emptyValue);
      return;
    }
    if (dialect.quote() < 0 || !(quoteAll || needsQuotes(text))) {
      line.append(text);
      return;
    }
    char quote = (char) dialect.quote();
    line.append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (dialect.escape() >= 0 && (c == quote || c == dialect.escape())) {
        line.append((char) dialect.escape());
      } else if (c == quote) {
        line.append(quote);
      }
      line.append(c);
    }
    line.append(quote);
  }

  private boolean needsQuotes(String text) {
    return text.contains(separator)
        || text.indexOf(dialect.quote()) >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0
        || (dialect.comment() >= 0 && text.charAt(0) == dialect.comment());
  }

  private void endLine() throws IOException {
    line.append(lineSeparator);
    out.write(line.toString().getBytes(StandardCharsets.UTF_8));
    line.setLength(0);
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
