package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The sink {@code console}. Options: numRows, truncate. */
public final class ConsoleProvider implements SinkProvider {
  private static final Set<String> OPTIONS = Set.of("numRows", "truncate");
  private static final int ROWS_SHOWN = 20;

  private final Supplier<PrintStream> out;

  /** Prints to standard output. */
  public ConsoleProvider() {
    this(() -> System.out);
  }

  ConsoleProvider(Supplier<PrintStream> out) {
    this.out = out;
  }

  @Override
  public Set<String> formats() {
    return Set.of("console");
  }

  @Override
  public StreamSink open(SourceSpec spec, StructType schema, List<String> partitionBy) {
    ConnectorOptions options = ConnectorOptions.of(spec);
    options.rejectUnknown(OPTIONS);
    BuiltIn.refusePartitionBy(spec, partitionBy);
    return new ConsoleSink(
        options.intValue("numRows", ROWS_SHOWN, 0, Integer.MAX_VALUE),
        options.booleanValue("truncate", true),
        out);
  }
}
