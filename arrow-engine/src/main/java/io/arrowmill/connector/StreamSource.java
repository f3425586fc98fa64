package io.arrowmill.connector;

import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replayable, unbounded source, open for one query.
 *
 * <p>Offsets are JSON text whose meaning is the source's own. The rows between two offsets never
 * change: planning the same range twice gives the same rows. Threading: called by the query's
 * thread only; its splits by any one thread each. {@link #onArrival} signals may come from any
 * thread.
 */
public interface StreamSource extends AutoCloseable {

  /** Names and types of all columns it can give. */
  StructType schema();

  /**
   * How far the next batch may read, within the source's own rate limits. It must be durable: after
   * a crash the range up to a returned offset can still be planned.
   *
   * <p>May be asked for the batch behind one that is not committed yet.
   *
   * @param start where the last planned batch ended, or null before the first
   * @return the end of the next batch, or null (or {@code start}) if there is nothing new
   */
  @Nullable String latestOffset(@Nullable String start) throws IOException;

  /**
   * The rows after {@code start} up to {@code end}.
   *
   * @param start exclusive; null means from the beginning
   * @param columns names of the columns wanted, in the wanted order; may be empty where only row
   *     counts matter
   */
  List<InputSplit> plan(@Nullable String start, String end, List<String> columns)
      throws IOException;

  /**
   * The batch that ended at {@code end} is committed: what lies before will not be asked for again.
   */
  default void committed(String end) throws IOException {}

  /** From now on only what is available at this moment is offered, still within the rate limits. */
  default void prepareForAvailableNow() throws IOException {}

  /** From now on the rate limits are lifted: the next batch takes everything there is. */
  default void readAllAvailable() throws IOException {}

  /**
   * Registers what to run, from any thread, when new data arrives; a source may never call it and
   * be polled.
   */
  default void onArrival(Runnable signal) {}

  /** The newest offset there is, limits aside, for progress; null if it is not known. */
  default @Nullable String reportLatestOffset() throws IOException {
    return null;
  }

  /** Figures for progress, such as how far behind the source is. */
  default Map<String, String> metrics() {
    return Map.of();
  }

  /** The source in one line, such as {@code FileStreamSource[file:/data/in]}. */
  String description();

  @Override
  void close();
}
