package io.arrowmill.codegen.table;

/** Hashes the keys of rows to say which partition they belong to; confined to one thread. */
public interface RowHasher extends AutoCloseable {
  /**
   * Writes each row's hash, int64; {@link KeyHash#partition} says where rows belong by it.
   *
   * @param columns as all parameters, see {@link GroupTable}
   */
  void hash(long columns, long selection, int start, int count, long hashesOut);

  @Override
  void close();
}
