package io.arrowmill.benchmarks.coldstart;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.benchmarks.ChildJvm;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * One cold JVM: makes 1,000 rows, runs each {@link ColdQuery} once, and prints for each a line with
 * {@link ChildJvm#REPLY}, its name, nanoseconds from the call to the last row, and its rows' hash.
 */
@Command(
    name = "coldstart-child",
    hidden = true,
    description = "Times queries that a JVM runs for the first time; used by coldstart.",
    mixinStandardHelpOptions = true)
public final class ColdStartChild implements Callable<Integer> {
  private static final int ROWS = 1_000;

  private static final StructType SCHEMA =
      StructType.of(
          DataTypes.field("ad_id", DataTypes.LONG),
          DataTypes.field("event_type", DataTypes.INTEGER),
          DataTypes.field("user_id", DataTypes.LONG),
          DataTypes.field("price", DataTypes.DOUBLE),
          DataTypes.field("name", DataTypes.STRING));

  @Parameters(index = "0", description = "how expressions are run")
  private String mode = "auto";

  @Override
  public Integer call() {
    PrintStream replies = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Session session =
        Session.builder()
            .appName("coldstart")
            .config("arrowmill.kernel.mode", mode)
            .getOrCreate()) {
      DataFrame events = session.createDataFrame(rows(), SCHEMA);
      for (ColdQuery query : ColdQuery.values()) {
        long started = System.nanoTime();
        List<Row> rows = query.of(events).collect();
        long nanos = System.nanoTime() - started;
        // The sum, since groups come in no order.
        long hash = rows.stream().mapToLong(row -> row.toString().hashCode()).sum();
        replies.println(ChildJvm.REPLY + query.name() + " " + nanos + " " + hash);
      }
    }
    return 0;
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(Row.of(i % 100L, i % 3, (long) i, (i * 37 % 400) / 4.0, "user " + i));
    }
    return rows;
  }
}
