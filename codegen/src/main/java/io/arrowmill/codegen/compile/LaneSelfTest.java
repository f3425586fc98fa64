package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.F32;
import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.LaneShapes;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides once whether this JVM on this CPU may use lanes at all: runs programs that take every
 * kind of lane operation over awkward values, and compares the answers to those of scalar code.
 * Whether lanes are fast is asked for each program, by {@link LaneWarmup}.
 *
 * <p>It runs in the background a moment after a session was opened, or when the first lane code is
 * wanted, if that is earlier: loading the vector API takes longer than a short query does.
 */
public final class LaneSelfTest {
  private static final Logger LOG = LoggerFactory.getLogger(LaneSelfTest.class);
  private static final Site SITE = new Site("self-test of lanes");
  private static final int ROWS = 2 * LaneKernel.BLOCK_ROWS;

  private static final PhysicalType[] TYPES = {I32, I64, F32, F64, BOOL, I64, F64};
  private static final int INT = 0;
  private static final int LONG = 1;
  private static final int FLOAT = 2;
  private static final int DOUBLE = 3;
  private static final int FLAG = 4;
  private static final int OTHER_LONG = 5;
  private static final int OTHER_DOUBLE = 6;

  private static final long[] LONGS = {
    0,
    1,
    -1,
    7,
    -64,
    1L << 31,
    -(1L << 31),
    86_400_000_000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    123_456
  };
  private static final double[] DOUBLES = {
    0, -0.0, 1.5, -2.25, 1e9, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 3
  };

  /** So that a program that ends at once, or a first query, has the processor for itself. */
  private static final long DELAY_MILLIS = 1_000;

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private LaneSelfTest() {}

