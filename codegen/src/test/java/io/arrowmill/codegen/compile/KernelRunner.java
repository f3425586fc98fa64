package io.arrowmill.codegen.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs expressions through kernels over boxed columns, and boxes what comes out. */
record KernelRunner(KernelMode mode, List<TestColumn> columns, boolean alwaysValidity) {

  private static final long GUARD = 0x5AA5_5AA5_5AA5_5AA5L;

  static KernelRunner scalar(TestColumn... columns) {
    return new KernelRunner(KernelMode.SCALAR, List.of(columns), false);
  }

  static List<KernelRunner> inAllModes(TestColumn... columns) {
    return Arrays.stream(KernelMode.values())
        .map(mode -> new KernelRunner(mode, List.of(columns), false))
        .toList();
  }

  private long place(Arena arena) {
    long descriptors =
        arena.allocate(Math.max(1, columns.size() * (long) ColumnDescriptor.BYTES), 8).address();
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).place(arena, descriptors, i, alwaysValidity);
    }
    return descriptors;
  }

  /**
   * Lanes take blocks of 64 rows: fewer are repeated, so that they are computed in lanes, and by
   * scalars behind the last block.
   */
  private boolean repeats(int count) {
    return mode == KernelMode.SIMD && count > 0 && count < LaneKernel.BLOCK_ROWS;
  }

  private static int repetitions(int count) {
    return 2 * LaneKernel.BLOCK_ROWS / count + 1;
  }

  private KernelRunner repeated(int start, int count) {
    List<TestColumn> repeated = new ArrayList<>();
    for (TestColumn column : columns) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < repetitions(count); i++) {
        values.addAll(column.values().subList(start, start + count));
      }
      repeated.add(new TestColumn(column.type(), values));
    }
    return new KernelRunner(mode, repeated, alwaysValidity);
  }

  /** The rows of a range for which the predicate is true. */
  List<Integer> filter(Ir predicate, int start, int count) {
    if (repeats(count)) {
      List<Integer> all = repeated(start, count).filter(predicate, 0, count * repetitions(count));
      List<Integer> first = all.stream().filter(row -> row < count).toList();
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < repetitions(count); i++) {
        int begin = i * count;
        first.forEach(row -> expected.add(begin + row));
      }
      assertThat(all).isEqualTo(expected);
      return first.stream().map(row -> start + row).toList();
    }
    FilterKernel kernel = new KernelCompiler(mode, LaneStart.AT_ONCE).compileFilter(predicate);
    try (Arena arena = Arena.ofConfined()) {
      long out = guarded(arena, count * 4L);
      int selected = kernel.filter(place(arena), start, count, out);
      return ints(out, selected);
    }
  }

  /** The rows of a selection for which the predicate is true, narrowed in place. */
  List<Integer> filter(Ir predicate, List<Integer> selection) {
    FilterKernel kernel = new KernelCompiler(mode, LaneStart.AT_ONCE).compileFilter(predicate);
    try (Arena arena = Arena.ofConfined()) {
      long inOut = selection(arena, selection);
      int selected = kernel.filter(place(arena), inOut, 0, selection.size(), inOut);
      return ints(inOut, selected);
    }
  }

  /** The values of an expression for a range of rows. */
  List<@Nullable Object> project(Ir expression, int start, int count) {
    return projectAll(List.of(expression), null, start, count).getFirst();
  }

  /** The values of an expression for the entries of a selection from {@code start} on. */
  List<@Nullable Object> project(Ir expression, List<Integer> selection, int start) {
    return projectAll(List.of(expression), selection, start, selection.size() - start).getFirst();
  }

  List<List<@Nullable Object>> projectAll(
      List<Ir> expressions, @Nullable List<Integer> selection, int start, int count) {
    if (selection == null && repeats(count)) {
      List<List<@Nullable Object>> all =
          repeated(start, count).projectAll(expressions, null, 0, count * repetitions(count));
      List<List<@Nullable Object>> first = all.stream().map(o -> o.subList(0, count)).toList();
      for (int i = 1; i < repetitions(count); i++) {
        int begin = i * count;
        assertThat(all.stream().map(o -> o.subList(begin, begin + count)).toList())
            .isEqualTo(first);
      }
      return first;
    }
    ProjectKernel kernel = new KernelCompiler(mode, LaneStart.AT_ONCE).compileProject(expressions);
    try (Arena arena = Arena.ofConfined()) {
      KernelOutputs outputs = new KernelOutputs(expressions.size());
      long bitBytes = (count + 63) / 64 * 8L;
      for (int i = 0; i < expressions.size(); i++) {
        PhysicalType type = expressions.get(i).type();
        long validity = guarded(arena, bitBytes);
        if (type == PhysicalType.BYTES) {
          outputs.setBytes(i, new ListOutput(arena), validity);
        } else {
          long bytes = type == PhysicalType.BOOL ? bitBytes : (long) count * type.width();
          outputs.setFixed(i, guarded(arena, bytes), validity);
        }
      }
      long selected = selection == null ? 0 : selection(arena, selection);
      kernel.project(place(arena), selected, start, count, outputs);
      List<List<@Nullable Object>> results = new ArrayList<>();
      for (int i = 0; i < expressions.size(); i++) {
        results.add(read(outputs, i, expressions.get(i).type(), count));
      }
      return results;
    }
  }

  /** What a filter kept: the rows, if they were asked for, and the values of each output. */
  record Kept(List<Integer> selection, List<List<@Nullable Object>> outputs) {}

  /** The values of expressions for the rows of a range for which the predicate is true. */
  Kept filterProject(Ir predicate, List<Ir> expressions, boolean selects, int start, int count) {
    FilterProjectKernel kernel =
        new KernelCompiler(mode, LaneStart.AT_ONCE).compileFilterProject(predicate, expressions);
    try (Arena arena = Arena.ofConfined()) {
      KernelOutputs outputs = new KernelOutputs(expressions.size());
      long bitBytes = (count + 63) / 64 * 8L;
      for (int i = 0; i < expressions.size(); i++) {
        PhysicalType type = expressions.get(i).type();
        long bytes = type == PhysicalType.BOOL ? bitBytes : (long) count * type.width();
        outputs.setFixed(i, guarded(arena, bytes), guarded(arena, bitBytes));
      }
      long selectionBytes = count * 4L;
      long selection = selects ? guarded(arena, selectionBytes) : 0;
      int kept = kernel.run(place(arena), start, count, selection, outputs);
      List<List<@Nullable Object>> results = new ArrayList<>();
      for (int i = 0; i < expressions.size(); i++) {
        PhysicalType type = expressions.get(i).type();
        checkGuard(outputs.validityAddress(i), bitBytes);
        checkGuard(
            outputs.dataAddress(i),
            type == PhysicalType.BOOL ? bitBytes : (long) count * type.width());
        results.add(values(outputs, i, type, kept));
      }
      return new Kept(selects ? ints(selection, kept) : List.of(), results);
    }
  }

  /**
   * Memory followed by a guard word that no kernel may touch; it is checked when results are read.
   */
  private static long guarded(Arena arena, long bytes) {
    long address = arena.allocate(bytes + 8, 8).address();
    OffHeap.putLong(address + bytes, GUARD);
    return address;
  }

  private static void checkGuard(long address, long bytes) {
    if (OffHeap.getLong(address + bytes) != GUARD) {
      throw new AssertionError("kernel wrote behind its output: bytes=" + bytes);
    }
  }

  private static long selection(Arena arena, List<Integer> rows) {
    long address = guarded(arena, rows.size() * 4L);
    for (int i = 0; i < rows.size(); i++) {
      OffHeap.putInt(address + i * 4L, rows.get(i));
    }
    return address;
  }

  private static List<Integer> ints(long address, int count) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(OffHeap.getInt(address + i * 4L));
    }
    return rows;
  }

  private static List<@Nullable Object> read(
      KernelOutputs outputs, int output, PhysicalType type, int count) {
    long bitBytes = (count + 63) / 64 * 8L;
    checkGuard(outputs.validityAddress(output), bitBytes);
    if (type != PhysicalType.BYTES) {
      long bytes = type == PhysicalType.BOOL ? bitBytes : (long) count * type.width();
      checkGuard(outputs.dataAddress(output), bytes);
    }
    return values(outputs, output, type, count);
  }

  private static List<@Nullable Object> values(
      KernelOutputs outputs, int output, PhysicalType type, int count) {
    List<@Nullable Object> values = new ArrayList<>();
    int nulls = outputs.nullCount(output);
    int found = 0;
    for (int i = 0; i < count; i++) {
      boolean valid = nulls == 0 || OffHeap.getBit(outputs.validityAddress(output), i);
      found += valid ? 0 : 1;
      values.add(valid ? readValue(outputs, output, type, i) : null);
    }
    if (found != nulls) {
      throw new AssertionError("null count must be that of the bits: " + nulls + ", " + found);
    }
    return values;
  }

  private static Object readValue(KernelOutputs outputs, int output, PhysicalType type, int i) {
    if (type == PhysicalType.BYTES) {
      return ((ListOutput) outputs.bytes(output)).value(i);
    }
    long data = outputs.dataAddress(output);
    long address = data + (long) i * type.width();
    return switch (type) {
      case BOOL -> OffHeap.getBit(data, i);
      case I8 -> OffHeap.getByte(address);
      case I16 -> OffHeap.getShort(address);
      case I32 -> OffHeap.getInt(address);
      case I64 -> OffHeap.getLong(address);
      case F32 -> OffHeap.getFloat(address);
      case F64 -> OffHeap.getDouble(address);
      default ->
          BigInteger.valueOf(OffHeap.getLong(address + 8))
              .shiftLeft(64)
              .add(new BigInteger(Long.toUnsignedString(OffHeap.getLong(address))));
    };
  }

  /** Places of values, read when the kernel is done with them. */
  private static final class ListOutput implements BytesOutput {
    private final List<@Nullable Place> places = new ArrayList<>();
    private final List<Place> checks = new ArrayList<>();
    private final Arena arena;

    private record Place(long address, int length) {}

    ListOutput(Arena arena) {
      this.arena = arena;
    }

    @Override
    public void begin(int count) {
      places.clear();
    }

    @Override
    public void append(long address, int length) {
      long copy = guarded(arena, length);
      OffHeap.copy(address, copy, length);
      places.add(new Place(copy, length));
    }

    @Override
    public long appendAsLongAs(long offsets, int count) {
      int first = OffHeap.getInt(offsets);
      long to = guarded(arena, OffHeap.getInt(offsets + 4L * count) - first);
      for (int i = 0; i < count; i++) {
        int begin = OffHeap.getInt(offsets + 4L * i);
        int length = OffHeap.getInt(offsets + 4L * i + 4) - begin;
        places.add(new Place(to + begin - first, length));
      }
      if (count > 0) {
        checks.add(new Place(to, OffHeap.getInt(offsets + 4L * count) - first));
      }
      return to;
    }

    @Override
    public void appendNull() {
      places.add(null);
    }

    Object value(int index) {
      checks.forEach(written -> checkGuard(written.address(), written.length()));
      Place place = places.get(index);
      if (place == null) {
        return "null in a place that must not be null";
      }
      byte[] bytes = new byte[place.length()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = OffHeap.getByte(place.address() + i);
      }
      return ByteString.of(bytes);
    }
  }
}
