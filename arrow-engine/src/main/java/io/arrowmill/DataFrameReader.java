package io.arrowmill;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes bounded data, and makes a data frame of it. Confined to one thread. */
public final class DataFrameReader {
  private final Session session;
  private final Map<String, String> options = new LinkedHashMap<>();
  private String format = "parquet";
  private @Nullable StructType schema;

  DataFrameReader(Session session) {
    this.session = session;
  }

  /** The connector: {@code parquet}, {@code csv}, {@code json}, ... */
  public DataFrameReader format(String format) {
    this.format = format;
    return this;
  }

  /** The columns that the data has. */
  public DataFrameReader schema(StructType schema) {
    this.schema = schema;
    return this;
  }

  /** The columns that the data has, as DDL text. */
  public DataFrameReader schema(String ddl) {
    return schema(StructType.fromDDL(ddl));
  }

  public DataFrameReader option(String key, String value) {
    options.put(key, value);
    return this;
  }

  public DataFrameReader option(String key, boolean value) {
    return option(key, Boolean.toString(value));
  }

  public DataFrameReader option(String key, long value) {
    return option(key, Long.toString(value));
  }

  public DataFrameReader option(String key, double value) {
    return option(key, Double.toString(value));
  }

  public DataFrameReader options(Map<String, String> more) {
    options.putAll(more);
    return this;
  }

  /**
   * The data as a data frame; read when an action asks for it.
   *
   * @throws AnalysisException if format, schema or options don't fit
   */
  public DataFrame load() {
    return session.engine().load(new SourceSpec(format, schema, options), false);
  }

  /** The data at a path as a data frame. */
  public DataFrame load(String path) {
    return option("path", path).load();
  }

  public DataFrame text(String path) {
    return format("text").load(path);
  }

  public DataFrame csv(String path) {
    return format("csv").load(path);
  }

  public DataFrame json(String path) {
    return format("json").load(path);
  }

  public DataFrame parquet(String path) {
    return format("parquet").load(path);
  }

  public DataFrame orc(String path) {
    return format("orc").load(path);
  }

  /** A view or table. */
  public DataFrame table(String name) {
    return session.table(name);
  }
}
