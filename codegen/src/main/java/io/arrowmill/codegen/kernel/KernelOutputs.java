package io.arrowmill.codegen.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link ProjectKernel} writes, one entry an output column.
 *
 * <p>The buffers belong to the caller. Validity bits and BOOL values are written in whole 8-byte
 * words: such a buffer must have room for {@code count} bits rounded up to 64. Threading: confined
 * to the caller of the kernel.
 */
public final class KernelOutputs {

  private final long[] dataAddresses;
  private final long[] validityAddresses;
  private final @Nullable BytesOutput[] bytesOutputs;
  private final int[] nullCounts;

  /** Room for that many output columns. */
  public KernelOutputs(int columns) {
    dataAddresses = new long[columns];
    validityAddresses = new long[columns];
    bytesOutputs = new BytesOutput[columns];
    nullCounts = new int[columns];
  }

  /** How many output columns there are. */
  public int columns() {
    return nullCounts.length;
  }

  /** Sets the buffers of an output of any type but BYTES. */
  public void setFixed(int column, long dataAddress, long validityAddress) {
    dataAddresses[column] = dataAddress;
    validityAddresses[column] = validityAddress;
  }

  /** Sets the target of an output of type BYTES, and where its validity bits go. */
  public void setBytes(int column, BytesOutput output, long validityAddress) {
    bytesOutputs[column] = output;
    validityAddresses[column] = validityAddress;
  }

  /** Where values go. */
  public long dataAddress(int column) {
    return dataAddresses[column];
  }

  /** Where validity bits go. */
  public long validityAddress(int column) {
    return validityAddresses[column];
  }

  /** Where text goes. */
  public BytesOutput bytes(int column) {
    BytesOutput output = bytesOutputs[column];
    if (output == null) {
      throw new IllegalStateException(
          "an output of type BYTES must have a BytesOutput: column=%d; call setBytes"
              .formatted(column));
    }
    return output;
  }

  /** Called by kernels: how many nulls were written. */
  public void setNullCount(int column, int nullCount) {
    nullCounts[column] = nullCount;
  }

  /** Called by kernels that write part by part, before they begin. */
  public void clearNullCounts() {
    Arrays.fill(nullCounts, 0);
  }

  /** Called by kernels that write part by part: so many more nulls were written. */
  public void addNullCount(int column, int nullCount) {
    nullCounts[column] += nullCount;
  }

  /**
   * How many nulls the last call wrote. Where it is 0 the validity bits are undefined and should be
   * dropped, where it is not, all of them were written. Values of null positions are undefined.
   */
  public int nullCount(int column) {
    return nullCounts[column];
  }
}
