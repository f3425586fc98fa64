package io.arrowmill.state.join;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a partition, by their numbers. Those that are gone leave a gap until all before
 * them are gone, too. Owns the segments. Confined to one task at a time.
 */
final class Segments implements AutoCloseable {
  private final List<@Nullable Segment> segments = new ArrayList<>();

  /** Address of each segment's links, or 0: a walk along a chain need not look at segments. */
  private long[] links = new long[8];

  private int firstNumber = 1;

  /** The segments, null where one is gone. */
  List<@Nullable Segment> all() {
    return Collections.unmodifiableList(segments);
  }

  /** Whether there has never been one. */
  boolean isUnused() {
    return segments.isEmpty() && firstNumber == 1;
  }

  /** The segment of a row that is stored. */
  Segment of(long ref) {
    Segment found = segments.get(RowRef.segment(ref) - firstNumber);
    if (found == null) {
      throw new IllegalStateException("row must be stored: ref=" + ref);
    }
    return found;
  }

  /** Address of a row's links. */
  long link(long ref) {
    return links[RowRef.segment(ref) - firstNumber] + (long) Segment.LINK_BYTES * RowRef.index(ref);
  }

  /**
   * As {@link #link}, or {@code none} where the name is {@link RowRef#NONE}. Whether there is a row
   * can hardly be foretold, so no branch depends on it.
   */
  long linkOr(long ref, long none) {
    long isNone = (ref - 1) >> 63;
    int at = (RowRef.segment(ref) - firstNumber) & (int) ~isNone;
    long link = links[at] + (long) Segment.LINK_BYTES * RowRef.index(ref);
    return link ^ ((link ^ none) & isNone);
  }

  /** Adds a segment, owned from now on, and gives it its number. */
  void add(Segment segment) {
    int at = segments.size();
    if (at == links.length) {
      links = Arrays.copyOf(links, 2 * at);
    }
    segment.number = firstNumber + at;
    links[at] = segment.link(0);
    segments.add(segment);
  }

  /** Frees a segment of which no row is left. */
  void free(Segment segment) {
    int at = segment.number - firstNumber;
    segments.set(at, null);
    links[at] = 0;
    segment.close();
  }

  /** Forgets the gap before the first segment. */
  void trim() {
    int gone = 0;
    while (gone < segments.size() && segments.get(gone) == null) {
      gone++;
    }
    segments.subList(0, gone).clear();
    System.arraycopy(links, gone, links, 0, segments.size());
    firstNumber += gone;
  }

  long memoryBytes() {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += segment == null ? 0 : segment.memoryBytes();
    }
    return bytes;
  }

  /** About how many bytes a row takes. */
  long rowBytes() {
    long rows = 0;
    for (Segment segment : segments) {
      rows += segment == null ? 0 : segment.capacity;
    }
    return rows == 0 ? 0 : memoryBytes() / rows;
  }

  @Override
  public void close() {
    for (Segment segment : segments) {
      if (segment != null) {
        segment.close();
      }
    }
    segments.clear();
  }
}
