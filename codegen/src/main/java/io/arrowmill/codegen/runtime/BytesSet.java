package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable set of byte strings: open addressing, linear probing, at most half full.
 *
 * <p>The strings lie off-heap, one after the other, as long as the set is reachable.
 */
public final class BytesSet {

  private final MemorySegment strings;
  private final int[] begins;
  private final int[] lengths;
  private final int mask;

  private BytesSet(List<ByteString> values) {
    int capacity = Integer.highestOneBit(Math.max(2, values.size()) * 2 - 1) * 2;
    mask = capacity - 1;
    begins = new int[capacity];
    lengths = new int[capacity];
    Arrays.fill(lengths, -1);
    long total = values.stream().mapToLong(ByteString::length).sum();
    strings = Arena.ofAuto().allocate(Math.max(1, total));
    int end = 0;
    for (ByteString value : values) {
      int length = value.length();
      MemorySegment.copy(MemorySegment.ofArray(value.toBytes()), 0, strings, end, length);
      long address = strings.address() + end;
      if (!contains(address, length)) {
        int slot = hash(address, length) & mask;
        while (lengths[slot] >= 0) {
          slot = (slot + 1) & mask;
        }
        begins[slot] = end;
        lengths[slot] = length;
        end += length;
      }
    }
  }

  /** The set of these strings. */
  public static BytesSet of(List<ByteString> values) {
    return new BytesSet(values);
  }

  /** Whether the bytes are in the set. */
  public boolean contains(long address, int length) {
    int slot = hash(address, length) & mask;
    while (lengths[slot] >= 0) {
      if (lengths[slot] == length
          && OffHeap.equal(strings.address() + begins[slot], address, length)) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    return false;
  }

  private static int hash(long address, int length) {
    long hash = length;
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      hash = mix(hash ^ OffHeap.getLong(address + at));
    }
    for (; at < length; at++) {
      hash = mix(hash ^ OffHeap.getByte(address + at));
    }
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long value) {
    long product = value * 0x9E3779B97F4A7C15L;
    return product ^ (product >>> 29);
  }
}
