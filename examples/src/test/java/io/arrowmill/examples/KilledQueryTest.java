package io.arrowmill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.wal.CheckpointIdentity;
import io.arrowmill.wal.WriteAheadLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A query whose process dies again and again writes what it would have written undisturbed. */
@Timeout(300)
class KilledQueryTest {
  private final long seed = new Random().nextLong(1_000_000_000);
  private final Random random = new Random(seed);

  @TempDir Path directory;

  @Test
  void killsLoseNothingAndDoubleNothing() throws Exception {
    assertEqualOutput(8, false);
  }

  @Test
  void powerLossesLoseNothingAndDoubleNothing() throws Exception {
    assertEqualOutput(4, true);
  }

  @Test
  void checkpointOfAnotherProcessIsRefused() throws Exception {
    Path input = directory.resolve("input");
    AdEvents.write(input, 0, 3, 65, seed);
    CampaignRun run = new CampaignRun(input, directory.resolve("run"), 1);
    CheckpointIdentity identity = new CheckpointIdentity(UUID.randomUUID(), "held", Map.of(), 1);
    try (WriteAheadLog held = WriteAheadLog.open(run.checkpoint(), identity)) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.logTail())
          .contains("[CHECKPOINT_IN_USE] ")
          .contains(run.checkpoint().toString())
          .contains("pid=" + ProcessHandle.current().pid());
      assertThat(held.recovered().planned()).isEmpty();
    }
  }

  private void assertEqualOutput(int kills, boolean powerLoss) throws Exception {
    System.out.println("seed: " + seed);
    Path input = directory.resolve("input");
    GrowingInput events = new GrowingInput(input, 12 * kills, 300, seed);
    CampaignRun run = new CampaignRun(input, directory.resolve("run"), 1);
    int strikes = 0;
    for (int kill = 0; kill < kills; kill++) {
      run.kill(random, 10, events);
      if (powerLoss && PowerLoss.strike(run.checkpoint(), run.output(), random)) {
        strikes++;
      }
    }
    run.finish();

    assertThat(AdEvents.output(run.output()))
        .as("seed %d, strikes %d, log:%n%s", seed, strikes, run.logTail())
        .isEqualTo(AdEvents.expected(input));
    assertThat(leftovers(run)).as("seed %d", seed).isEmpty();
  }

  /** Files that only an unfinished write needs. */
  private static List<Path> leftovers(CampaignRun run) throws Exception {
    try (Stream<Path> output = Files.walk(run.output());
        Stream<Path> checkpoint = Files.walk(run.checkpoint())) {
      return Stream.concat(output, checkpoint)
          .filter(path -> path.toString().matches(".*(_staging-[^/]*|-tmp|\\.new|\\.deleted)"))
          .toList();
    }
  }
}
