package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The source {@code rate}: counts up, so many rows a second. An offset is the number of whole
 * seconds since the query's first start, a JSON number; that start is kept in the checkpoint, so
 * that a range gives the same rows again after a restart.
 */
final class RateSource implements StreamSource {
  private static final String START_FILE = "start-time";
  private static final String START_VERSION = "v1";

  private final RateRamp ramp;
  private final int splitCount;
  private final InstantSource clock;
  private final long startMillis;
  private long availableNowSeconds = Long.MAX_VALUE;

  RateSource(RateRamp ramp, int splitCount, SourceContext context, InstantSource clock)
      throws IOException {
    this.ramp = ramp;
    this.splitCount = splitCount;
    this.clock = clock;
    this.startMillis = loadOrStoreStart(context.metadataDirectory(), clock.millis());
  }

  @Override
  public StructType schema() {
    return CountingSplit.SCHEMA;
  }

  @Override
  public @Nullable String latestOffset(@Nullable String start) {
    long from = seconds(start);
    // A clock that was set back must not take back what was offered.
    long now = Math.max(from, Math.min(elapsedSeconds(), availableNowSeconds));
    return now == from ? start : Long.toString(now);
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns) {
    long from = seconds(start);
    long to = seconds(end);
    long first = rows(from);
    long last = rows(to);
    double millisPerRow = last == first ? 0 : (to - from) * 1_000.0 / (last - first);
    long fromMillis = startMillis + from * 1_000;
    Projection projection = Projection.of(CountingSplit.SCHEMA, columns);
    return CountingSplit.cut(
        new CountingSplit(
            projection,
            first,
            last,
            value -> (fromMillis + Math.round((value - first) * millisPerRow)) * 1_000),
        splitCount);
  }

  @Override
  public void prepareForAvailableNow() {
    availableNowSeconds = elapsedSeconds();
  }

  @Override
  public @Nullable String reportLatestOffset() {
    return Long.toString(elapsedSeconds());
  }

  @Override
  public String description() {
    return "RateStreamV2[rowsPerSecond="
        + ramp.rowsPerSecond()
        + ", rampUpTimeSeconds="
        + ramp.rampUpSeconds()
        + ", numPartitions="
        + splitCount
        + "]";
  }

  @Override
  public void close() {}

  private long elapsedSeconds() {
    return Math.max(0, Math.floorDiv(clock.millis() - startMillis, 1_000L));
  }

  private long rows(long seconds) {
    try {
      return ramp.rows(seconds);
    } catch (ArithmeticException e) {
      throw new ArrowmillException(
          "RATE_SOURCE_OVERFLOW",
          "the rows of a rate source must be countable by a LONG: seconds="
              + seconds
              + ", rowsPerSecond="
              + ramp.rowsPerSecond()
              + "; use fewer rows a second",
          e);
    }
  }

  private static long seconds(@Nullable String offset) {
    if (offset == null) {
      return 0;
    }
    try {
      return Long.parseLong(offset.strip());
    } catch (NumberFormatException e) {
      throw new ArrowmillException(
          "INVALID_OFFSET",
          "an offset of a rate source must be a number of seconds: offset="
              + offset
              + "; was the checkpoint written by another source?",
          e);
    }
  }

  private static long loadOrStoreStart(Path directory, long nowMillis) throws IOException {
    Path file = directory.resolve(START_FILE);
    if (!Files.exists(file)) {
      store(file, START_VERSION + "\n" + nowMillis + "\n");
      return nowMillis;
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() == 2 && lines.get(0).equals(START_VERSION) && lines.get(1).matches("\\d+")) {
      return Long.parseLong(lines.get(1));
    }
    throw new ArrowmillException(
        "CHECKPOINT_FILE_DAMAGED",
        "the start time of a rate source must be two lines, a version and milliseconds: file="
            + file
            + ", lines="
            + lines
            + "; start the query with a new checkpoint");
  }

  /** Whole and durable, or not there. */
  private static void store(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(file.getParent())) {
      parent.force(true);
    }
  }
}
