package io.arrowmill.benchmarks.growth;

import io.arrowmill.benchmarks.ChildJvm;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.kernel.KernelSettings;
import io.arrowmill.state.ArrowMemorySource;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * One JVM, in which some tables grow, one after the other; prints for each a line with {@link
 * ChildJvm#REPLY}, the keys' name, and the numbers of {@link Growth} in order.
 */
@Command(
    name = "growth-child",
    hidden = true,
    description = "Lets tables grow in a new JVM; used by growth.",
    mixinStandardHelpOptions = true)
public final class GrowthChild implements Callable<Integer> {
  /** Tables of usual keys, and of dense ones: the first meets a JVM that has compiled nothing. */
  static final int TABLES = 3;

  private static final int FLOODS = 3;

  @Parameters(index = "0", description = "usual keys of a table")
  private long keys;

  @Parameters(index = "1", description = "keys of a table of those that are alike")
  private long alike;

  @Override
  public Integer call() {
    PrintStream replies = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    KernelSettings settings = new KernelSettings(KernelMode.SIMD, ZoneOffset.UTC);
    try (BufferAllocator allocator = new RootAllocator();
        ArrowMemorySource memory = new ArrowMemorySource(allocator, "growth", "none")) {
      for (int table = 0; table < TABLES; table++) {
        reply(replies, "GROWTH", Growth.measure(Keys.USUAL, keys, settings, memory));
        reply(replies, Keys.DENSE.name(), Growth.measure(Keys.DENSE, keys, settings, memory));
      }
      for (int round = 0; round < FLOODS; round++) {
        for (Keys each : List.of(Keys.USUAL, Keys.ALIKE)) {
          reply(replies, each.name(), Growth.measure(each, alike, settings, memory));
        }
      }
    }
    return 0;
  }

  private static void reply(PrintStream replies, String name, Growth growth) {
    replies.println(
        ChildJvm.REPLY
            + String.join(
                " ",
                name,
                Long.toString(growth.keys()),
                Long.toString(growth.firstNanos()),
                Long.toString(growth.longestNanos()),
                Long.toString(growth.longestCpuNanos()),
                Long.toString(growth.cpuNanos())));
  }
}
