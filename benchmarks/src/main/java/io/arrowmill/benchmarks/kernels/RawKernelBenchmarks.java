package io.arrowmill.benchmarks.kernels;

import io.arrowmill.codegen.compile.HashLanes;
import io.arrowmill.codegen.compile.KernelCompiler;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import java.lang.foreign.Arena;
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
 * The kernels themselves, without plans and batches: nanoseconds a row. With {@code -prof gc} the
 * figure {@code gc.alloc.rate.norm} is bytes allocated a row and must be next to nothing: a vector
 * that is boxed shows here first.
 *
 * <p>Columns are of 65,536 rows and stay in the cache; tables are as large as {@link Table#groups}
 * makes them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RawKernelBenchmarks {
  static final int ROWS = 65_536;

  /** Columns {@code key BIGINT, type INT, price DOUBLE}, without nulls, and room for results. */
  @State(Scope.Thread)
  public static class Columns {
    private final Arena arena = Arena.ofShared();
    private long descriptors;
    private long selection;
    private final KernelOutputs outputs = new KernelOutputs(1);

    /** Fills the columns. */
    @Setup(Level.Trial)
    public void fill() {
      descriptors = allocate(3 * ColumnDescriptor.BYTES);
      selection = allocate(4L * ROWS);
      long types = allocate(4L * ROWS);
      long prices = allocate(8L * ROWS);
      for (int i = 0; i < ROWS; i++) {
        OffHeap.putInt(types + 4L * i, (int) TableColumn.hash(i, 1, 3));
        OffHeap.putDouble(prices + 8L * i, TableColumn.hash(i, 2, 400) / 4.0);
      }
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 1), 0, types, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 2), 0, prices, 0);
      outputs.setFixed(0, allocate(8L * ROWS), allocate(ROWS / 8));
    }

    /** Frees all. */
    @TearDown(Level.Trial)
    public void close() {
      arena.close();
    }

    long allocate(long bytes) {
      return arena.allocate(bytes, 64).address();
    }

    /** Sets the keys to those of another batch of rows. */
    void keys(long addresses) {
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 0), 0, addresses, 0);
    }
  }

  /** A filter on two columns and a product. */
  @State(Scope.Thread)
  public static class Kernels {
    private static final Ir TYPE = new Ir.Input(1, PhysicalType.I32, true);
    private static final Ir PRICE = new Ir.Input(2, PhysicalType.F64, true);

    /** How expressions are run. */
    @Param({"SIMD", "SCALAR"})
    public KernelMode mode = KernelMode.SIMD;

    private @Nullable FilterKernel filter;
    private @Nullable ProjectKernel product;

    /** Compiles. */
    @Setup(Level.Trial)
    public void compile() {
      // Not when it pays: what is measured must not depend on when that was.
      KernelCompiler compiler = new KernelCompiler(mode, LaneStart.AT_ONCE);
      Ir isView = new Ir.Compare(CompareOp.EQUAL, TYPE, new Ir.Const(PhysicalType.I32, 0));
      Ir isDear =
          new Ir.Compare(CompareOp.GREATER_OR_EQUAL, PRICE, new Ir.Const(PhysicalType.F64, 50.0));
      filter = compiler.compileFilter(new Ir.And(isView, isDear));
      product = compiler.compileProject(List.of(dearer()));
    }

    static Ir dearer() {
      return new Ir.Arithmetic(
          ArithmeticOp.MULTIPLY,
          PhysicalType.F64,
          PRICE,
          new Ir.Const(PhysicalType.F64, 1.25),
          OnError.FAIL,
          new Site("(price * 1.25)"));
    }

    FilterKernel filter() {
      return Objects.requireNonNull(filter);
    }

    ProjectKernel product() {
      return Objects.requireNonNull(product);
    }
  }

  /** A filter that keeps half of the rows, a key, a product, and the key's hash. */
  @State(Scope.Thread)
  public static class Hashing {
    private static final Ir KEY = new Ir.Input(0, PhysicalType.I64, false);
    private static final long START = 77;

    private final HashLanes lanes = new HashLanes(LaneStart.AT_ONCE);
    private final KernelOutputs outputs = new KernelOutputs(3);
    private final KernelOutputs hashes = new KernelOutputs(1);
    private long keys;
    private long slices;
    private @Nullable FilterProjectKernel project;
    private @Nullable FilterProjectKernel projectAndHash;

    /** Compiles, and makes keys and room for a slice of rows. */
    @Setup(Level.Trial)
    public void compile(Columns columns) {
      KernelCompiler compiler = new KernelCompiler(KernelMode.SIMD, LaneStart.AT_ONCE);
      Ir half = new Ir.Compare(CompareOp.LESS, Kernels.PRICE, new Ir.Const(PhysicalType.F64, 50.0));
      Ir hash = HashLanes.hash(new Ir.Const(PhysicalType.I64, START), KEY);
      project = compiler.compileFilterProject(half, List.of(KEY, Kernels.dearer()));
      projectAndHash = compiler.compileFilterProject(half, List.of(KEY, Kernels.dearer(), hash));
      keys = columns.allocate(8L * ROWS);
      for (int i = 0; i < ROWS; i++) {
        OffHeap.putLong(keys + 8L * i, TableColumn.hash(i, 4, 1_000_000));
      }
      for (int output = 0; output < 3; output++) {
        outputs.setFixed(
            output,
            columns.allocate(8L * GroupTable.SLICE_ROWS_MAX),
            columns.allocate(GroupTable.SLICE_ROWS_MAX / 8));
      }
      slices = columns.allocate(2L * ColumnDescriptor.BYTES);
      long starts = columns.allocate(8L * GroupTable.SLICE_ROWS_MAX);
      for (int i = 0; i < GroupTable.SLICE_ROWS_MAX; i++) {
        OffHeap.putLong(starts + 8L * i, START);
      }
      ColumnDescriptor.set(ColumnDescriptor.at(slices, 0), 0, starts, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(slices, 1), 0, outputs.dataAddress(0), 0);
      hashes.setFixed(0, outputs.dataAddress(2), 0);
    }

    long run(@Nullable FilterProjectKernel kernel, Columns columns, boolean thenHash) {
      columns.keys(keys);
      long kept = 0;
      for (int start = 0; start < ROWS; start += GroupTable.SLICE_ROWS_MAX) {
        int rows =
            Objects.requireNonNull(kernel)
                .run(columns.descriptors, start, GroupTable.SLICE_ROWS_MAX, 0, outputs);
        if (thenHash) {
          // Whole blocks: the few rows behind them are left out.
          lanes.run(slices, rows, hashes);
        }
        kept += rows;
      }
      return kept + OffHeap.getLong(outputs.dataAddress(2));
    }
  }

  /** A table of groups with a count, a sum and a maximum, full from the start. */
  @State(Scope.Thread)
  public static class Table {
    private static final int BATCHES_MIN = 16;

    /** How many keys there are. */
    @Param({"1000", "100000", "1000000"})
    public int groups;

    private long keys;
    private long rows;
    private int batches;
    private int batch;
    private @Nullable GroupTable table;

    /** Adds every key once. */
    @Setup(Level.Trial)
    public void fill(Columns columns) {
      batches = Math.max(BATCHES_MIN, Math.ceilDiv(groups, ROWS));
      keys = columns.allocate(8L * ROWS * batches);
      rows = columns.allocate(8L * GroupTable.SLICE_ROWS_MAX);
      for (long i = 0; i < (long) ROWS * batches; i++) {
        OffHeap.putLong(keys + 8 * i, TableColumn.hash(i, 3, groups));
      }
      GroupTablePlan plan =
          new GroupTablePlan(
              List.of(ValueKind.I64),
              List.of(
                  Accumulators.countAll(),
                  Accumulators.sumDouble(ValueKind.F64),
                  Accumulators.max(ValueKind.I64)));
      GroupTable filled = new GroupTable(plan, KeyHash.seeded(1), new ArenaMemory(columns.arena));
      table = filled;
      for (int i = 0; i < batches; i++) {
        nextKeys(columns);
        for (int start = 0; start < ROWS; start += GroupTable.SLICE_ROWS_MAX) {
          filled.group(columns.descriptors, 0, start, GroupTable.SLICE_ROWS_MAX, rows);
        }
      }
    }

    GroupTable table() {
      return Objects.requireNonNull(table);
    }

    void nextKeys(Columns columns) {
      columns.keys(keys + 8L * ROWS * batch);
      batch = (batch + 1) % batches;
    }
  }

  /** Memory of an arena, which frees all of it together. */
  private record ArenaMemory(Arena arena) implements MemorySource {
    @Override
    public long allocate(long bytes) {
      return arena.allocate(bytes, 64).address();
    }

    @Override
    public void free(long address, long bytes) {}
  }

  /** {@code type = 0 AND price >= 50}, to a selection. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int filter(Columns columns, Kernels kernels) {
    return kernels.filter().filter(columns.descriptors, 0, ROWS, columns.selection);
  }

  /** {@code price * 1.25} of all rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int product(Columns columns, Kernels kernels) {
    kernels.product().project(columns.descriptors, 0, 0, ROWS, columns.outputs);
    return columns.outputs.nullCount(0);
  }

  /** {@code price * 1.25} of the selected sixth; nanoseconds are those of a row looked at. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int filterThenProduct(Columns columns, Kernels kernels) {
    int selected = kernels.filter().filter(columns.descriptors, 0, ROWS, columns.selection);
    kernels.product().project(columns.descriptors, columns.selection, 0, selected, columns.outputs);
    return selected;
  }

  /** A filter that keeps half and two columns, 4,096 rows at a time. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long filterProject(Columns columns, Hashing hashing) {
    return hashing.run(hashing.project, columns, false);
  }

  /** The same, then a loop that hashes the keys kept: how a table of groups does it. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long filterProjectThenHash(Columns columns, Hashing hashing) {
    return hashing.run(hashing.project, columns, true);
  }

  /** The same, with the hash as a third column of one loop. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long filterProjectAndHash(Columns columns, Hashing hashing) {
    return hashing.run(hashing.projectAndHash, columns, false);
  }

  /** Finds each row's group: what the probe of a join does too. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long find(Columns columns, Table table) {
    table.nextKeys(columns);
    for (int start = 0; start < ROWS; start += GroupTable.SLICE_ROWS_MAX) {
      table.table().find(columns.descriptors, 0, start, GroupTable.SLICE_ROWS_MAX, table.rows);
    }
    return OffHeap.getLong(table.rows);
  }

  /** Finds each row's group and adds the row to a count, a sum and a maximum. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long groupAndUpdate(Columns columns, Table table) {
    table.nextKeys(columns);
    GroupTable target = table.table();
    long key = ColumnDescriptor.at(columns.descriptors, 0);
    long price = ColumnDescriptor.at(columns.descriptors, 2);
    int count = GroupTable.SLICE_ROWS_MAX;
    for (int start = 0; start < ROWS; start += count) {
      target.group(columns.descriptors, 0, start, count, table.rows);
      target.update(0, table.rows, 0, 0, start, count);
      target.update(1, table.rows, price, 0, start, count);
      target.update(2, table.rows, key, 0, start, count);
    }
    return OffHeap.getLong(table.rows);
  }
}
