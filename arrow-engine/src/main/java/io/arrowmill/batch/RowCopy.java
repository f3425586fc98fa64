package io.arrowmill.batch;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Copies single values of any type from vector to vector.
 *
 * <p>Of lists, structs and maps Arrow's own {@code copyFrom} reads through a reader that belongs to
 * the vector: of two threads that copy from one vector each would move the other's position. This
 * reads the source as it is, so any number of threads may copy from a vector that nobody writes to.
 */
public final class RowCopy {
  private RowCopy() {}

  /**
   * Writes a value behind those that {@code to} has; room is made for it.
   *
   * @param from borrowed
   * @param to of the same type; its value count is set afterwards by the caller
   */
  public static void copy(FieldVector from, int row, FieldVector to, int at) {
    switch (from) {
      case NullVector _ -> {}
      case ListVector list -> copyList(list, row, (ListVector) to, at);
      case StructVector struct -> copyStruct(struct, row, (StructVector) to, at);
      default -> to.copyFromSafe(row, at, from);
    }
  }

  /** Of a map, too: it is a list of entries. */
  private static void copyList(ListVector from, int row, ListVector to, int at) {
    if (from.isNull(row)) {
      to.setNull(at);
      return;
    }
    int start = from.getElementStartIndex(row);
    int count = from.getElementEndIndex(row) - start;
    int first = to.startNewValue(at);
    FieldVector elements = from.getDataVector();
    FieldVector copies = to.getDataVector();
    for (int i = 0; i < count; i++) {
      copy(elements, start + i, copies, first + i);
    }
    to.endValue(at, count);
  }

  private static void copyStruct(StructVector from, int row, StructVector to, int at) {
    while (at >= to.getValueCapacity()) {
      to.reAlloc();
    }
    if (from.isNull(row)) {
      to.setNull(at);
      return;
    }
    to.setIndexDefined(at);
    for (int i = 0; i < from.size(); i++) {
      copy((FieldVector) from.getVectorById(i), row, (FieldVector) to.getVectorById(i), at);
    }
  }
}
