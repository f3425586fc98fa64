package io.arrowmill.connectors.file.format;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON: an object a line; with {@code multiLine}, an object or an array of objects a file. */
public final class JsonFormat implements FileFormat {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "multiLine",
        "lineSep",
        "encoding",
        "charset",
        "mode",
        "columnNameOfCorruptRecord",
        "primitivesAsString",
        "dateFormat",
        "timestampFormat",
        "timestampNTZFormat",
        "timeZone",
        "allowComments",
        "allowUnquotedFieldNames",
        "allowSingleQuotes",
        "allowNumericLeadingZeros",
        "allowNonNumericNumbers",
        "allowBackslashEscapingAnyCharacter",
        "allowUnquotedControlChars",
        "compression");
  }

  @Override
  public void check(SourceSpec spec, @Nullable StructType schema) {
    LineOptions.check(spec);
    var _ = ParseMode.of(spec);
    var _ = new TimeText(spec);
  }

  static boolean multiLine(SourceSpec spec) {
    return Boolean.parseBoolean(spec.option("multiLine"));
  }

  @Override
  public StructType inferSchema(List<DataFile> files, SourceSpec spec) throws IOException {
    JsonInference inference = new JsonInference(spec);
    for (DataFile file : files) {
      try (LineScanner lines =
          LineScanner.open(file, 0, file.sizeBytes(), LineOptions.separator(spec))) {
        if (multiLine(spec)) {
          lines.rest();
          inference.add(lines.bytes(), lines.start(), lines.end());
        } else {
          while (lines.next()) {
            inference.add(lines.bytes(), lines.start(), lines.end());
          }
        }
      }
    }
    return inference.schema(spec);
  }

  @Override
  public List<InputSplit> splits(DataFile file, ReadPlan plan) {
    boolean whole = multiLine(plan.spec());
    return ByteRange.split(
        file,
        !whole && !LineScanner.isCompressed(file),
        (range, allocator) ->
            new RecordFileReader(
                range,
                plan.wanted(),
                plan.spec(),
                whole,
                new JsonParsing(plan.wanted(), plan.spec()),
                allocator));
  }
}
