package io.arrowmill.benchmarks.state;

import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.TextTable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a deduplication that holds many keys. */
@Command(
    name = "state",
    description = {
      "Fills a deduplication with distinct keys of 16 bytes, checkpointed, and prints what a key"
          + " takes, what a batch of few new keys costs, and how long a restart takes.",
      "Off-heap memory is bounded by the heap's limit: give ARROWMILL_JAVA_OPTS=-Xmx8g for 50 M"
          + " keys."
    },
    mixinStandardHelpOptions = true)
public final class StateCommand implements Callable<Integer> {
  @Option(
      names = "--keys",
      split = ",",
      description = "keys held, one run each; default: ${DEFAULT-VALUE}")
  private List<Long> keys = List.of(1_000_000L, 10_000_000L);

  @Option(
      names = "--changes",
      description = "new keys of the batches whose cost is shown; default: ${DEFAULT-VALUE}")
  private int changes = 100_000;

  @Option(names = "--target", description = "directory of checkpoints")
  private Path target = Path.of(System.getProperty("arrowmill.benchmarks.target", "target"));

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (changes < 1 || keys.stream().anyMatch(count -> count < 1)) {
      throw new BenchmarkException(
          "keys and changes must be 1 or more: keys=" + keys + ", changes=" + changes);
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    TextTable table =
        new TextTable(
            0,
            "keys",
            "bytes a key",
            "MB held",
            "M keys/s",
            "changes written, KB",
            "commit, ms",
            "restart, s");
    Files.createDirectories(target);
    for (long count : keys) {
      out.println("holding " + count + " keys...");
      out.flush();
      StateCost cost = KeysHeld.measure(target, count, changes);
      table.add(
          Long.toString(count),
          decimal(1, (double) cost.bytesHeld() / count),
          decimal(0, cost.bytesHeld() / 1e6),
          decimal(2, count * 1e3 / cost.fillNanos()),
          decimal(0, cost.changesBytes() / 1e3),
          decimal(1, cost.commitNanos() / 1e6),
          decimal(2, cost.restartNanos() / 1e9));
    }
    out.print(table);
    out.flush();
    return 0;
  }

  private static String decimal(int places, double value) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