  /** Lets a thread of its own make the decision soon, once for the JVM. */
  public static void begin() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("arrowmill-lanes-self-test").start(LaneSelfTest::decide);
    }
  }

  private static void decide() {
    try {
      Thread.sleep(DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    LOG.debug("self-test of lanes: passed={}", passed());
  }

  /** Makes the decision when it is first asked for. */
  private static final class Decision {
    static final boolean PASSED = run();

    private Decision() {}
  }

  /** Whether lanes may be used. */
  static boolean passed() {
    return Decision.PASSED;
  }

  private static boolean run() {
    try {
      for (LaneProgram program : programs()) {
        for (boolean hasNulls : new boolean[] {false, true}) {
          LaneKernel lanes = LaneCompiler.compile(program, hasNulls);
          if (!passes(program, lanes, hasNulls)) {
            LOG.warn("lanes failed their self-test and are not used: program={}", program);
            return false;
          }
        }
      }
      LOG.debug("lanes passed their self-test: longs={}", LaneShapes.LANES);
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("lanes cannot be used in this JVM", e);
      return false;
    }
  }

  /** Whether lane code of a program gives the answers of scalar code. */
  static boolean passes(LaneProgram program, LaneKernel lanes, boolean hasNulls) {
    try (Arena arena = Arena.ofConfined()) {
      long columns = columns(arena, hasNulls);
      LaneSample sample = LaneSample.copy(program, columns, 0, ROWS);
      return LaneAnswers.agree(program, lanes, LanePlan.scalar(program), sample);
    }
  }

  static List<LaneProgram> programs() {
    Ir less = compare(CompareOp.LESS, input(LONG), input(OTHER_LONG));
    Ir mixed =
        new Ir.Or(
            new Ir.And(input(FLAG), compare(CompareOp.GREATER, input(DOUBLE), of(F64, 0.0))),
            new Ir.Not(compare(CompareOp.EQUAL, input(FLOAT), of(F32, 1.5f))));
    Ir in = new Ir.In(input(INT), List.of(of(I32, 0), of(I32, -1), of(I32, 123_456)));
    List<Ir> numbers =
        List.of(
            arithmetic(ArithmeticOp.ADD, input(INT), of(I32, 1), OnError.NULL),
            arithmetic(ArithmeticOp.MULTIPLY, input(INT), input(INT), OnError.NULL),
            arithmetic(ArithmeticOp.MULTIPLY, input(LONG), of(I64, 1_000L), OnError.NULL),
            arithmetic(ArithmeticOp.SUBTRACT, input(LONG), input(OTHER_LONG), OnError.WRAP),
            arithmetic(ArithmeticOp.DIVIDE, input(DOUBLE), input(OTHER_DOUBLE), OnError.NULL),
            HashLanes.hash(input(LONG), input(OTHER_LONG)));
    List<Ir> others =
        List.of(
            new Ir.If(F64, less, input(DOUBLE), input(OTHER_DOUBLE)),
            new Ir.Extremum(true, I64, List.of(input(LONG), input(OTHER_LONG))),
            new Ir.Coalesce(I32, List.of(input(INT), of(I32, 5))),
            cast(input(INT), I64),
            cast(input(DOUBLE), I32),
            cast(input(LONG), F64),
            new Ir.Call(Function.SQRT, List.of(input(DOUBLE)), SITE),
            new Ir.Call(
                Function.WINDOW_START,
                List.of(cast(input(INT), I64), of(I64, 60_000L), of(I64, 7L)),
                SITE));
    return List.of(
        program(less, true, List.of()),
        program(mixed, true, numbers),
        program(in, false, List.of(mixed, less, input(FLOAT))),
        program(null, false, numbers),
        program(null, false, others));
  }

  private static LaneProgram program(
      @Nullable Ir predicate, boolean writesSelection, List<Ir> expressions) {
    List<LaneProgram.Output> outputs = new ArrayList<>();
    for (Ir expression : expressions) {
      outputs.add(new LaneProgram.Output(outputs.size(), Lowering.lower(expression)));
    }
    return new LaneProgram(
        predicate == null ? null : Lowering.lower(predicate), writesSelection, outputs);
  }

  private static Ir input(int column) {
    return new Ir.Input(column, TYPES[column], true);
  }

  private static Ir.Const of(PhysicalType type, Object value) {
    return new Ir.Const(type, value);
  }

  private static Ir compare(CompareOp op, Ir left, Ir right) {
    return new Ir.Compare(op, left, right);
  }

  private static Ir cast(Ir operand, PhysicalType type) {
    return new Ir.Cast(operand, type, OnError.NULL, SITE);
  }

  private static Ir arithmetic(ArithmeticOp op, Ir left, Ir right, OnError onError) {
    return new Ir.Arithmetic(op, left.type(), left, right, onError, SITE);
  }

  /** Columns of {@link #TYPES}, whose values meet each other in changing pairs. */
  private static long columns(Arena arena, boolean hasNulls) {
    long columns = arena.allocate((long) TYPES.length * ColumnDescriptor.BYTES, 8).address();
    for (int column = 0; column < TYPES.length; column++) {
      long data = arena.allocate(8L * ROWS, 8).address();
      long validity = hasNulls ? arena.allocate(ROWS / 8, 8).address() : 0;
      for (int row = 0; row < ROWS; row++) {
        put(data, column, row);
        if (hasNulls) {
          OffHeap.putBit(validity, row, (row + column) % 7 != 0);
        }
      }
      ColumnDescriptor.set(ColumnDescriptor.at(columns, column), validity, data, 0);
    }
    return columns;
  }

  private static void put(long data, int column, int row) {
    int turn = row + column * (1 + row / LONGS.length);
    long whole = LONGS[turn % LONGS.length];
    double floating = DOUBLES[turn % DOUBLES.length];
    switch (TYPES[column]) {
      case BOOL -> OffHeap.putBit(data, row, turn % 3 == 0);
      case I32 -> OffHeap.putInt(data + 4L * row, (int) whole);
      case F32 -> OffHeap.putInt(data + 4L * row, Float.floatToRawIntBits((float) floating));
      case F64 -> OffHeap.putLong(data + 8L * row, Double.doubleToRawLongBits(floating));
      default -> OffHeap.putLong(data + 8L * row, whole);
    }
  }
}
