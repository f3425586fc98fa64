package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process writes the log, and is killed in the middle of it. */
@Timeout(120)
class KilledProcessTest {

  private static final int KILLS = 20;

  @TempDir Path checkpoint;

  @Test
  void everythingThatWasSyncedSurvivesKills() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    long next = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long lastSynced = writeAndKill(next, random);

      long started = System.nanoTime();
      try (WriteAheadLog log = WriteAheadLog.open(checkpoint, Entries.IDENTITY)) {
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started))
            .as("seconds to reopen, seed %d", seed)
            .isLessThan(5);
        next = assertRecovered(log.recovered(), lastSynced, seed);
      }
    }
  }

  /** Returns the last batch that the process said to have synced. */
  private long writeAndKill(long firstBatch, Random random) throws Exception {
    Process process = start(firstBatch, random.nextLong());
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).isEqualTo("opened");
      String last = "synced " + (firstBatch - 1);
      for (int lines = 1 + random.nextInt(30); lines > 0; lines--) {
        last = String.valueOf(output.readLine());
      }
      process.toHandle().destroyForcibly(); // unlike the process's own, leaves its output readable
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last = line.matches("synced \\d+") ? line : last;
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return Long.parseLong(last.substring("synced ".length()));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the batch that follows the last committed. */
  private static long assertRecovered(RecoveredLog recovered, long lastSynced, long seed) {
    List<BatchCommitted> commits = recovered.committedAfterSnapshot();
    BatchCommitted lastCommit = commits.getLast();
    long last = lastCommit.batchId();
    assertThat(last).as("seed %d", seed).isBetween(lastSynced, lastSynced + 2);
    assertThat(commits.stream().map(LogEntry::batchId))
        .as("seed %d", seed)
        .containsExactlyElementsOf(LongStream.rangeClosed(0, last).boxed().toList());
    for (BatchCommitted commit : commits) {
      StatePayload payload = commit.changes().getFirst().payload();
      int byteCount = ((StatePayload.Inline) payload).bytes().length;
      assertThat(commit).as("seed %d", seed).isEqualTo(Entries.commit(commit.batchId(), byteCount));
    }
    List<BatchPlanned> plans = recovered.planned();
    assertThat(plans.getLast().batchId()).as("seed %d", seed).isBetween(last, last + 1);
    return last + 1;
  }

  @Test
  void checkpointOfAnotherProcessIsRefusedUntilThatDies() throws Exception {
    Process process = start(0, 1);
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).isEqualTo("opened");
      assertThatThrownBy(() -> WriteAheadLog.open(checkpoint, Entries.IDENTITY))
          .isInstanceOf(CheckpointInUseException.class)
          .hasMessageContaining("holder: pid=" + process.pid())
          .hasMessageContaining("stop that query, or give this one a checkpoint of its own");
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    WriteAheadLog.open(checkpoint, Entries.IDENTITY).close();
  }

  @Test
  void processWithoutTheFlagsIsToldWhichToAdd() throws Exception {
    Process process = builder(List.of(), 0, 1).redirectErrorStream(true).start();
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine())
          .endsWith(
              "[JVM_FLAGS_MISSING] JVM must let the log map files into memory; start it with"
                  + " these flags too: --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                  + " --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
                  + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(long firstBatch, long seed) throws IOException {
    List<String> flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.matches("--(add|enable|sun).*"))
            .toList();
    return builder(flags, firstBatch, seed).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private ProcessBuilder builder(List<String> flags, long firstBatch, long seed) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(KilledWriter.class.getName());
    command.addAll(List.of(checkpoint.toString(), "" + firstBatch, "" + seed));
    return new ProcessBuilder(command);
  }
}
