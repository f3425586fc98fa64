package io.arrowmill.benchmarks.kernels;

import java.util.List;

/**
 * What a query cannot avoid, however it is run.
 *
 * @param columnsRead of the first table
 * @param lookupsPerRow how often a row of the first table must find an entry of a hash table
 * @param entryBytes of that table: its key and what is kept for it
 */
record KernelWork(List<String> columnsRead, double lookupsPerRow, int entryBytes) {
  KernelWork {
    columnsRead = List.copyOf(columnsRead);
  }

  /** Reads columns only. */
  static KernelWork scan(String... columnsRead) {
    return new KernelWork(List.of(columnsRead), 0, 0);
  }

  /** Finds the group of every row. */
  static KernelWork group(int entryBytes, String... columnsRead) {
    return new KernelWork(List.of(columnsRead), 1, entryBytes);
  }
}
