package io.arrowmill.connectors.file.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Makes changes to the file system survive a crash of the machine. */
public final class Durable {
  private static final int THREADS_MAX = 8;

  private Durable() {}

  /**
   * Makes durable which names a directory holds. Does nothing where directories can't be opened.
   */
  public static void syncDirectory(Path directory) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The directory that holds {@code path}, which must have one. */
  public static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("path must have a parent: path=" + path);
    }
    return parent;
  }

  /** Makes the content of a file durable. */
  public static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Makes the content of files and the names in directories durable, several at a time: a disk
   * takes about as long for some as for one.
   */
  public static void syncAll(Collection<Path> paths) throws IOException {
    Queue<Path> left = new ConcurrentLinkedQueue<>(paths);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = Math.min(THREADS_MAX, paths.size()); i > 1; i--) {
        Thread thread = new Thread(() -> syncUntilEmpty(left, failures), "arrowmill-sync");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (OutOfMemoryError noThread) {
      // this thread does the rest
    }
    syncUntilEmpty(left, failures);
    joinAll(threads);
    switch (failures.poll()) {
      case null -> {}
      case IOException e -> throw e;
      case Throwable e -> throw new IOException("sync must not fail: error=" + e, e);
    }
  }

  private static void syncUntilEmpty(Queue<Path> left, Queue<Throwable> failures) {
    for (Path path = left.poll(); path != null && failures.isEmpty(); path = left.poll()) {
      try {
        if (Files.isDirectory(path)) {
          syncDirectory(path);
        } else {
          syncFile(path);
        }
      } catch (IOException | RuntimeException | Error e) {
        failures.add(e);
      }
    }
  }

  private static void joinAll(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // a disk's sync ends
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
