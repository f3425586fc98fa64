package io.arrowmill.types;

import io.arrowmill.AnalysisException;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Recursive-descent parser of type and schema DDL text. Used once, by one thread. */
public final class TypeParser {
  private final String text;
  private int position;

  /** A parser of {@code text}. */
  public TypeParser(String text) {
    this.text = text;
  }

  /** Parses the whole text as one type, such as {@code decimal(10,2)}. */
  public DataType parseType() {
    DataType type = type();
    expectEnd();
    return type;
  }

  /** Parses the whole text as a schema: fields, or {@code STRUCT<...>}. */
  public StructType parseSchema() {
    int start = position;
    skipSpace();
    if (text.regionMatches(true, position, "struct<", 0, 7)
        || text.regionMatches(true, position, "struct <", 0, 8)) {
      if (type() instanceof StructType struct) {
        expectEnd();
        return struct;
      }
      position = start;
    }
    StructType schema = fields('\0');
    expectEnd();
    return schema;
  }

  private StructType fields(char terminator) {
    List<StructField> fields = new ArrayList<>();
    skipSpace();
    while (position < text.length() && text.charAt(position) != terminator) {
      String name = identifier();
      skipSpace();
      if (peek(':')) {
        position++;
      }
      DataType type = type();
      boolean nullable = true;
      if (keyword("NOT")) {
        if (!keyword("NULL")) {
          throw syntaxError("NULL");
        }
        nullable = false;
      }
      if (keyword("COMMENT")) {
        skipSpace();
        quoted('\'');
      }
      fields.add(new StructField(name, type, nullable));
      skipSpace();
      if (!peek(',')) {
        break;
      }
      position++;
      skipSpace();
    }
    return StructType.of(fields);
  }

  private DataType type() {
    skipSpace();
    String name = identifier().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "boolean" -> AtomicType.BOOLEAN;
      case "byte", "tinyint" -> AtomicType.BYTE;
      case "short", "smallint" -> AtomicType.SHORT;
      case "int", "integer" -> AtomicType.INTEGER;
      case "long", "bigint" -> AtomicType.LONG;
      case "float", "real" -> AtomicType.FLOAT;
      case "double" -> AtomicType.DOUBLE;
      case "string" -> AtomicType.STRING;
      case "varchar", "char", "character" -> {
        skipParameters();
        yield AtomicType.STRING;
      }
      case "binary" -> AtomicType.BINARY;
      case "date" -> AtomicType.DATE;
      case "timestamp", "timestamp_ltz" -> AtomicType.TIMESTAMP;
      case "timestamp_ntz" -> AtomicType.TIMESTAMP_NTZ;
      case "void", "null" -> DataTypes.NULL;
      case "decimal", "dec", "numeric" -> decimal();
      case "interval" -> interval();
      case "array" -> {
        expect('<');
        DataType element = type();
        expect('>');
        yield DataTypes.array(element);
      }
      case "map" -> {
        expect('<');
        DataType key = type();
        expect(',');
        DataType value = type();
        expect('>');
        yield DataTypes.map(key, value);
      }
      case "struct" -> {
        expect('<');
        StructType struct = fields('>');
        expect('>');
        yield struct;
      }
      default ->
          throw new AnalysisException(
              "UNSUPPORTED_DATATYPE",
              "type must be known: type="
                  + name
                  + ", text="
                  + text
                  + "; use one of boolean, tinyint, smallint, int, bigint, float, double,"
                  + " decimal(p,s), string, binary, date, timestamp, timestamp_ntz, array<...>,"
                  + " map<...>, struct<...>");
    };
  }

  private DataType decimal() {
    skipSpace();
    if (!peek('(')) {
      return new DecimalType(10, 0);
    }
    position++;
    int precision = number();
    int scale = 0;
    skipSpace();
    if (peek(',')) {
      position++;
      scale = number();
    }
    expect(')');
    if (precision < 1 || precision > DecimalType.PRECISION_MAX || scale > precision) {
      throw new AnalysisException(
          "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
          "decimal must have 1 to 38 digits and a scale of 0 to its precision: precision="
              + precision
              + ", scale="
              + scale);
    }
    return new DecimalType(precision, scale);
  }

  private DataType interval() {
    boolean months = keyword("YEAR") || keyword("MONTH");
    if (!months && !(keyword("DAY") || keyword("HOUR") || keyword("MINUTE") || keyword("SECOND"))) {
      throw syntaxError("YEAR, MONTH, DAY, HOUR, MINUTE or SECOND");
    }
    if (keyword("TO")
        && !(keyword("MONTH") || keyword("HOUR") || keyword("MINUTE") || keyword("SECOND"))) {
      throw syntaxError("MONTH, HOUR, MINUTE or SECOND");
    }
    return months ? AtomicType.YEAR_MONTH_INTERVAL : AtomicType.DAY_TIME_INTERVAL;
  }

  private void skipParameters() {
    skipSpace();
    if (peek('(')) {
      position++;
      number();
      expect(')');
    }
  }

  private int number() {
    skipSpace();
    int start = position;
    while (position < text.length() && Character.isDigit(text.charAt(position))) {
      position++;
    }
    if (start == position || position - start > 6) {
      throw syntaxError("a number");
    }
    return Integer.parseInt(text, start, position, 10);
  }

  private String identifier() {
    skipSpace();
    if (peek('`')) {
      return quoted('`');
    }
    int start = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.charAt(position)) || text.charAt(position) == '_')) {
      position++;
    }
    if (start == position) {
      throw syntaxError("a name");
    }
    return text.substring(start, position);
  }

  private String quoted(char quote) {
    if (!peek(quote)) {
      throw syntaxError(String.valueOf(quote));
    }
    position++;
    StringBuilder name = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c != quote) {
        name.append(c);
      } else if (peek(quote)) {
        name.append(quote);
        position++;
      } else {
        return name.toString();
      }
    }
    throw syntaxError("closing " + quote);
  }

  private boolean keyword(String word) {
    skipSpace();
    int end = position + word.length();
    if (text.regionMatches(true, position, word, 0, word.length())
        && (end >= text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
      position = end;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    skipSpace();
    if (!peek(c)) {
      throw syntaxError("'" + c + "'");
    }
    position++;
  }

  private void expectEnd() {
    skipSpace();
    if (position != text.length()) {
      throw syntaxError("end of text");
    }
  }

  private boolean peek(char c) {
    return position < text.length() && text.charAt(position) == c;
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private AnalysisException syntaxError(String expected) {
    return new AnalysisException(
        "PARSE_SYNTAX_ERROR",
        "type text must continue with "
            + expected
            + ": position="
            + position
            + ", found="
            + (position < text.length() ? "'" + text.substring(position) + "'" : "end of text")
            + ", text='"
            + text
            + "'; write a schema as \"name TYPE, name TYPE\"");
  }
}
