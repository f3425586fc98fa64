package io.arrowmill.connectors.file.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.arrowmill.ArrowmillException;
import io.arrowmill.connectors.file.format.DataFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which files each batch of a stream reads, durable: an append-only text file, {@code files.log}.
 *
 * <p>Each line is the CRC-32C of its JSON as 8 hex digits, a space, and the JSON:
 *
 * <pre>{@code
 * 0a1b2c3d {"compactedTo":41,"horizon":1700000000000}      only as the first line
 * 4e5f6071 {"seen":[{"path":"/in/a","mtime":1700000000000}]}
 * 8293a4b5 {"batch":42,"files":[{"path":"/in/b","size":7,"mtime":1700000000001,"partition":{"d":"1"}}]}
 * }</pre>
 *
 * <p>A line that a crash tore is the last one, and is dropped: nobody was told of it. Every so many
 * batches the log is written anew, without the file lists of old batches. Confined to one thread.
 */
final class FileLog implements AutoCloseable {
  /** The file lists of this many batches stay. */
  static final int BATCHES_RETAINED = 100;

  private static final JsonFactory JSON = new JsonFactory();
  private static final int SEEN_PER_LINE = 500;

  private final Path directory;
  private final Path path;
  private final int compactEvery;
  private final SeenFiles seen;
  private final boolean fileNameOnly;
  private final NavigableMap<Long, List<DataFile>> batches = new TreeMap<>();
  private long latest = -1;
  private int linesSinceCompaction;
  private FileChannel channel;

