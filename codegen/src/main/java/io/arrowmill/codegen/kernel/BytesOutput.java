package io.arrowmill.codegen.kernel;

/** Takes the values of an output column of type BYTES, in order. Confined to one thread. */
public interface BytesOutput {

  /**
   * Called by a kernel before it appends: how many values will come. Earlier values are forgotten.
   */
  void begin(int count);

  /**
   * Appends a copy of some bytes.
   *
   * @param address where the bytes are; borrowed for the call
   * @param length how many bytes
   * @throws KernelException OUTPUT_TOO_LARGE if the offsets would leave the range of int32
   */
  void append(long address, int length);

  /**
   * Appends values as long as others are, whose bytes the caller then writes.
   *
   * @param offsets int32 offsets of the others, one more than there are values
   * @return where the bytes of all go, one value after the other
   * @throws KernelException OUTPUT_TOO_LARGE if the offsets would leave the range of int32
   */
  long appendAsLongAs(long offsets, int count);

  /** Appends a null: an empty value. */
  void appendNull();
}
