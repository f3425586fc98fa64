package io.arrowmill.operator;

import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.kernel.GatherParts;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The objects of the rows of {@link KeyGroups}, made as they are asked for. Rows are nearly always
 * asked for in the order of the groups, and lie anywhere; so some of those that follow are brought
 * together in one go, where all that is waited for is waited for at once.
 *
 * <p>Owns what it brings together; confined to one task.
 */
final class GroupValues implements AutoCloseable {
  private static final int WINDOW_ROWS = 4_096;

  private final KeyGroups groups;
  private final RecordReader reader;
  private final BufferAllocator allocator;
  private final List<GatherParts> columns = new ArrayList<>();
  private final List<FieldVector> window = new ArrayList<>();
  private int windowStart;
  private int windowEnd;
  private boolean closed;

  /**
   * Objects of the rows of groups.
   *
   * @param parts where the rows are, borrowed
   * @param reads the columns that the objects are made of
   */
  GroupValues(
      KeyGroups groups,
      List<RowsByKey.Part> parts,
      int[] reads,
      RecordReader reader,
      BufferAllocator allocator) {
    this.groups = groups;
    this.reader = reader;
    this.allocator = allocator;
    if (!parts.isEmpty()) {
      for (int column : reads) {
        columns.add(
            new GatherParts(parts.stream().map(part -> part.batch().column(column)).toList()));
      }
    }
  }

  /** The groups that the rows are of. */
  KeyGroups groups() {
    return groups;
  }

  /** The object of a group's first row. */
  @Nullable Object first(int group) {
    return read(groups.start(group));
  }

  /** The objects of one group; good for as long as these values are open. */
  Iterator<Object> of(int group) {
    return new Group(groups.start(group), groups.end(group));
  }

  private @Nullable Object read(int row) {
    if (row < windowStart || row >= windowEnd) {
      open(row);
    }
    return reader.read(row - windowStart);
  }

  private void open(int row) {
    if (closed) {
      throw new IllegalStateException(
          "values of a group must be read before the function returns: row=" + row);
    }
    forget();
    int count = Math.min(WINDOW_ROWS, groups.rows().length - row);
    for (GatherParts column : columns) {
      window.add(column.rows(groups.rows(), row, count, allocator));
    }
    reader.bind(window);
    windowStart = row;
    windowEnd = row + count;
  }

  private void forget() {
    windowStart = 0;
    windowEnd = 0;
    window.forEach(FieldVector::close);
    window.clear();
  }

  private final class Group implements Iterator<Object> {
    private final int end;
    private int next;

    Group(int start, int end) {
      this.next = start;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    @SuppressWarnings("NullAway") // values of classes of nulls may be null
    public Object next() {
      if (next == end) {
        throw new NoSuchElementException("a group must have another row");
      }
      return read(next++);
    }
  }

  @Override
  public void close() {
    closed = true;
    forget();
  }
}
