package io.arrowmill.connectors.file.parquet;

import io.arrowmill.ArrowmillException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connectors.file.format.ArrowColumns;
import io.arrowmill.connectors.file.format.ColumnConversion;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.ReadErrors;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one file is read: decided once from its footer, used by all of its splits. Immutable.
 *
 * @param key what tells the file from another one under the same name, where the system knows it
 * @param columns one for each wanted column; null where the file has none
 */
record FilePlan(
    DataFile file,
    @Nullable Object key,
    ParquetFooter footer,
    StructType wanted,
    List<@Nullable PlannedColumn> columns) {
  /** A split has at least so many rows, if the file has them. */
  private static final long SPLIT_ROWS_MIN = 200_000;

  /** Encodings of the format that this package reads, as bits. */
  private static final int ENCODINGS =
      (1 << ChunkMeta.PLAIN)
          | (1 << ChunkMeta.PLAIN_DICTIONARY)
          | (1 << ChunkMeta.RLE)
          | (1 << ChunkMeta.BIT_PACKED) // of levels; listed also where there are none
          | (1 << ChunkMeta.DELTA_BINARY_PACKED)
          | (1 << ChunkMeta.DELTA_LENGTH_BYTE_ARRAY)
          | (1 << ChunkMeta.DELTA_BYTE_ARRAY)
          | (1 << ChunkMeta.RLE_DICTIONARY)
          | (1 << ChunkMeta.BYTE_STREAM_SPLIT);

  /** A wanted column that the file has. */
  record PlannedColumn(LeafColumn leaf, ColumnConversion conversion) {}

  /**
   * Plans to read {@code wanted} from a file.
   *
   * @return null if the native reader is needed
   */
  static @Nullable FilePlan of(DataFile file, StructType wanted) throws IOException {
    ParquetFooter footer;
    ParquetSchema schema;
    Object key;
    try (FileChannel channel = open(file)) {
      key = checkUnchanged(file);
      footer = ParquetFooter.read(channel, file.sizeBytes());
      schema = ParquetSchema.of(footer);
    } catch (DamagedParquetException e) {
      throw unreadable(file, messageOf(e), e);
    }
    List<@Nullable PlannedColumn> columns = new ArrayList<>();
    List<String> names = schema.fields().stream().map(ParquetSchema.TopField::name).toList();
    for (StructField target : wanted.fields()) {
      int position = ColumnConversion.position(names, target.name());
      if (position < 0) {
        columns.add(null);
        continue;
      }
      LeafColumn leaf = schema.fields().get(position).leaf();
      if (leaf == null || !isReadable(footer, leaf, schema.leafCount())) {
        return null;
      }
      columns.add(new PlannedColumn(leaf, conversion(file, leaf, target)));
    }
    return new FilePlan(file, key, footer, wanted, columns);
  }

  private static ColumnConversion conversion(DataFile file, LeafColumn leaf, StructField target) {
    ColumnConversion conversion = ColumnConversion.of(leaf.field(), target);
    if (conversion == null) {
      throw ReadErrors.columnType(
          file.path(),
          "parquet",
          target.name(),
          Objects.requireNonNull(ArrowColumns.dataType(leaf.field())).sql(),
          target.type());
    }
    return conversion;
  }

  private static boolean isReadable(ParquetFooter footer, LeafColumn leaf, int leafCount) {
    for (ParquetFooter.RowGroup group : footer.rowGroups()) {
      if (group.chunks().size() != leafCount) {
        return false;
      }
      ChunkMeta chunk = group.chunks().get(leaf.index());
      if (!chunk.plain()
          || (chunk.encodings() & ~ENCODINGS) != 0
          || Codec.of(chunk.codec()) == null
          || chunk.values() != group.rows()) {
        return false;
      }
    }
    return true;
  }

  /** The file, opened. */
  FileChannel open() throws IOException {
    FileChannel channel = open(file);
    try {
      if (!Objects.equals(key, checkUnchanged(file))) {
        throw ReadErrors.changed(file.path(), file.sizeBytes(), channel.size());
      }
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel open(DataFile file) throws IOException {
    try {
      return FileChannel.open(file.path(), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw ReadErrors.missing(file.path());
    } catch (IOException e) {
      throw ReadErrors.unreadable(file.path(), "PARQUET", String.valueOf(e), e);
    }
  }

  /** Checks that the file is as long as it was listed, and returns what tells it from others. */
  private static Object checkUnchanged(DataFile file) throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file.path(), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw ReadErrors.missing(file.path());
    }
    if (now.size() != file.sizeBytes()) {
      throw ReadErrors.changed(file.path(), file.sizeBytes(), now.size());
    }
    List<@Nullable Object> key = new ArrayList<>();
    key.add(now.lastModifiedTime());
    key.add(now.fileKey());
    return key;
  }

  /** What to throw when reading failed with {@code e}: it names the file, if that is damaged. */
  RuntimeException failure(RuntimeException e) {
    return switch (e) {
      case DamagedParquetException damaged -> unreadable(file, messageOf(damaged), damaged);
      case ThriftCompactReader.EndOfBytes end -> unreadable(file, messageOf(end), end);
      case IndexOutOfBoundsException outside -> unreadable(file, "a page is damaged", outside);
      default -> e;
    };
  }

  private static String messageOf(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  private static ArrowmillException unreadable(DataFile file, String why, RuntimeException e) {
    return ReadErrors.unreadable(file.path(), "PARQUET", why, e);
  }

  /** Runs of row groups: several splits, so that tasks share the work, but not tiny ones. */
  List<InputSplit> splits() {
    List<InputSplit> splits = new ArrayList<>();
    List<ParquetFooter.RowGroup> groups = footer.rowGroups();
    int from = 0;
    long rows = 0;
    for (int i = 0; i < groups.size(); i++) {
      rows += groups.get(i).rows();
      if (rows >= SPLIT_ROWS_MIN || i == groups.size() - 1) {
        splits.add(new RowGroupSplit(this, from, i + 1));
        from = i + 1;
        rows = 0;
      }
    }
    return splits;
  }
}
