package io.arrowmill.examples;

import io.arrowmill.ArrowmillException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the examples. */
@Command(
    name = "examples/run",
    description = "Runs one of Arrowmill's examples.",
    mixinStandardHelpOptions = true,
    subcommands = {WordCount.class, CampaignCounts.class, Sessions.class})
final class Examples {
  private Examples() {}

  /** Runs the example that the first argument names. */
  public static void main(String[] args) {
    CommandLine commands = new CommandLine(new Examples());
    commands.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof ArrowmillException known) {
        command.getErr().println(known.getMessage());
        return 1;
      }
      throw failure;
    });
    String[] given = args.length == 0 ? new String[] {"--help"} : args;
    System.exit(commands.execute(given));
  }
}
