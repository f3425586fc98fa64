package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The formats that can be written. */
public enum WriteFormats implements WriteFormat {
  /** Lines. */
  TEXT(Set.of("lineSep", "compression")) {
    @Override
    public void checkWrite(SourceSpec spec, StructType schema) {
      WriteOptions.gzip(spec);
      if (schema.size() != 1 || !schema.field(0).type().equals(DataTypes.STRING)) {
        throw new AnalysisException(
            "UNSUPPORTED_TEXT_SCHEMA",
            "text must be written from one STRING column beside the partition columns: schema="
                + schema.toDDL()
                + "; select one, such as to_json(struct(...)) AS value");
      }
    }

    @Override
    public String extension(SourceSpec spec) {
      return WriteOptions.gzip(spec) ? "txt.gz" : "txt";
    }

    @Override
    public RecordFileWriter create(Path file, StructType schema, SourceSpec spec)
        throws IOException {
      return new TextWriter(file, spec);
    }
  },

  /** Comma-separated values. */
  CSV(
      Set.of(
          "sep",
          "delimiter",
          "header",
          "quote",
          "escape",
          "quoteAll",
          "nullValue",
          "emptyValue",
          "dateFormat",
          "timestampFormat",
          "timestampNTZFormat",
          "timeZone",
          "ignoreLeadingWhiteSpace",
          "ignoreTrailingWhiteSpace",
          "lineSep",
          "compression")) {
    @Override
    public void checkWrite(SourceSpec spec, StructType schema) {
      WriteOptions.gzip(spec);
      CsvDialect.of(spec);
      checkTimes(spec);
      WriteOptions.checkTypes(
          "csv", schema, type -> isScalar(type) && !type.equals(DataTypes.BINARY));
    }

    @Override
    public String extension(SourceSpec spec) {
      return WriteOptions.gzip(spec) ? "csv.gz" : "csv";
    }

    @Override
    public RecordFileWriter create(Path file, StructType schema, SourceSpec spec)
        throws IOException {
      return new CsvWriter(file, schema, spec);
    }
  },

  /** A JSON object a line. */
  JSON(
      Set.of(
          "dateFormat",
          "timestampFormat",
          "timestampNTZFormat",
          "timeZone",
          "ignoreNullFields",
          "lineSep",
          "compression")) {
    @Override
    public void checkWrite(SourceSpec spec, StructType schema) {
      WriteOptions.gzip(spec);
      checkTimes(spec);
      WriteOptions.checkTypes("json", schema, WriteFormats::isDeeplyScalar);
    }

    @Override
    public String extension(SourceSpec spec) {
      return WriteOptions.gzip(spec) ? "json.gz" : "json";
    }

    @Override
    public RecordFileWriter create(Path file, StructType schema, SourceSpec spec)
        throws IOException {
      return new JsonWriter(file, schema, spec);
    }
  },

  /** Parquet. */
  PARQUET(Set.of("compression")) {
    @Override
    public void checkWrite(SourceSpec spec, StructType schema) {
      WriteOptions.gzip(spec);
      WriteOptions.checkTypes("parquet", schema, WriteFormats::isDeeplyScalar);
    }

    @Override
    public String extension(SourceSpec spec) {
      return WriteOptions.gzip(spec) ? "gz.parquet" : "parquet";
    }

    @Override
    public RecordFileWriter create(Path file, StructType schema, SourceSpec spec)
        throws IOException {
      return new ParquetWriter(file, schema, WriteOptions.gzip(spec));
    }
  },

  /** ORC can be read only: the native library has no writer for it. */
  ORC(Set.of("compression")) {
    @Override
    public void checkWrite(SourceSpec spec, StructType schema) {
      throw new AnalysisException(
          "DATA_SOURCE_NOT_WRITABLE", "orc can be read but not written; write parquet");
    }

    @Override
    public String extension(SourceSpec spec) {
      return "orc";
    }

    @Override
    public RecordFileWriter create(Path file, StructType schema, SourceSpec spec)
        throws IOException {
      throw new IOException("orc can be read but not written");
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> options;

  WriteFormats(Set<String> options) {
    this.options = options;
  }

  @Override
  public Set<String> writeOptions() {
    return options;
  }

  private static void checkTimes(SourceSpec spec) {
    var _ = new TimeText(spec);
  }

  private static boolean isScalar(DataType type) {
    return type instanceof DecimalType
        || (type instanceof AtomicType
            && !type.equals(DataTypes.dayTimeInterval())
            && !type.equals(DataTypes.yearMonthInterval()));
  }

  private static boolean isDeeplyScalar(DataType type) {
    return switch (type) {
      case ArrayType array -> isDeeplyScalar(array.element());
      case MapType map -> isDeeplyScalar(map.key()) && isDeeplyScalar(map.value());
      case StructType struct ->
          struct.size() > 0
              && struct.fields().stream().allMatch(field -> isDeeplyScalar(field.type()));
      default -> isScalar(type);
    };
  }
}
