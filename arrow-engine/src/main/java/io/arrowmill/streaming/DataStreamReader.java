package io.arrowmill.streaming;

import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import io.arrowmill.plan.Required;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes an unbounded source, and makes a data frame of it. Confined to one thread. */
public final class DataStreamReader {
  private final Session session;
  private final Map<String, String> options = new LinkedHashMap<>();
  private String format = "parquet";
  private @Nullable StructType schema;

  /** Made by {@link Session#readStream()}. */
  public DataStreamReader(Session session) {
    this.session = session;
  }

  /** The connector: {@code rate}, {@code socket}, {@code parquet}, {@code csv}, ... */
  public DataStreamReader format(String format) {
    this.format = format;
    return this;
  }

  /** The columns that the source has. */
  public DataStreamReader schema(StructType schema) {
    this.schema = schema;
    return this;
  }

  /** The columns that the source has, as DDL text. */
  public DataStreamReader schema(String ddl) {
    return schema(StructType.fromDDL(Required.given(ddl, "schema")));
  }

  public DataStreamReader option(String key, String value) {
    options.put(key, value);
    return this;
  }

  public DataStreamReader option(String key, boolean value) {
    return option(key, Boolean.toString(value));
  }

  public DataStreamReader option(String key, long value) {
    return option(key, Long.toString(value));
  }

  public DataStreamReader option(String key, double value) {
    return option(key, Double.toString(value));
  }

  public DataStreamReader options(Map<String, String> more) {
    options.putAll(more);
    return this;
  }

  /**
   * The source as a data frame.
   *
   * @throws io.arrowmill.AnalysisException if format, schema or options don't fit
   */
  public DataFrame load() {
    return session.engine().load(new SourceSpec(format, schema, options), true);
  }

  /** The source at a path as a data frame. */
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

  /** A view of an unbounded source, by name. */
  public DataFrame table(String name) {
    return session.engine().table(name, true);
  }
}
