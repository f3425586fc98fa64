package io.arrowmill.state;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a stateful operator keeps from batch to batch, and how it gets to a checkpoint and back.
 *
 * <p>Called by the query's thread while no task runs. Owns its memory until {@link #close}.
 */
public interface StateStore extends AutoCloseable {
  /** Number of rows kept. */
  long size();

  /** Off-heap bytes held. */
  long memoryBytes();

  /** Number of partitions. */
  int partitionCount();

  /** Forgets the changes so far and lists those that follow. */
  void beginEpoch();

  /** Whether anything has changed in this epoch. */
  boolean hasChanges();

  /** Number of rows changed in this epoch and still there. */
  long changedRows();

  /** At most how many bytes {@link #writeChanges} would write; may cost a look at each change. */
  long changesBytesMax();

  /** Writes this epoch's changes as an Arrow IPC stream; returns its bytes. */
  long writeChanges(WritableByteChannel out) throws IOException;

  /** Writes everything, for {@link #apply} on an empty store; returns the bytes. */
  long writeSnapshot(WritableByteChannel out) throws IOException;

  /**
   * Whether several tasks can write at once, each partition by one of them; else the two methods
   * below are called by one task.
   */
  default boolean isWrittenByPartition() {
    return false;
  }

  /**
   * Writes this epoch's changes of some partitions; returns the bytes.
   *
   * @param next the next partition to write; tasks that share it write each partition once, each
   *     task to a stream of its own
   */
  default long writeChanges(AtomicInteger next, WritableByteChannel out) throws IOException {
    return writeChanges(out);
  }

  /** Writes some partitions, as {@link #writeChanges(AtomicInteger, WritableByteChannel)}. */
  default long writeSnapshot(AtomicInteger next, WritableByteChannel out) throws IOException {
    return writeSnapshot(out);
  }

  /** Takes in what was written, snapshot first, then changes in the order of their epochs. */
  default void apply(ReadableByteChannel in) throws IOException {
    apply(in, Share.ALL);
  }

  /**
   * As {@link #apply(ReadableByteChannel)}, but only the rows of some partitions: tasks with
   * different shares may each read the same content at the same time.
   */
  void apply(ReadableByteChannel in, Share share) throws IOException;

  /** Whether shares of less than all partitions can be taken in. */
  default boolean isReadByShare() {
    return false;
  }

  /**
   * The partitions with numbers {@code first}, {@code first + of}, ...
   *
   * @param first below {@code of}
   */
  record Share(int first, int of) {
    /** Every partition. */
    public static final Share ALL = new Share(0, 1);

    /** Whether a partition is one of them. */
    public boolean has(int partition) {
      return partition % of == first;
    }
  }

  @Override
  void close();
}
