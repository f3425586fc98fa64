package io.arrowmill.connectors.file.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows that need not be read: their value in some column does not pass a filter. That shows
 * from a dictionary and its codes, before any value is decoded; a page of another encoding is read
 * whole. Confined to one thread.
 */
final class RowFilters {
  /** Fewer rows at a time aren't worth a batch. */
  private static final int ROWS_MIN = 4_096;

  /** A larger dictionary isn't worth looking through. */
  private static final int ENTRIES_MAX = 1 << 15;

  /** All rows are read unless at most one in so many is kept: codes are cheap to look up. */
  private static final int KEPT_PARTS = 4;

  private final OpenColumns columns;
  private final List<ColumnFilter> all;
  private final List<ColumnFilter> active = new ArrayList<>();
  private final KeptRows kept = new KeptRows();

  RowFilters(OpenColumns columns, List<ColumnFilter> all) {
    this.columns = columns;
    this.all = List.copyOf(all);
  }

  /** Looks through the dictionaries of a row group whose columns have been started. */
  void start(long groupRows) {
    active.clear();
    double share = 1;
    for (ColumnFilter filter : all) {
      int entriesMax = (int) Math.min(ENTRIES_MAX, groupRows / 4);
      try (FieldVector entries = columns.entries(filter.column(), entriesMax)) {
        if (entries != null && filter.start(entries)) {
          active.add(filter);
          share *= filter.share();
        }
      }
    }
    if (share > 1.0 / KEPT_PARTS) {
      active.clear();
    }
    active.sort(Comparator.comparingDouble(ColumnFilter::share));
  }

  /** How many of the next {@code rows} rows to take at once, so that filters can be put to them. */
  int rowsAtOnce(int rows) throws IOException {
    int atOnce = rows;
    for (ColumnFilter filter : active) {
      int inPage = filter.reader().leftInPage();
      if (inPage >= ROWS_MIN) {
        atOnce = Math.min(atOnce, inPage);
      }
    }
    return atOnce;
  }

  /** Which of the next rows to read; null for all of them. */
  @Nullable KeptRows keep(int rows) throws IOException {
    boolean filtered = false;
    kept.startRows(rows);
    for (ColumnFilter filter : active) {
      if (filter.reader().leftInPage() >= rows && filter.reader().isCoded()) {
        filter.drop(kept, rows);
        filtered = true;
      }
    }
    if (!filtered) {
      return null;
    }
    if (kept.count() > rows / KEPT_PARTS) {
      active.clear(); // it will be so in the rest of the row group
      return null;
    }
    return kept;
  }
}
