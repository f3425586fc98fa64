package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.ReadErrors;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory as a stream: each batch reads files that no batch before it has read, oldest first.
 *
 * <p>Offsets are {@code {"logOffset":N}}: the newest batch in the {@link FileLog}, which is durable
 * before the offset is given out, so that the same range always gives the same files. Confined to
 * one thread.
 */
public final class FileStreamSource implements StreamSource {
  private static final Pattern OFFSET =
      Pattern.compile("\\s*\\{\\s*\"logOffset\"\\s*:\\s*(-?\\d{1,18})\\s*}\\s*");
  private static final int COMPACT_EVERY = 200;

  private final FileRead read;
  private final FileListing listing;
  private final Limits limits;
  private final SourceCleaner cleaner;
  private final SeenFiles seen;
  private final FileLog log;

  /** The newest batch of earlier runs. */
  private final long earlierBatches;

  /** New files of an earlier listing that did not fit a batch. */
  private final Deque<DataFile> unread = new ArrayDeque<>();

  /** Whether {@link #unread} is all there will ever be. */
  private boolean unlimited;

  private boolean frozen;

  /** How much a batch may read. */
  private record Limits(
      @Nullable Long files,
      @Nullable Long bytes,
      boolean latestFirst,
      long cachedMax,
      double cachedMin) {
    static Limits of(SourceSpec spec) {
      Long files = FileOptions.positive(spec, "maxFilesPerTrigger");
      Long bytes = FileOptions.bytes(spec, "maxBytesPerTrigger");
      if (files != null && bytes != null) {
        throw new AnalysisException(
            "INVALID_OPTION_VALUE",
            "maxFilesPerTrigger and maxBytesPerTrigger must not both be given: maxFilesPerTrigger="
                + files
                + ", maxBytesPerTrigger="
                + bytes
                + "; leave one out");
      }
      Long cached = FileOptions.positive(spec, "maxCachedFiles");
      String ratio = spec.option("discardCachedInputRatio");
      double keep;
      try {
        keep = ratio == null ? 0.2 : Double.parseDouble(ratio);
      } catch (NumberFormatException e) {
        throw FileOptions.invalid("discardCachedInputRatio", ratio, "a number from 0 to 1");
      }
      return new Limits(
          files,
          bytes,
          FileOptions.flag(spec, "latestFirst", false),
          cached == null ? 10_000 : cached,
          keep);
    }

    boolean any() {
      return files != null || bytes != null;
    }
  }

  private FileStreamSource(FileRead read, Path metadataDirectory) throws IOException {
    SourceSpec spec = read.spec();
    this.read = read;
    this.listing = new FileListing(spec);
    this.limits = Limits.of(spec);
    this.cleaner = SourceCleaner.of(spec, listing);
    Duration age = FileOptions.duration(spec, "maxFileAge", Duration.ofDays(7));
    boolean ageless = limits.latestFirst() && limits.any();
    this.seen = new SeenFiles(ageless ? Long.MAX_VALUE : age.toMillis());
    boolean fileNameOnly = FileOptions.flag(spec, "fileNameOnly", false);
    this.log = FileLog.open(metadataDirectory, seen, fileNameOnly, COMPACT_EVERY);
    this.earlierBatches = log.latest();
  }

  /** Opens the stream whose state is in {@code metadataDirectory}. */
  public static FileStreamSource open(FileRead read, Path metadataDirectory) throws IOException {
    return new FileStreamSource(read, metadataDirectory);
  }

  /**
   * Checks the options of streams.
   *
   * @throws AnalysisException if one is wrong
   */
  public static void checkOptions(SourceSpec spec, FileListing listing) {
    Limits.of(spec);
    FileOptions.duration(spec, "maxFileAge", Duration.ofDays(7));
    FileOptions.flag(spec, "fileNameOnly", false);
    SourceCleaner.of(spec, listing);
  }

  @Override
  public StructType schema() {
    return read.schema();
  }

