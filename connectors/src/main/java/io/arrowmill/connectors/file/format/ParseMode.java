package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.util.Locale;

/** What happens to a record that does not fit the schema: option {@code mode}. */
enum ParseMode {
  /**
   * What can't be read is null; the record's text goes to the corrupt-record column, if the schema
   * has it.
   */
  PERMISSIVE,
  /** The record is left out. */
  DROPMALFORMED,
  /** The read fails. */
  FAILFAST;

  static ParseMode of(SourceSpec spec) {
    String text = WriteOptions.text(spec, "mode", "PERMISSIVE");
    for (ParseMode mode : values()) {
      if (mode.name().equals(text.toUpperCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw new AnalysisException(
        "INVALID_OPTION_VALUE",
        "option must be PERMISSIVE, DROPMALFORMED or FAILFAST: option=mode, value=" + text);
  }

  /** The column that takes the text of records that do not fit. */
  static String corruptColumn(SourceSpec spec) {
    return WriteOptions.text(spec, "columnNameOfCorruptRecord", "_corrupt_record");
  }
}
