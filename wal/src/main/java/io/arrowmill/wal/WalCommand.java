package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code wal dump CHECKPOINT} and {@code wal verify CHECKPOINT}. Both only read, take no lock, and
 * may be used while a query writes the checkpoint. Exit codes: 0 whole, 1 damaged or unreadable, 2
 * wrong usage.
 */
@Command(
    name = "wal",
    description = "Prints or checks the write-ahead log of a checkpoint, also of a running query.",
    subcommands = {WalCommand.Dump.class, WalCommand.Verify.class},
    mixinStandardHelpOptions = true,
    version = "log format " + RecordDescriptor.VERSION,
    synopsisSubcommandLabel = "COMMAND")
public final class WalCommand {

  private static final int WHOLE = 0;
  private static final int DAMAGED = 1;

  private WalCommand() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    System.exit(code);
  }

  /** Runs the command line and returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commands = new CommandLine(new WalCommand()).setOut(out).setErr(err);
    commands.setExecutionExceptionHandler((failure, _, _) -> {
      err.println(failure.getMessage());
      return DAMAGED;
    });
    int code = args.length == 0 ? usage(commands, err) : commands.execute(args);
    out.flush();
    return code;
  }

  private static int usage(CommandLine commands, PrintWriter err) {
    commands.usage(err);
    return CommandLine.ExitCode.USAGE;
  }

  private static LogContents read(Path checkpoint) throws IOException {
    LogContents contents = LogContents.readLive(checkpoint);
    if (contents.segments().isEmpty() && contents.damage().isEmpty()) {
      throw new LogReadException(
          "checkpoint must hold a log: checkpoint="
              + checkpoint
              + ", missing="
              + checkpoint.resolve(SegmentDirectory.WAL)
              + "; name the directory that the query was given as its checkpoint",
          null);
    }
    return contents;
  }

  /** Prints one line an entry. */
  @Command(
      name = "dump",
      description = "Prints one line an entry.",
      mixinStandardHelpOptions = true)
  static final class Dump implements Callable<Integer> {

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Parameters(paramLabel = "CHECKPOINT", description = "The checkpoint directory.")
    Path checkpoint = Path.of("");

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      LogContents contents = read(checkpoint);
      CheckpointIdentity identity = contents.identity();
      if (identity != null) {
        out.println(json ? EntryJson.line(identity) : EntryText.line(identity));
      }
      for (Segment segment : contents.segments()) {
        for (Located located : segment.entries()) {
          out.println(json ? EntryJson.line(located) : EntryText.line(located));
        }
      }
      if (!contents.droppedTail().isEmpty()) {
        err.println("note: a restart would have " + contents.droppedTail());
      }
      contents.damage().forEach(found -> err.println(found.getMessage()));
      return contents.damage().isEmpty() ? WHOLE : DAMAGED;
    }
  }

  /** Checks everything that is durable. */
  @Command(
      name = "verify",
      description = "Checks every entry, and the files that a restart would read.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "CHECKPOINT", description = "The checkpoint directory.")
    Path checkpoint = Path.of("");

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      LogContents contents = read(checkpoint);
      LogVerification verification = LogVerification.of(checkpoint, contents);
      if (!verification.damage().isEmpty()) {
        // A running query may have replaced a snapshot meanwhile: what it deleted is not missed
        // again.
        contents = read(checkpoint);
        verification = LogVerification.of(checkpoint, contents);
      }
      RecoveredLog recovered = LogRecovery.recover(contents);
      out.println("checkpoint: " + checkpoint);
      out.println("segments: " + contents.segments().size());
      out.println("entries: " + verification.entryCount());
      out.println("last planned batch: " + batchOf(recovered.lastPlanned()));
      out.println("last committed batch: " + batchOf(recovered.lastCommitted()));
      out.println("newest snapshot: " + batchOf(recovered.snapshot()));
      out.println("files checked: " + verification.fileCount());
      if (!contents.droppedTail().isEmpty()) {
        out.println("note: a restart would have " + contents.droppedTail());
      }
      verification.damage().forEach(found -> out.println("damaged: " + found));
      out.println(verification.damage().isEmpty() ? "whole" : "DAMAGED");
      return verification.damage().isEmpty() ? WHOLE : DAMAGED;
    }

    private static String batchOf(@Nullable LogEntry entry) {
      return entry == null ? "none" : Long.toString(entry.batchId());
    }
  }
}
