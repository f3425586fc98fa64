package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Writes one Parquet file: PLAIN data pages (version 1), so that any reader can read it.
 *
 * <pre>
 * "PAR1" | row group 0: column chunk 0: page, page ...; column chunk 1 ... | row group 1 ... | footer | its length | "PAR1"
 * </pre>
 *
 * <p>A row group is held on the heap until it is large enough. Confined to one thread.
 */
final class ParquetWriter implements RecordFileWriter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final long ROW_GROUP_BYTES = 64L << 20;
  private static final long ROW_GROUP_ROWS_MAX = 1L << 20;
  private static final int ROWS_PER_STEP = 8_192;

  private final List<ParquetNode> fields = new ArrayList<>();
  private final List<ParquetColumn> leaves = new ArrayList<>();
  private final OutputStream out;
  private long position;
  private long rowCount;
  private long groupRowCount;
  private final List<byte[]> groups = new ArrayList<>();

  ParquetWriter(Path file, StructType schema, boolean gzip) throws IOException {
    ParquetNode.Place root = new ParquetNode.Place(List.of(), 0, 0, gzip);
    for (StructField field : schema.fields()) {
      ParquetNode node = ParquetNode.of(field, root);
      fields.add(node);
      node.collect(leaves);
    }
    out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    emit(MAGIC, MAGIC.length);
  }

  @Override
  public void write(RecordBatch batch, int @Nullable [] rows, int count) throws IOException {
    for (int start = 0; start < count; start += ROWS_PER_STEP) {
      int end = Math.min(count, start + ROWS_PER_STEP);
      for (int i = 0; i < fields.size(); i++) {
        write(fields.get(i), batch.column(i), rows, start, end);
      }
      ParquetNode.endRows(leaves);
      rowCount += end - start;
      groupRowCount += end - start;
      if (groupRowCount >= ROW_GROUP_ROWS_MAX
          || leaves.stream().mapToLong(ParquetColumn::bufferedBytes).sum() >= ROW_GROUP_BYTES) {
        endRowGroup();
      }
    }
  }

  private static void write(
      ParquetNode field, FieldVector vector, int @Nullable [] rows, int start, int end) {
    if (field instanceof ParquetNode.Leaf leaf) {
      leaf.writeAll(vector, rows, start, end);
      return;
    }
    for (int i = start; i < end; i++) {
      field.write(vector, rows == null ? i : rows[i], 0, 0);
    }
  }

  private void endRowGroup() throws IOException {
    if (groupRowCount == 0) {
      return;
    }
    long before = position;
    List<Long> offsets = new ArrayList<>();
    for (ParquetColumn leaf : leaves) {
      offsets.add(position);
      GrowingBytes chunk = leaf.finish();
      emit(chunk.array(), chunk.size());
    }
    groups.add(describeRowGroup(offsets, position - before));
    leaves.forEach(ParquetColumn::reset);
    groupRowCount = 0;
  }

  /** What the footer will say of the row group. */
  private byte[] describeRowGroup(List<Long> offsets, long bytes) {
    ThriftCompactWriter group = new ThriftCompactWriter();
    group.list(1, ThriftCompactWriter.STRUCT, leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      leaves.get(i).describe(group, offsets.get(i));
    }
    return group.i64(2, bytes).i64(3, groupRowCount).end().bytes();
  }

  @Override
  public void finish() throws IOException {
    endRowGroup();
    ThriftCompactWriter footer = new ThriftCompactWriter();
    footer.i32(1, 1);
    footer.list(
        2,
        ThriftCompactWriter.STRUCT,
        1 + fields.stream().mapToInt(ParquetNode::elementCount).sum());
    footer.beginElement().text(4, "schema").i32(5, fields.size()).end();
    fields.forEach(field -> field.describe(footer));
    footer.i64(3, rowCount);
    footer.list(4, ThriftCompactWriter.STRUCT, groups.size());
    groups.forEach(footer::raw);
    footer.text(6, "arrowmill");
    byte[] bytes = footer.end().bytes();
    emit(bytes, bytes.length);
    GrowingBytes tail = new GrowingBytes(8);
    tail.putInt(bytes.length);
    tail.put(MAGIC, 0, MAGIC.length);
    emit(tail.array(), tail.size());
    out.flush();
  }

  private void emit(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    position += length;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
