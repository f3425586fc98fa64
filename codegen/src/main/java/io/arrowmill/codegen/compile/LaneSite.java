package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.runtime.Nullness;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lane code of one program, as soon as it pays.
 *
 * <p>Vector code is tens of times slower than scalar code until the JIT compiler is done with it,
 * and stays so where the CPU lacks an instruction that it needs. So a site begins without lane
 * code. Once it has been asked about so many rows that more are likely, a batch leaves a few of its
 * rows behind, on which {@link LaneWarmup} builds the code, runs it until it is compiled, and
 * offers it if it is then faster than scalar code. A short query never pays for what it would not
 * earn back. Any thread may ask.
 */
final class LaneSite {

  /** Rows after which lane code is begun: some milliseconds of scalar code. */
  private static final long ROWS_BEFORE = 1 << 20;

  private final LaneProgram program;
  private final LaneKernel scalar;
  private final LaneStart when;
  private final int[] nullableColumns;
  private final Entry plain = new Entry();
  private final Entry nulls = new Entry();

  private static final class Entry implements Consumer<LaneKernel> {
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable LaneKernel kernel;

    /** Rows so far; threads may lose each other's, which delays the start a little. */
    private long rows;

    @Override
    public void accept(LaneKernel warm) {
      kernel = warm;
    }
  }

  /**
   * A site.
   *
   * @param scalar does the same by scalars, from position 0 on
   */
  LaneSite(LaneProgram program, LaneKernel scalar, LaneStart when) {
    this.program = program;
    this.scalar = scalar;
    this.when = when;
    Set<Integer> nullable = new TreeSet<>();
    for (Ir expression : program.expressions()) {
      nullable.addAll(new Facts(expression).nullableColumns());
    }
    this.nullableColumns = nullable.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The lane code for some rows, or null if it is better not used yet.
   *
   * @param count a multiple of {@link LaneKernel#BLOCK_ROWS}
   */
  @Nullable LaneKernel kernel(long columns, int start, int count) {
    boolean hasNulls = Nullness.any(columns, nullableColumns);
    Entry entry = hasNulls ? nulls : plain;
    LaneKernel kernel = entry.kernel;
    if (kernel != null || count == 0 || !begins(entry, count)) {
      return kernel;
    }
    if (when == LaneStart.AT_ONCE) {
      kernel = LaneCompiler.compile(program, hasNulls);
      entry.kernel = kernel;
      return kernel;
    }
    LaneSample sample = LaneSample.copy(program, columns, start, count);
    LaneWarmup.begin(new LaneWarmup(program, hasNulls, scalar, sample, entry));
    return null;
  }

  /** Whether the caller is the one to make the kernel. */
  private boolean begins(Entry entry, int count) {
    if (when == LaneStart.AT_ONCE) {
      return true;
    }
    entry.rows += count;
    return entry.rows >= ROWS_BEFORE && entry.asked.compareAndSet(false, true);
  }
}