  @Override
  public @Nullable String latestOffset(@Nullable String start) throws IOException {
    long from = parse(start);
    if (log.latest() > from) {
      return offset(
          from + 1); // was made durable, but the query stopped before it planned the batch
    }
    if (log.latest() < from) {
      log.files(from); // says what is missing
    }
    List<DataFile> files = nextFiles();
    return files.isEmpty() ? start : offset(log.append(files));
  }

  private List<DataFile> nextFiles() throws IOException {
    if (unread.isEmpty() && !frozen) {
      unread.addAll(newFiles());
    }
    List<DataFile> taken = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    long bytes = 0;
    while (!unread.isEmpty()) {
      DataFile file = unread.getFirst();
      Long bytesMax = limits.bytes();
      Long filesMax = limits.files();
      boolean enoughFiles = !unlimited && filesMax != null && taken.size() >= filesMax;
      boolean enoughBytes =
          !unlimited && bytesMax != null && !taken.isEmpty() && bytes + file.sizeBytes() > bytesMax;
      if (enoughFiles || enoughBytes) {
        break;
      }
      unread.removeFirst();
      if (seen.isNew(log.key(file), file.modifiedMillis()) && keys.add(log.key(file))) {
        taken.add(file);
        bytes += file.sizeBytes();
      }
    }
    if (!frozen) {
      trimCache(taken.size());
    }
    return taken;
  }

  private void trimCache(int taken) {
    boolean worthKeeping =
        !limits.latestFirst() && unread.size() >= Math.max(1, taken * limits.cachedMin());
    if (!worthKeeping) {
      unread.clear();
    }
    while (unread.size() > limits.cachedMax()) {
      unread.removeLast();
    }
  }

  private List<DataFile> newFiles() throws IOException {
    List<DataFile> files = listing.list();
    files.removeIf(file -> !seen.isNew(log.key(file), file.modifiedMillis()));
    if (limits.latestFirst()) {
      Collections.reverse(files);
    }
    return files;
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns)
      throws IOException {
    List<DataFile> files = new ArrayList<>();
    for (long batch = parse(start) + 1; batch <= parse(end); batch++) {
      for (DataFile file : log.files(batch)) {
        if (!Files.exists(file.path())) {
          throw ReadErrors.missing(file.path());
        }
        files.add(batch <= earlierBatches ? asItIsNow(file) : file);
      }
    }
    for (DataFile file : files) {
      long size = Files.size(file.path());
      if (size < file.sizeBytes()) {
        throw ReadErrors.changed(file.path(), file.sizeBytes(), size);
      }
    }
    return read.splits(files, columns);
  }

  /**
   * A file of a batch that an earlier run took and did not commit: it may have been repaired since.
   */
  private static DataFile asItIsNow(DataFile file) throws IOException {
    return new DataFile(
        file.path(),
        Files.size(file.path()),
        Files.getLastModifiedTime(file.path()).toMillis(),
        file.partition());
  }

  @Override
  public void committed(String end) throws IOException {
    for (Map.Entry<Long, List<DataFile>> batch : log.upTo(parse(end)).entrySet()) {
      cleaner.clean(batch.getKey(), batch.getValue());
    }
  }

  @Override
  public void readAllAvailable() {
    unlimited = true;
  }

  @Override
  public void prepareForAvailableNow() throws IOException {
    unread.clear();
    unread.addAll(newFiles());
    frozen = true;
  }

  @Override
  public @Nullable String reportLatestOffset() {
    return log.latest() < 0 ? null : offset(log.latest());
  }

  @Override
  public Map<String, String> metrics() {
    return unread.isEmpty() ? Map.of() : Map.of("filesWaiting", Integer.toString(unread.size()));
  }

  @Override
  public String description() {
    return "FileStreamSource[" + listing.root().toUri() + "]";
  }

  private static String offset(long batch) {
    return "{\"logOffset\":" + batch + "}";
  }

  private static long parse(@Nullable String offset) {
    if (offset == null) {
      return -1;
    }
    Matcher matcher = OFFSET.matcher(offset);
    if (!matcher.matches()) {
      throw new ArrowmillException(
          "INVALID_SOURCE_OFFSET",
          "offset of a file source must look like {\"logOffset\":3}: offset=" + offset);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public void close() {
    log.close();
  }
}