  private FileLog(Path directory, SeenFiles seen, boolean fileNameOnly, int compactEvery)
      throws IOException {
    this.directory = directory;
    this.path = directory.resolve("files.log");
    this.seen = seen;
    this.fileNameOnly = fileNameOnly;
    this.compactEvery = compactEvery;
    long valid = Files.exists(path) ? load() : 0;
    channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() > valid) {
      channel.truncate(valid);
    }
    channel.position(valid);
    channel.force(true);
    Durable.syncDirectory(directory);
  }

  /** Opens the log in {@code directory}, and adds the files it names to {@code seen}. */
  static FileLog open(Path directory, SeenFiles seen, boolean fileNameOnly, int compactEvery)
      throws IOException {
    return new FileLog(directory, seen, fileNameOnly, compactEvery);
  }

  /** The newest batch, or -1. */
  long latest() {
    return latest;
  }

  /** What a file is remembered by. */
  String key(DataFile file) {
    return fileNameOnly ? file.path().getFileName().toString() : file.path().toString();
  }

  /** The files of a batch. */
  List<DataFile> files(long batch) {
    List<DataFile> files = batches.get(batch);
    if (files == null) {
      throw new ArrowmillException(
          "FILE_LOG_BATCH_MISSING",
          "the log must know the files of the batch: log="
              + path
              + ", batch="
              + batch
              + ", known="
              + (batches.isEmpty() ? "none" : batches.firstKey() + " to " + batches.lastKey())
              + "; restore the checkpoint as a whole, or start with a new one");
    }
    return files;
  }

  /** The batches whose file lists are known, up to {@code end}, oldest first. */
  NavigableMap<Long, List<DataFile>> upTo(long end) {
    return batches.headMap(end, true);
  }

  /** Makes the files of the next batch durable. */
  long append(List<DataFile> files) throws IOException {
    long batch = latest + 1;
    write(channel, json(generator -> writeBatch(generator, batch, files)));
    channel.force(false);
    latest = batch;
    remember(batch, files);
    seen.purge();
    linesSinceCompaction++;
    if (linesSinceCompaction >= compactEvery) {
      compact();
    }
    return batch;
  }

  private void remember(long batch, List<DataFile> files) {
    batches.put(batch, files);
    files.forEach(file -> seen.add(key(file), file.modifiedMillis()));
  }

  /** Forgets the file lists of batches long past. */
  private void compact() throws IOException {
    batches.headMap(latest - BATCHES_RETAINED + 1).clear();
    Path fresh = directory.resolve("files.log.new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long before = batches.isEmpty() ? latest : batches.firstKey() - 1;
      write(out, json(generator -> writeHeader(generator, before)));
      List<Map.Entry<String, Long>> entries = new ArrayList<>(seen.entries().entrySet());
      for (int i = 0; i < entries.size(); i += SEEN_PER_LINE) {
        List<Map.Entry<String, Long>> part =
            entries.subList(i, Math.min(entries.size(), i + SEEN_PER_LINE));
        write(out, json(generator -> writeSeen(generator, part)));
      }
      for (Map.Entry<Long, List<DataFile>> entry : batches.entrySet()) {
        write(out, json(generator -> writeBatch(generator, entry.getKey(), entry.getValue())));
      }
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Durable.syncDirectory(directory);
    channel.close();
    channel = FileChannel.open(path, StandardOpenOption.WRITE);
    channel.position(channel.size());
    linesSinceCompaction = 0;
  }

  // ---- lines --------------------------------------------------------------------------------

  /** Writes one JSON object. */
  @FunctionalInterface
  private interface Json {
    void write(JsonGenerator generator) throws IOException;
  }

  private static String json(Json content) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      content.write(generator);
      generator.writeEndObject();
    }
    return text.toString();
  }

  private void writeHeader(JsonGenerator out, long compactedTo) throws IOException {
    out.writeNumberField("compactedTo", compactedTo);
    out.writeNumberField("horizon", seen.horizonMillis());
  }

  private static void writeSeen(JsonGenerator out, List<Map.Entry<String, Long>> entries)
      throws IOException {
    out.writeArrayFieldStart("seen");
    for (Map.Entry<String, Long> entry : entries) {
      out.writeStartObject();
      out.writeStringField("path", entry.getKey());
      out.writeNumberField("mtime", entry.getValue());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeBatch(JsonGenerator out, long batch, List<DataFile> files)
      throws IOException {
    out.writeNumberField("batch", batch);
    out.writeArrayFieldStart("files");
    for (DataFile file : files) {
      out.writeStartObject();
      out.writeStringField("path", file.path().toString());
      out.writeNumberField("size", file.sizeBytes());
      out.writeNumberField("mtime", file.modifiedMillis());
      if (!file.partition().isEmpty()) {
        out.writeObjectFieldStart("partition");
        for (Map.Entry<String, @Nullable String> column : file.partition().entrySet()) {
          out.writeStringField(column.getKey(), column.getValue());
        }
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void write(FileChannel out, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String line = checksum(body, 0, body.length) + " " + json + "\n";
    ByteBuffer buffer = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private static String checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
  }

  /** Reads all lines; gives the length of the part that is whole. */
  private long load() throws IOException {
    byte[] all = Files.readAllBytes(path);
    int start = 0;
    while (start < all.length) {
      int end = start;
      while (end < all.length && all[end] != '\n') {
        end++;
      }
      if (end == all.length || !isWhole(all, start, end)) {
        if (end < all.length - 1) {
          throw new ArrowmillException(
              "FILE_LOG_CORRUPT",
              "every line but the last must match its checksum: log="
                  + path
                  + ", offset="
                  + start
                  + "; restore the checkpoint from a backup, or start with a new one");
        }
        return start;
      }
      parse(all, start + 9, end - start - 9);
      linesSinceCompaction++;
      start = end + 1;
    }
    return start;
  }

  private static boolean isWhole(byte[] all, int start, int end) {
    return end - start > 9
        && all[start + 8] == ' '
        && new String(all, start, 8, StandardCharsets.US_ASCII)
            .equals(checksum(all, start + 9, end - start - 9));
  }

  private void parse(byte[] bytes, int offset, int length) throws IOException {
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      parser.nextToken();
      long batch = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "compactedTo" -> latest = Math.max(latest, parser.getLongValue());
          case "horizon" -> seen.restoreHorizon(parser.getLongValue());
          case "batch" -> batch = parser.getLongValue();
          case "seen" -> {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              parser.nextToken();
              String key = parser.nextTextValue();
              parser.nextToken();
              seen.add(key, parser.nextLongValue(0));
              parser.nextToken();
            }
          }
          case "files" -> {
            List<DataFile> files = new ArrayList<>();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              files.add(parseFile(parser));
            }
            remember(batch, files);
            latest = Math.max(latest, batch);
          }
          default -> parser.skipChildren();
        }
      }
    }
    seen.purge();
  }

  private static DataFile parseFile(JsonParser parser) throws IOException {
    String path = "";
    long size = 0;
    long modified = 0;
    Map<String, @Nullable String> partition = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "path" -> path = parser.getText();
        case "size" -> size = parser.getLongValue();
        case "mtime" -> modified = parser.getLongValue();
        case "partition" -> {
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String column = parser.currentName();
            token = parser.nextToken();
            partition.put(column, token == JsonToken.VALUE_NULL ? null : parser.getText());
          }
        }
        default -> parser.skipChildren();
      }
    }
    return new DataFile(Path.of(path), size, modified, partition);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
