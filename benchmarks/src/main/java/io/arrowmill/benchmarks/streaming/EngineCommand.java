package io.arrowmill.benchmarks.streaming;

import io.arrowmill.benchmarks.streaming.BenchmarkEngine.Input;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * One engine in a process of its own, so that no other one has warmed or filled its JVM.
 *
 * <p>Takes lines {@code answer WORKLOAD} and {@code time WORKLOAD} and replies to each with one
 * line that starts with {@link #REPLY}: the answer, or the nanoseconds.
 */
@Command(
    name = "streaming-engine",
    hidden = true,
    description =
        "Runs workloads that are named on the standard input; used by streaming and stateful.",
    mixinStandardHelpOptions = true)
public final class EngineCommand implements Callable<Integer> {
  /** Sets replies apart from anything else that a library may print. */
  static final String REPLY = "=> ";

  @Parameters(index = "0", description = "the engine")
  private EngineKind engine = EngineKind.ARROWMILL;

  @Option(names = "--input", required = true, description = "directory of Parquet files")
  private Path input = Path.of(".");

  @Option(names = "--other", required = true, description = "directory of a second stream's files")
  private Path other = Path.of(".");

  @Option(names = "--scratch", required = true, description = "directory for checkpoints")
  private Path scratch = Path.of(".");

  @Option(names = "--files-per-batch", required = true, description = "files a micro-batch")
  private int filesPerBatch;

  @Override
  public Integer call() throws Exception {
    PrintStream replies = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Input files = new Input(input, other, filesPerBatch);
    try (BenchmarkEngine open = engine.open()) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] words = line.split(" ", -1);
        Workload workload = Workload.valueOf(words[1]);
        Path checkpoint = Files.createTempDirectory(scratch, "checkpoint-");
        try {
          String reply =
              words[0].equals("answer")
                  ? open.answer(workload, files, checkpoint).text()
                  : Long.toString(open.nanos(workload, files, checkpoint));
          replies.println(REPLY + reply);
        } finally {
          EventFiles.delete(checkpoint);
        }
      }
    }
    return 0;
  }
}
