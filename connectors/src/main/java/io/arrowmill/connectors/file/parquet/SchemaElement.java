package io.arrowmill.connectors.file.parquet;

/**
 * One element of the schema in a footer, a depth-first list of fields.
 *
 * @param physicalType the format's number, or -1 for a group
 * @param typeLength bytes of a FIXED_LEN_BYTE_ARRAY
 * @param repetition {@link #REQUIRED}, {@link #OPTIONAL} or {@link #REPEATED}
 * @param children of a group
 * @param convertedType the older annotation, or -1
 * @param scale of a decimal
 * @param precision of a decimal
 * @param logical the newer annotation, which wins
 */
record SchemaElement(
    int physicalType,
    int typeLength,
    int repetition,
    String name,
    int children,
    int convertedType,
    int scale,
    int precision,
    Logical logical) {
  static final int REQUIRED = 0;
  static final int OPTIONAL = 1;
  static final int REPEATED = 2;

  /** Kinds of annotations, the numbers of the format's union. */
  static final int NO_ANNOTATION = 0;

  static final int STRING = 1;
  static final int DECIMAL = 5;
  static final int DATE = 6;
  static final int TIMESTAMP = 8;
  static final int INTEGER = 10;

  /**
   * An annotation.
   *
   * @param kind the number in the format's union, or {@link #NO_ANNOTATION}
   * @param first scale of a decimal, unit of a timestamp (1 milli, 2 micro, 3 nano), bits of an
   *     integer
   * @param second precision of a decimal
   * @param flag whether a timestamp is an instant, or an integer signed
   */
  record Logical(int kind, int first, int second, boolean flag) {
    static final Logical NONE = new Logical(NO_ANNOTATION, 0, 0, false);
  }

  static SchemaElement read(ThriftCompactReader in) {
    int physicalType = -1;
    int typeLength = 0;
    int repetition = REQUIRED;
    String name = "";
    int children = 0;
    int convertedType = -1;
    int scale = 0;
    int precision = 0;
    Logical logical = Logical.NONE;
    in.begin();
    for (int id = in.next(); id != 0; id = in.next()) {
      switch (id) {
        case 1 -> physicalType = in.integer();
        case 2 -> typeLength = in.integer();
        case 3 -> repetition = in.integer();
        case 4 -> name = in.text();
        case 5 -> children = in.integer();
        case 6 -> convertedType = in.integer();
        case 7 -> scale = in.integer();
        case 8 -> precision = in.integer();
        case 10 -> logical = logical(in);
        default -> in.skip();
      }
    }
    return new SchemaElement(
        physicalType,
        typeLength,
        repetition,
        name,
        children,
        convertedType,
        scale,
        precision,
        logical);
  }

  private static Logical logical(ThriftCompactReader in) {
    Logical result = Logical.NONE;
    in.struct();
    for (int kind = in.next(); kind != 0; kind = in.next()) {
      int first = 0;
      int second = 0;
      boolean flag = false;
      in.struct();
      for (int id = in.next(); id != 0; id = in.next()) {
        switch ((kind << 8) | id) {
          case (DECIMAL << 8) | 1, (INTEGER << 8) | 1 -> first = in.integer();
          case (DECIMAL << 8) | 2 -> second = in.integer();
          case (TIMESTAMP << 8) | 1, (INTEGER << 8) | 2 -> flag = in.bool();
          case (TIMESTAMP << 8) | 2 -> first = unit(in);
          default -> in.skip();
        }
      }
      result = new Logical(kind, first, second, flag);
    }
    return result;
  }

  private static int unit(ThriftCompactReader in) {
    int unit = 0;
    in.struct();
    for (int id = in.next(); id != 0; id = in.next()) {
      unit = id;
      in.skip();
    }
    return unit;
  }
}
