package io.arrowmill;

import io.arrowmill.analysis.StreamingRules;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.operator.PlanRunner;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.runtime.BoundedRun;
import io.arrowmill.streaming.OutputMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a bounded table to files; all of them appear, or none. Confined to one thread. */
public final class DataFrameWriter {

  /** What to do where there is data already. */
  private enum SaveMode {
    ERROR_IF_EXISTS,
    APPEND,
    OVERWRITE,
    IGNORE
  }

  private final DataFrame frame;
  private final SessionEngine engine;
  private final Map<String, String> options = new LinkedHashMap<>();
  private String format = "parquet";
  private SaveMode mode = SaveMode.ERROR_IF_EXISTS;
  private List<String> partitionBy = List.of();

  DataFrameWriter(DataFrame frame, SessionEngine engine) {
    this.frame = frame;
    this.engine = engine;
  }

  /** The connector: {@code parquet}, {@code csv}, {@code json}, ... */
  public DataFrameWriter format(String format) {
    this.format = format;
    return this;
  }

  /** {@code errorifexists} (unless set), {@code append}, {@code overwrite} or {@code ignore}. */
  public DataFrameWriter mode(String mode) {
    this.mode =
        switch (mode.toLowerCase(Locale.ROOT)) {
          case "error", "errorifexists", "default" -> SaveMode.ERROR_IF_EXISTS;
          case "append" -> SaveMode.APPEND;
          case "overwrite" -> SaveMode.OVERWRITE;
          case "ignore" -> SaveMode.IGNORE;
          default ->
              throw new AnalysisException(
                  "INVALID_SAVE_MODE",
                  "save mode must be known: mode="
                      + mode
                      + "; use errorifexists, append, overwrite or ignore");
        };
    return this;
  }

  public DataFrameWriter option(String key, String value) {
    options.put(key, value);
    return this;
  }

  public DataFrameWriter option(String key, boolean value) {
    return option(key, Boolean.toString(value));
  }

  public DataFrameWriter option(String key, long value) {
    return option(key, Long.toString(value));
  }

  public DataFrameWriter options(Map<String, String> more) {
    options.putAll(more);
    return this;
  }

  /** Lays files out in directories by these columns. */
  public DataFrameWriter partitionBy(String... columns) {
    this.partitionBy = List.of(columns);
    return this;
  }

  public void parquet(String path) {
    format("parquet").save(path);
  }

  public void csv(String path) {
    format("csv").save(path);
  }

  public void json(String path) {
    format("json").save(path);
  }

  public void text(String path) {
    format("text").save(path);
  }

  /** Writes, to the directory of the option {@code path} if the format has one. */
  public void save() {
    String path = options.get("path");
    if (path != null) {
      save(path);
      return;
    }
    StreamingRules.checkBatchAction(frame.plan(), "write");
    try {
      write();
    } catch (IOException e) {
      throw new ArrowmillException(
          "SINK_WRITE_FAILED",
          "sink must take the rows: format=" + format + ", error=" + e.getMessage(),
          e);
    }
  }

  /** Writes to a directory. */
  public void save(String path) {
    option("path", path);
    StreamingRules.checkBatchAction(frame.plan(), "write");
    Path directory = path.startsWith("file:") ? Path.of(URI.create(path)) : Path.of(path);
    try {
      boolean hasData = hasData(directory);
      if (hasData && mode == SaveMode.IGNORE) {
        return;
      }
      if (hasData && mode == SaveMode.ERROR_IF_EXISTS) {
        throw new AnalysisException(
            "PATH_ALREADY_EXISTS",
            "directory must be empty or absent: path="
                + path
                + "; choose another, or mode(\"append\") or mode(\"overwrite\")");
      }
      if (hasData && mode == SaveMode.OVERWRITE) {
        deleteContent(directory);
      }
      write();
    } catch (IOException e) {
      throw new ArrowmillException(
          "SINK_WRITE_FAILED",
          "directory must be writable: path=" + path + ", error=" + e.getMessage(),
          e);
    }
  }

  private static boolean hasData(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Files.exists(directory);
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isPresent();
    }
  }

  private static void deleteContent(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }

  private void write() throws IOException {
    // The time, so that files are named in the order of writes; the sink tells writes apart.
    long batchId = System.currentTimeMillis();
    SourceSpec spec = new SourceSpec(format, null, options);
    try (StreamSink sink = engine.openSink(spec, frame.schema(), partitionBy);
        BoundedRun run =
            new BoundedRun(
                frame.plan(),
                engine.services(schema -> {
                  throw new IllegalStateException("a bounded query opens its sink itself");
                }))) {
      SinkBatch batch = sink.begin(batchId, frame.schema(), OutputMode.APPEND);
      try {
        writeBatches(run, batch);
        batch.prepare();
      } catch (Throwable e) {
        batch.abort();
        throw e;
      }
      sink.publish(batchId);
    }
  }

  private void writeBatches(BoundedRun run, SinkBatch batch) throws IOException {
    List<SinkWriter> writers = new ArrayList<>();
    try {
      List<PlanRunner.Output> outputs = new ArrayList<>();
      for (int task = 0; task < engine.workerCount(); task++) {
        SinkWriter writer = batch.writer(task);
        writers.add(writer);
        outputs.add(rows -> {
          try {
            writer.write(rows);
          } catch (IOException e) {
            throw new ArrowmillException(
                "SINK_WRITE_FAILED", "files must be writable: error=" + e.getMessage(), e);
          }
        });
      }
      run.run(outputs);
    } finally {
      for (SinkWriter writer : writers) {
        writer.close();
      }
    }
  }
}
