package io.arrowmill.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code examples/crash-test}: whether a query loses or doubles rows when its process is killed.
 */
@Command(
    name = "examples/crash-test",
    description =
        "Kills CampaignCounts at random moments and starts it again until it is through, and"
            + " compares its output to that of an undisturbed run. Exit codes: 0 equal, 1 not.",
    mixinStandardHelpOptions = true)
final class CrashCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  /** Up to so many files are taken before a kill. */
  private static final int FILES_MAX = 12;

  @Option(names = "--kills", description = "how often to kill; default: ${DEFAULT-VALUE}")
  private int kills = 30;

  @Option(
      names = "--input",
      description = "directory of Parquet files of events; generated if it is not given")
  private @Nullable Path input;

  @Option(
      names = "--files",
      description = "files to generate, more if a process takes all; default: 8 a kill")
  private int files;

  @Option(names = "--files-per-batch", description = "input files a batch; default: 1")
  private int filesPerBatch = 1;

  @Option(
      names = "--power-loss",
      description = "also take away what the log had not synced when the process died")
  private boolean powerLoss;

  @Option(names = "--seed", description = "of the random moments and input; default: random")
  private long seed = new Random().nextLong(1_000_000_000);

  @Option(names = "--keep", description = "do not delete the directory with all files")
  private boolean keep;

  private CrashCommand() {}

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CrashCommand()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("arrowmill-crash-test-");
    System.out.println("seed: " + seed + "\ndirectory: " + directory);
    Path given = input;
    Path events = given == null ? directory.resolve("input") : given;
    GrowingInput generated =
        given == null
            ? new GrowingInput(events, files == 0 ? 8 * kills : files, 1_000, seed)
            : null;
    CampaignRun killed = new CampaignRun(events, directory.resolve("killed"), filesPerBatch);
    Random random = new Random(seed);
    int strikes = 0;
    int done = 0;
    while (done < kills && kill(killed, random, generated)) {
      done++;
      boolean struck = powerLoss && PowerLoss.strike(killed.checkpoint(), killed.output(), random);
      strikes += struck ? 1 : 0;
      System.out.println(
          "kill "
              + done
              + ": batches begun: "
              + killed.filesTaken()
              + (struck ? ", log torn" : ""));
    }
    killed.finish();
    CampaignRun calm = new CampaignRun(events, directory.resolve("calm"), filesPerBatch);
    calm.finish();
    System.out.println("undisturbed run: done");
    List<String> wanted = AdEvents.output(calm.output());
    List<String> found = AdEvents.output(killed.output());
    boolean equal = wanted.equals(found);
    if (generated != null) {
      equal &= wanted.equals(AdEvents.expected(events));
    }
    System.out.println(
        "rows: undisturbed="
            + wanted.size()
            + ", killed="
            + found.size()
            + ", kills="
            + done
            + (powerLoss ? ", logsTorn=" + strikes : ""));
    print("missing", wanted, found);
    print("not wanted", found, wanted);
    System.out.println(equal ? "EQUAL" : "NOT EQUAL");
    if (!keep && equal) {
      delete(directory);
    }
    return equal ? 0 : 1;
  }

  /** Kills a process; false if it had taken all input before, and there is no more to be had. */
  private static boolean kill(CampaignRun run, Random random, @Nullable GrowingInput input)
      throws Exception {
    if (input == null) {
      return run.startAndKill(random, FILES_MAX);
    }
    run.kill(random, FILES_MAX, input);
    return true;
  }

  private static void print(String what, List<String> all, List<String> without) {
    List<String> left = new ArrayList<>(all);
    without.forEach(left::remove);
    left.stream().limit(SHOWN).forEach(row -> System.out.println(what + ": " + row));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
