package io.arrowmill.state.join;

/**
 * What has happened to stored rows since the last commit, as far as a restart can't find it out.
 *
 * <p>Rows are known by numbers that their partition gave them in order and gives never again. Rows
 * that a restart brought in may have numbers of other partitions. Rows that ran out of time are
 * told by the time alone. Confined to one task at a time.
 */
final class StoredChanges {
  /** No row has run out of time. */
  static final long NOTHING_EXPIRED = Long.MIN_VALUE;

  private final LongList matched = new LongList();
  private final LongList removed = new LongList();
  private final long limit;
  private long nextSequence;
  private long start;
  private long expired = NOTHING_EXPIRED;

  /**
   * Changes of a partition.
   *
   * @param first number of its first row
   * @param limit its rows' numbers are below
   */
  StoredChanges(long first, long limit) {
    this.nextSequence = first;
    this.start = first;
    this.limit = limit;
  }

  /** Forgets the changes so far. */
  void begin() {
    matched.clear();
    removed.clear();
    start = nextSequence;
    expired = NOTHING_EXPIRED;
  }

  long nextSequence() {
    return nextSequence++;
  }

  /** Numbers below this one are taken. */
  void reserve(long next) {
    nextSequence = Math.max(nextSequence, next);
  }

  /** Whether the row came since the last commit; other partitions' numbers never did. */
  boolean isNew(long sequence) {
    return sequence >= start && sequence < limit;
  }

  boolean isEmpty() {
    return nextSequence == start
        && matched.size() == 0
        && removed.size() == 0
        && expired == NOTHING_EXPIRED;
  }

  /** How many rows were stored, met or given up, at least. */
  long rows() {
    return nextSequence - start + matched.size() + removed.size();
  }

  void matched(long sequence) {
    if (!isNew(sequence)) {
      matched.add(sequence);
    }
  }

  void removed(long sequence) {
    if (!isNew(sequence)) {
      removed.add(sequence);
    }
  }

  void expired(long bound) {
    expired = Math.max(expired, bound);
  }

  LongList matched() {
    return matched;
  }

  LongList removed() {
    return removed;
  }

  long expired() {
    return expired;
  }
}
