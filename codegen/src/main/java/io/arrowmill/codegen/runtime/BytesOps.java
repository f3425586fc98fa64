package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.OffHeap;

/** Equality and order of BYTES: as unsigned bytes, a prefix before what it begins. */
public final class BytesOps {

  private BytesOps() {}

  public static boolean equal(long left, int leftLength, long right, int rightLength) {
    return leftLength == rightLength && OffHeap.equal(left, right, leftLength);
  }

  /** Negative, zero or positive, as left is less than, equal to or greater than right. */
  public static int compare(long left, int leftLength, long right, int rightLength) {
    return OffHeap.compare(left, leftLength, right, rightLength);
  }
}
