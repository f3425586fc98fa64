package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Writes a STRING column as lines; null is an empty line. Confined to one thread. */
final class TextWriter implements RecordFileWriter {
  private final OutputStream out;
  private final byte[] separator;

  TextWriter(Path file, SourceSpec spec) throws IOException {
    separator = WriteOptions.text(spec, "lineSep", "\n").getBytes(StandardCharsets.UTF_8);
    out = WriteOptions.stream(file, spec);
  }

  @Override
  public void write(RecordBatch batch, int @Nullable [] rows, int count) throws IOException {
    VarCharVector lines = (VarCharVector) batch.column(0);
    for (int i = 0; i < count; i++) {
      int row = rows == null ? i : rows[i];
      if (!lines.isNull(row)) {
        out.write(lines.get(row));
      }
      out.write(separator);
    }
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
