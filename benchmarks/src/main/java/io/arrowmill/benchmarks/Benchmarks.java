package io.arrowmill.benchmarks;

import io.arrowmill.benchmarks.coldstart.ColdStartChild;
import io.arrowmill.benchmarks.coldstart.ColdStartCommand;
import io.arrowmill.benchmarks.growth.GrowthChild;
import io.arrowmill.benchmarks.growth.GrowthCommand;
import io.arrowmill.benchmarks.kernels.KernelsCommand;
import io.arrowmill.benchmarks.state.StateCommand;
import io.arrowmill.benchmarks.streaming.EngineCommand;
import io.arrowmill.benchmarks.streaming.StatefulCommand;
import io.arrowmill.benchmarks.streaming.StreamingCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
    name = "benchmarks/run",
    description = "Measures Arrowmill beside its peers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KernelsCommand.class,
      StreamingCommand.class,
      StatefulCommand.class,
      StateCommand.class,
      ColdStartCommand.class,
      GrowthCommand.class,
      EngineCommand.class,
      ColdStartChild.class,
      GrowthChild.class
    })
public final class Benchmarks {
  private Benchmarks() {}

  /** The commands, with errors printed as one line. */
  public static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Benchmarks());
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof BenchmarkException known) {
        command.getErr().println(known.getMessage());
        command.getErr().flush();
        return 1;
      }
      throw failure;
    });
    return commands;
  }

  /** Runs the benchmark that the first argument names. */
  public static void main(String[] args) {
    String[] given = args.length == 0 ? new String[] {"--help"} : args;
    System.exit(commandLine().execute(given));
  }
}
