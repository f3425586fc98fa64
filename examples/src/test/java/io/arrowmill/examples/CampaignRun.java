package io.arrowmill.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@link CampaignCounts} in processes of its own over one checkpoint and output, to be killed.
 * Confined to one thread.
 */
final class CampaignRun {
  private static final long POLL_NANOS = 500_000;
  private static final long LIFE_SECONDS_MAX = 300;
  private static final int STARTS_MAX = 10;

  private final Path input;
  private final Path checkpoint;
  private final Path output;
  private final Path log;
  private final int filesPerBatch;

  /** A run that keeps its checkpoint, its output and its processes' log below {@code directory}. */
  CampaignRun(Path input, Path directory, int filesPerBatch) throws IOException {
    this.input = input;
    this.checkpoint = directory.resolve("checkpoint");
    this.output = directory.resolve("output");
    this.log = directory.resolve("log.txt");
    this.filesPerBatch = filesPerBatch;
    Files.createDirectories(directory);
  }

  Path checkpoint() {
    return checkpoint;
  }

  Path output() {
    return output;
  }

  /** The newest lines that the processes printed. */
  String logTail() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  /**
   * Starts processes until one was killed as {@link #startAndKill} does it. Where a process had
   * done everything before, the next one gets more input.
   */
  void kill(Random random, int filesMax, GrowingInput input)
      throws IOException, InterruptedException, SQLException {
    for (int start = 0; start < STARTS_MAX; start++) {
      if (startAndKill(random, filesMax)) {
        return;
      }
      input.grow();
    }
    throw new AssertionError("process must live long enough to be killed: log=" + logTail());
  }

  /**
   * Starts a process and kills it at a random moment, while it starts or after it took up to {@code
   * filesMax} files.
   *
   * @return whether it was killed; false if it had done everything before
   */
  boolean startAndKill(Random random, int filesMax) throws IOException, InterruptedException {
    long before = filesTaken();
    Process process = start();
    try {
      long started = System.nanoTime();
      if (random.nextInt(6) == 0) {
        awaitNanos(process, started + random.nextLong(TimeUnit.MILLISECONDS.toNanos(1_500)));
      } else {
        long target = before + 1 + random.nextInt(Math.max(1, filesMax));
        while (process.isAlive() && filesTaken() < target) {
          requireInTime(started);
          LockSupport.parkNanos(POLL_NANOS);
        }
        awaitNanos(process, System.nanoTime() + random.nextLong(40_000_000));
      }
      if (!process.isAlive()) {
        requireSuccess(process);
        return false;
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return true;
  }

  private static void awaitNanos(Process process, long deadline) {
    while (process.isAlive() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void requireInTime(long startedNanos) throws IOException {
    if (System.nanoTime() - startedNanos > TimeUnit.SECONDS.toNanos(LIFE_SECONDS_MAX)) {
      throw new AssertionError("process must go on: log=" + logTail());
    }
  }

  /** Runs a process to its end, which must be a good one. */
  void finish() throws IOException, InterruptedException {
    Process process = start();
    awaitEnd(process);
    requireSuccess(process);
  }

  /** Runs a process to its end, and gives its exit code. */
  int exitCode() throws IOException, InterruptedException {
    Process process = start();
    awaitEnd(process);
    return process.exitValue();
  }

  private void awaitEnd(Process process) throws IOException, InterruptedException {
    try {
      if (!process.waitFor(LIFE_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("process must end: log=" + logTail());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private void requireSuccess(Process process) throws IOException {
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "process must end well: exit=" + process.exitValue() + ", log=" + logTail());
    }
  }

  /** How many batches the file source has made durable, as its log says. */
  long filesTaken() throws IOException {
    Path files = checkpoint.resolve("sources/0/files.log");
    return Files.exists(files)
        ? Files.readString(files, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("{\"batch\":"))
            .count()
        : 0;
  }

  private Process start() throws IOException {
    return ExampleProcess.of(
            "CampaignCounts",
            "--input=" + input,
            "--checkpoint=" + checkpoint,
            "--output=" + output,
            "--files-per-batch=" + filesPerBatch)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
