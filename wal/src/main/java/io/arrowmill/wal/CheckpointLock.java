package io.arrowmill.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive hold on a checkpoint directory, among processes by a file lock on {@code LOCK} and
 * within this JVM by a registry. The operating system frees the lock when the process dies, however
 * it dies.
 *
 * <p>On POSIX, closing any channel of a file frees the process's locks on it: so the registry is
 * asked first, and {@code LOCK} is not even opened when this JVM has it.
 */
final class CheckpointLock implements AutoCloseable {

  private static final String FILE_NAME = "LOCK";
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;
  private boolean closed;

  private CheckpointLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** The directory must exist. */
  static CheckpointLock acquire(Path checkpoint) throws IOException {
    Path key = checkpoint.toRealPath();
    if (!HELD.add(key)) {
      throw inUse(checkpoint, "pid=" + ProcessHandle.current().pid() + " (this process)");
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              key.resolve(FILE_NAME),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        throw inUse(checkpoint, readHolder(channel));
      }
      channel.truncate(0);
      String holder = "pid=" + ProcessHandle.current().pid();
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
      return new CheckpointLock(key, channel);
    } catch (OverlappingFileLockException _) {
      // Another class loader's copy of this class has it; closing the channel would free its lock.
      HELD.remove(key);
      throw inUse(checkpoint, "pid=" + ProcessHandle.current().pid() + " (this process)");
    } catch (IOException | RuntimeException | Error e) {
      closeQuietly(channel, e);
      HELD.remove(key);
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    return lock != null;
  }

  /** Idempotent. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } finally {
      HELD.remove(key);
    }
  }

  private static CheckpointInUseException inUse(Path checkpoint, String holder) {
    return new CheckpointInUseException(
        "checkpoint must be free: checkpoint="
            + checkpoint
            + ", holder: "
            + holder
            + "; stop that query, or give this one a checkpoint of its own");
  }

  private static String readHolder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    channel.read(buffer, 0);
    String holder = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    return holder.isEmpty() ? "unknown" : holder;
  }

  private static void closeQuietly(@Nullable FileChannel channel, Throwable cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
