package io.arrowmill.benchmarks.streaming;

import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.ChildJvm;
import io.arrowmill.benchmarks.streaming.BenchmarkEngine.Input;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link EngineCommand} that runs; closing it ends the process. Confined to one thread. */
final class EngineProcess implements AutoCloseable {
  private final EngineKind engine;
  private final Process process;
  private final Writer requests;
  private final BufferedReader replies;

  EngineProcess(EngineKind engine, Input input, Path scratch) throws IOException {
    this.engine = engine;
    List<String> command = new ArrayList<>();
    command.addAll(List.of("streaming-engine", engine.label()));
    command.addAll(List.of("--input", input.directory().toString()));
    command.addAll(List.of("--other", input.other().toString()));
    command.addAll(List.of("--scratch", scratch.toString()));
    command.addAll(List.of("--files-per-batch", Integer.toString(input.filesPerBatch())));
    this.process = ChildJvm.running(command).start();
    this.requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.replies =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The text of the answer. */
  String answer(Workload workload) throws IOException {
    return ask("answer", workload);
  }

  /** Nanoseconds of one run. */
  long nanos(Workload workload) throws IOException {
    return Long.parseLong(ask("time", workload));
  }

  private String ask(String what, Workload workload) throws IOException {
    try {
      requests.write(what + " " + workload.name() + "\n");
      requests.flush();
      for (String line = replies.readLine(); line != null; line = replies.readLine()) {
        if (line.startsWith(EngineCommand.REPLY)) {
          return line.substring(EngineCommand.REPLY.length());
        }
      }
    } catch (IOException e) {
      throw failed(what, workload);
    }
    throw failed(what, workload);
  }

  private BenchmarkException failed(String what, Workload workload) {
    return new BenchmarkException(
        "engine must run the workload: engine="
            + engine.label()
            + ", workload="
            + workload.label()
            + ", request="
            + what
            + "; its error is printed above");
  }

  @Override
  public void close() throws IOException {
    try {
      requests.close();
    } catch (IOException e) {
      // The process has gone already; there is nobody to read the rest.
    }
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
