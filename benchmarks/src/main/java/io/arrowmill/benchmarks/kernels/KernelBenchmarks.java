package io.arrowmill.benchmarks.kernels;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The queries under JMH: one invocation is one query over all rows.
 *
 * <p>{@link #arrowmill} and {@link #duckdb} are for JMH by itself. {@link #paired}, which {@code
 * benchmarks/run kernels} uses, runs both in turn, so that whatever else the machine does meanwhile
 * meets both alike.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class KernelBenchmarks {

  /** The tables, held by both engines, and the query, whose answers have been compared. */
  @State(Scope.Benchmark)
  public static class Prepared {
    /** The label of a query of {@link KernelQueries}. */
    @Param({
      "filter-project",
      "filter-half",
      "q6",
      "group-1k",
      "group-1m",
      "group-10m",
      "group-two-keys",
      "group-string-1k",
      "group-string-1m",
      "q1",
      "join-1k",
      "join-1m",
      "campaign",
      "text-equal",
      "text-prefix",
      "text-like",
      "text-length",
      "text-upper"
    })
    public String query = "";

    /** Rows of the table that is read. */
    @Param("20000000")
    public long rows;

    private @Nullable KernelPair pair;

    /** Makes the rows; fails if the engines don't give the same answer. */
    @Setup(Level.Trial)
    public void open() throws SQLException, IOException {
      pair = KernelPair.open(KernelQueries.of(query), rows);
    }

    /** Frees the rows. */
    @TearDown(Level.Trial)
    public void close() throws SQLException {
      pair().close();
    }

    KernelPair pair() {
      return Objects.requireNonNull(pair);
    }
  }

  /** What each half of a pair took: time that passed, and time that all cores were busy. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class PairTimes {
    /** Nanoseconds of Arrowmill's run. */
    public long arrowmillNanos;

    /** Core-nanoseconds of Arrowmill's run. */
    public long arrowmillCpuNanos;

    /** Nanoseconds of DuckDB's run. */
    public long duckdbNanos;

    /** Core-nanoseconds of DuckDB's run. */
    public long duckdbCpuNanos;
  }

  /** What the memory gives, measured in turn with the query. */
  @State(Scope.Benchmark)
  public static class Probe {
    private @Nullable KernelCost cost;
    private @Nullable MemoryProbe memory;

    /** Counts what the query moves, and takes memory to measure with. */
    @Setup(Level.Trial)
    public void open(Prepared prepared) throws IOException {
      KernelCost counted = prepared.pair().cost();
      cost = counted;
      memory = new MemoryProbe(counted.tableBytes());
    }

    /** Frees the memory. */
    @TearDown(Level.Trial)
    public void close() {
      memory().close();
    }

    KernelCost cost() {
      return Objects.requireNonNull(cost);
    }

    MemoryProbe memory() {
      return Objects.requireNonNull(memory);
    }
  }

  /** A run of Arrowmill's, and what the hardware would need for it; see {@link KernelCost}. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Explained {
    public double arrowmillNanos;
    public double readNanosPerByte;
    public double missNanos;
    public double bytesRead;
    public double bytesWritten;
    public double tableBytes;
  }

  /** Arrowmill alone. */
  @Benchmark
  public void arrowmill(Prepared prepared) {
    prepared.pair().runArrowmill();
  }

  /** DuckDB alone. */
  @Benchmark
  public @Nullable Object duckdb(Prepared prepared) throws SQLException {
    return prepared.pair().runDuckDb();
  }

  /** Arrowmill, then DuckDB, each timed by itself. */
  @Benchmark
  public @Nullable Object paired(Prepared prepared, PairTimes times) throws SQLException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpu = system.getProcessCpuTime();
    long started = System.nanoTime();
    prepared.pair().runArrowmill();
    times.arrowmillNanos += System.nanoTime() - started;
    times.arrowmillCpuNanos += system.getProcessCpuTime() - cpu;

    cpu = system.getProcessCpuTime();
    started = System.nanoTime();
    Object row = prepared.pair().runDuckDb();
    times.duckdbNanos += System.nanoTime() - started;
    times.duckdbCpuNanos += system.getProcessCpuTime() - cpu;
    return row;
  }

  /** Arrowmill, between measurements of the memory. */
  @Benchmark
  public void explained(Prepared prepared, Probe probe, Explained explained) {
    explained.readNanosPerByte += probe.memory().readNanos();
    explained.missNanos += probe.memory().missNanos();
    long started = System.nanoTime();
    prepared.pair().runArrowmill();
    explained.arrowmillNanos += System.nanoTime() - started;
    explained.bytesRead += probe.cost().bytesRead();
    explained.bytesWritten += probe.cost().bytesWritten();
    explained.tableBytes += probe.cost().tableBytes();
  }
}
