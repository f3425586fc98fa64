package io.arrowmill.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Another JVM with this one's flags and class path, for what has to start cold or stand alone. */
public final class ChildJvm {
  /** Begins a line that a command prints for who started its JVM, apart from all else it prints. */
  public static final String REPLY = "=> ";

  private ChildJvm() {}

  /**
   * Runs a command of {@link Benchmarks} to its end.
   *
   * @param replies takes the words of each line that begins with {@link #REPLY}, that one first
   * @return the exit code
   */
  public static int run(List<String> arguments, Consumer<String[]> replies)
      throws IOException, InterruptedException {
    Process child = running(arguments).start();
    child.getOutputStream().close();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(REPLY)) {
          replies.accept(line.split(" ", -1));
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      child.destroy();
      throw e;
    }
    return child.waitFor();
  }

  /** The process, not yet started, that runs a command of {@link Benchmarks}. */
  public static ProcessBuilder running(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The flags of this JVM, which the run script or the build gave it.
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Benchmarks.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
