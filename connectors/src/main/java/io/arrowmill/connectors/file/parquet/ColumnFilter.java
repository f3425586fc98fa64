package io.arrowmill.connectors.file.parquet;

import io.arrowmill.connector.ValueFilter;
import org.apache.arrow.vector.FieldVector;

/**
 * A filter of one column, put to the entries of its dictionary instead of to rows. Confined to one
 * thread.
 */
final class ColumnFilter {
  /** A filter that lets more of the entries pass is left to who asked for it. */
  private static final double PASSING_MAX = 0.75;

  private final ColumnReader reader;
  private final int column;
  private final ValueFilter filter;
  private PassingCodes passing = new PassingCodes(new boolean[1]);

  /**
   * A filter.
   *
   * @param column the position among the wanted columns
   */
  ColumnFilter(ColumnReader reader, int column, ValueFilter filter) {
    this.reader = reader;
    this.column = column;
    this.filter = filter;
  }

  ColumnReader reader() {
    return reader;
  }

  int column() {
    return column;
  }

  /**
   * Asks which entries pass.
   *
   * @param entries of the row group's dictionary, with a null behind them; borrowed
   * @return whether the filter drops enough of them to be of use
   */
  boolean start(FieldVector entries) {
    boolean[] passes = filter.passes(entries);
    if (passes == null) {
      return false;
    }
    passing = new PassingCodes(passes);
    return passing.share() <= PASSING_MAX;
  }

  /** The share of the entries that pass. */
  double share() {
    return passing.share();
  }

  /** Drops those of the next rows that do not pass. */
  void drop(KeptRows kept, int rows) {
    reader.drop(kept, passing, rows);
  }
}
