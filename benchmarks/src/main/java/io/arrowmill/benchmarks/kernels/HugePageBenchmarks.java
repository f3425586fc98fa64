package io.arrowmill.benchmarks.kernels;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.HugePages;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a row takes to find its group among ten million, in memory of usual and of huge pages:
 * nanoseconds a row. All memory is one mapping that is asked for before it is written to, so that
 * Linux need not move anything into huge pages later.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class HugePageBenchmarks {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int GROUPS = 10_000_000;
  private static final int KEYS = 1 << 22;
  private static final int READY_MILLIS_MAX = 20_000;

  /** Factor of keys: those of 1 are dense, others are hashed. */
  @Param({"1", "1000003"})
  public long apart;

  @Param({"false", "true"})
  public boolean hugePages;

  private @Nullable Mapping memory;
  private @Nullable GroupTable table;
  private long column;
  private long keys;
  private long found;
  private int at;

  /** Makes every group. */
  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    Mapping mapping = new Mapping(hugePages);
    memory = mapping;
    column = mapping.allocate(ColumnDescriptor.BYTES);
    keys = mapping.allocate(8L * KEYS);
    found = mapping.allocate(8L * SLICE);
    GroupTable filled =
        new GroupTable(
            new GroupTablePlan(
                List.of(ValueKind.I64),
                List.of(
                    Accumulators.countAll(),
                    Accumulators.sumDouble(ValueKind.F64),
                    Accumulators.max(ValueKind.I64))),
            KeyHash.seeded(1),
            mapping);
    table = filled;
    for (long first = 0; first < GROUPS; first += SLICE) {
      for (int i = 0; i < SLICE; i++) {
        OffHeap.putLong(keys + 8L * i, apart * Math.min(GROUPS - 1L, first + i));
      }
      ColumnDescriptor.set(column, 0, keys, 0);
      filled.group(column, 0, 0, SLICE, found);
    }
    for (int i = 0; i < KEYS; i++) {
      OffHeap.putLong(keys + 8L * i, apart * TableColumn.hash(i, 7, GROUPS));
    }
  }

  /** Finds the groups of a slice of rows in no order. */
  @Benchmark
  @OperationsPerInvocation(SLICE)
  public long group() {
    ColumnDescriptor.set(column, 0, keys + 8L * at, 0);
    at = (at + SLICE) % KEYS;
    Objects.requireNonNull(table).group(column, 0, 0, SLICE, found);
    return OffHeap.getLong(found);
  }

  /** Gives everything back. */
  @TearDown(Level.Trial)
  public void close() {
    Objects.requireNonNull(table).close();
    Objects.requireNonNull(memory).close();
  }

  /** Memory that is taken from one mapping, front to back, and given back together. */
  @SuppressWarnings("restricted")
  private static final class Mapping implements MemorySource, AutoCloseable {
    private static final long BYTES = 3L << 30;
    private static final long ALIGN = 1 << 21;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle ALIGNED_ALLOC =
        handle(
            "aligned_alloc",
            FunctionDescriptor.of(
                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
        handle("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private final MemorySegment whole;
    private long next;

    Mapping(boolean hugePages) throws InterruptedException {
      try {
        whole = (MemorySegment) ALIGNED_ALLOC.invokeExact(ALIGN, BYTES);
      } catch (Throwable e) {
        throw new IllegalStateException("memory must be had: bytes=" + BYTES, e);
      }
      next = whole.address();
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
      while (hugePages && !HugePages.advise(next, BYTES)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "the system must give huge pages to those who ask:"
                  + " /sys/kernel/mm/transparent_hugepage/enabled");
        }
        Thread.sleep(1);
      }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    @Override
    public long allocate(long bytes) {
      long block = next;
      next += (bytes + 63) & -64;
      if (next > whole.address() + BYTES) {
        throw new IllegalStateException("memory must suffice: bytes=" + BYTES);
      }
      return block;
    }

    @Override
    public void free(long address, long bytes) {}

    @Override
    public void close() {
      try {
        FREE.invokeExact(whole);
      } catch (Throwable e) {
        throw new IllegalStateException("memory must be given back", e);
      }
    }
  }
}
