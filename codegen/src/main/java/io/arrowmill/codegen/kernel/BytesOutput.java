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

  /** Appends a null: an empty value. */
  void appendNull();
}
