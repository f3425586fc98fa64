package io.arrowmill.wal;

import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A checkpoint's file whose content the operating system has, but perhaps not the disk; it has no
 * name yet. Owns a temporary file until {@link #finish} or {@link #close}. One thread at a time.
 */
public final class PendingFile implements AutoCloseable {
  private final WrittenFile written;
  private final Path temporary;
  private final Path target;
  private final FileChannel channel;
  private boolean closed;

  PendingFile(WrittenFile written, Path temporary, Path target, FileChannel channel) {
    this.written = written;
    this.temporary = temporary;
    this.target = target;
    this.channel = channel;
  }

  /** What an entry will have to say about the file. */
  public WrittenFile written() {
    return written;
  }

  /**
   * Makes the content durable and gives the file its name, which is durable only after {@link
   * CheckpointFiles#syncNames}. Called once.
   *
   * @throws LogWriteException if the operating system refuses
   */
  public WrittenFile finish() {
    try (this) {
      channel.force(true);
      channel.close();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return written;
    } catch (IOException e) {
      throw CheckpointFiles.writeFailed(target, e);
    }
  }

  /** Deletes what was not finished. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw CheckpointFiles.writeFailed(temporary, e);
    }
  }
}
