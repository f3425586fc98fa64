package io.arrowmill.benchmarks.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;

/** How near a query comes to what the hardware allows, as text. */
final class KernelExplanation {
  private static final int WARMUPS = 6;

  private KernelExplanation() {}

  /** Measures {@code repeat} runs, and explains them. */
  static String of(KernelQuery query, long rows, int repeat) {
    List<JmhIteration> runs = new ArrayList<>();
    new JmhFork("explained", query, rows, WARMUPS, repeat)
        .run(
            List.of(GCProfiler.class),
            run -> {
              if (!run.warmup()) {
                runs.add(run);
              }
            });
    return text(query, rows, runs) + "\n" + plan(query);
  }

  /** Each figure is the best of all runs: what else the machine did cost every one something. */
  private static String text(KernelQuery query, long rows, List<JmhIteration> runs) {
    double nanos = least(runs, "arrowmillNanos") / rows;
    double byteNanos = least(runs, "readNanosPerByte");
    double missNanos = least(runs, "missNanos");
    double allocated = least(runs, "gc.alloc.rate.norm");
    JmhIteration run = runs.getFirst();
    double read = run.value("bytesRead") / rows;
    double written = run.value("bytesWritten") / rows;
    double lookups = query.work().lookupsPerRow();
    double moving = (read + written) * byteNanos;
    double finding = lookups * missNanos;
    double floor = moving + finding;
    return String.format(
        Locale.ROOT,
        """
        %s, %,d rows, one core
          measured    %8.2f ns a row, %.1f M rows/s
          floor       %8.2f ns a row, %.1f M rows/s: %.0f %% of it reached
            bytes     %8.2f ns: %.1f read and %.1f written a row, at %.1f GB/s
            lookups   %8.2f ns: %.2f a row, in %.1f MB, %.2f ns each with others under way
          allocation  %8.3f bytes a row on the heap (%.0f KB a run)
        The rate at which memory is read and the time of a lookup were measured in turn with the runs.
        """,
        query,
        rows,
        nanos,
        1e3 / nanos,
        floor,
        1e3 / floor,
        100 * floor / nanos,
        moving,
        read,
        written,
        1 / byteNanos,
        finding,
        lookups,
        run.value("tableBytes") / 1e6,
        missNanos,
        allocated / rows,
        allocated / 1e3);
  }

  private static double least(List<JmhIteration> runs, String counter) {
    return runs.stream().mapToDouble(run -> run.value(counter)).min().orElseThrow();
  }

  private static String plan(KernelQuery query) {
    // The plan does not depend on the rows.
    try (ArrowmillTables tables = ArrowmillTables.open(query.tables(), 1)) {
      return tables.explain(query.frame().apply(tables));
    }
  }
}
