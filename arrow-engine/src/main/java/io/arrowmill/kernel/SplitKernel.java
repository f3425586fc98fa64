package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putBit;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataTypes;
import java.util.function.IntPredicate;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/**
 * {@code split} by a separator that bytes can tell: one ASCII character, a class such as {@code
 * \s}, or a run of them. Works on the UTF-8 bytes in place and makes no strings. Immutable.
 */
final class SplitKernel {
  private static final int BYTES = 256;
  private static final Integer UNLIMITED = -1;
  private static final String META = "\\.[]{}()*+-?^$|";

  private final boolean[] separators;
  private final boolean run;
  private final int partsMax;

  private SplitKernel(boolean[] separators, boolean run, int partsMax) {
    this.separators = separators;
    this.run = run;
    this.partsMax = partsMax;
  }

  /** The kernel of a call of {@code split} over a column; null if it takes a regular expression. */
  static @Nullable SplitKernel of(Expression expression) {
    if (!(expression instanceof Call call)
        || !call.name().equals("split")
        || !(call.arguments().get(0) instanceof Attribute text)
        || !text.type().equals(DataTypes.STRING)
        || !(call.arguments().get(1) instanceof Literal literal)
        || !(literal.value() instanceof String pattern)) {
      return null;
    }
    Object limit =
        call.arguments().size() > 2
            ? (call.arguments().get(2) instanceof Literal number ? number.value() : null)
            : (Object) UNLIMITED;
    return limit instanceof Integer parts ? of(pattern, parts) : null;
  }

  /**
   * The kernel of a pattern; null if bytes can't tell what it matches.
   *
   * @param limit how many parts to make at most; no limit if it is not positive
   */
  static @Nullable SplitKernel of(String pattern, int limit) {
    boolean run = pattern.length() > 1 && pattern.endsWith("+") && !pattern.equals("\\+");
    IntPredicate separator = separator(run ? pattern.substring(0, pattern.length() - 1) : pattern);
    // Of a character outside of ASCII only a run may be told by its bytes.
    if (separator == null || (!run && separator.test(BYTES - 1))) {
      return null;
    }
    boolean[] separators = new boolean[BYTES];
    for (int b = 0; b < BYTES; b++) {
      separators[b] = separator.test(b);
    }
    return new SplitKernel(separators, run, limit <= 0 ? Integer.MAX_VALUE : limit);
  }

  private static @Nullable IntPredicate separator(String atom) {
    if (atom.length() == 1) {
      char c = atom.charAt(0);
      return c < 0x80 && META.indexOf(c) < 0 ? b -> b == c : null;
    }
    if (atom.length() != 2 || atom.charAt(0) != '\\') {
      return null;
    }
    char c = atom.charAt(1);
    return switch (c) {
      case 's' -> b -> b == ' ' || (b >= '\t' && b <= '\r');
      case 'd' -> b -> b >= '0' && b <= '9';
      case 'W' -> b -> !(b < 0x80 && (Character.isLetterOrDigit(b) || b == '_'));
      case 't' -> b -> b == '\t';
      case 'n' -> b -> b == '\n';
      default -> c < 0x80 && !Character.isLetterOrDigit(c) ? b -> b == c : null;
    };
  }

  /**
   * Splits rows of {@code text} into rows 0 to {@code count} of {@code lists}.
   *
   * @param positions which rows; null for the first {@code count}
   * @param lists an empty vector of lists of strings
   */
  void split(VarCharVector text, int @Nullable [] positions, int count, ListVector lists) {
    long offsets = text.getOffsetBuffer().memoryAddress();
    long data = text.getDataBuffer().memoryAddress();
    boolean hasNulls = text.getNullCount() > 0;
    long bytes = 0;
    int parts = 0;
    for (int i = 0; i < count; i++) {
      int row = positions == null ? i : positions[i];
      if (!hasNulls || !text.isNull(row)) {
        int start = getInt(offsets + 4L * row);
        int end = getInt(offsets + 4L * (row + 1));
        bytes += end - start;
        parts = Math.addExact(parts, parts(data + start, data + end));
      }
    }
    lists.setInitialCapacity(Math.max(1, count));
    lists.allocateNew();
    VarCharVector elements = (VarCharVector) lists.getDataVector();
    elements.allocateNew(Math.max(1, bytes), Math.max(1, parts));
    Output output = new Output(elements);
    long listOffsets = lists.getOffsetBuffer().memoryAddress();
    long listValidity = lists.getValidityBuffer().memoryAddress();
    putInt(listOffsets, 0);
    for (int i = 0; i < count; i++) {
      int row = positions == null ? i : positions[i];
      boolean present = !hasNulls || !text.isNull(row);
      if (present) {
        write(data + getInt(offsets + 4L * row), data + getInt(offsets + 4L * (row + 1)), output);
      }
      putBit(listValidity, i, present);
      putInt(listOffsets + 4L * (i + 1), output.count);
    }
    elements.getValidityBuffer().setOne(0L, Math.ceilDiv(parts, (long) Byte.SIZE));
    elements.setLastSet(parts - 1);
    lists.setLastSet(count - 1);
    lists.setValueCount(count);
  }

  /** How many parts the bytes from {@code start} to {@code end} have. */
  private int parts(long start, long end) {
    int parts = 1;
    boolean before = false;
    for (long at = start; at < end; at++) {
      boolean separates = separators[getByte(at) & 0xFF];
      parts += separates && !(run && before) ? 1 : 0;
      before = separates;
    }
    return Math.min(parts, partsMax);
  }

  private void write(long start, long end, Output output) {
    long at = start;
    long to = output.data;
    for (int left = partsMax - 1; left > 0; left--) {
      byte value = 0;
      while (at < end && !separators[(value = getByte(at)) & 0xFF]) {
        putByte(to++, value);
        at++;
      }
      if (at == end) {
        output.endPart(to);
        return;
      }
      output.endPart(to);
      at++;
      while (run && at < end && separators[getByte(at) & 0xFF]) {
        at++;
      }
    }
    while (at < end) {
      putByte(to++, getByte(at++));
    }
    output.endPart(to);
  }

  /** Where parts go: their bytes one after the other. */
  private static final class Output {
    private final long first;
    private final long offsets;
    private long data;
    private int count;

    Output(VarCharVector elements) {
      this.first = elements.getDataBuffer().memoryAddress();
      this.offsets = elements.getOffsetBuffer().memoryAddress();
      this.data = first;
      putInt(offsets, 0);
    }

    void endPart(long end) {
      data = end;
      count++;
      putInt(offsets + 4L * count, (int) (end - first));
    }
  }
}
