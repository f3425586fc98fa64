package io.arrowmill.codegen.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The growing text column, over memory that counts what is out. */
class BytesBufferTest {

  private static final class CountingMemory implements MemorySource {
    private final Arena arena = Arena.ofAuto();
    private final Map<Long, Long> out = new HashMap<>();

    @Override
    public long allocate(long bytes) {
      long address = arena.allocate(bytes, 64).address();
      out.put(address, bytes);
      return address;
    }

    @Override
    public void free(long address, long bytes) {
      assertThat(out.remove(address)).isEqualTo(bytes);
    }
  }

  @Test
  void growsAndGivesEverythingBack() {
    CountingMemory memory = new CountingMemory();
    BytesBuffer buffer = new BytesBuffer(memory);
    try (Arena arena = Arena.ofConfined()) {
      long word = arena.allocate(100).address();
      for (int i = 0; i < 100; i++) {
        OffHeap.putByte(word + i, (byte) i);
      }
      buffer.begin(101);
      for (int i = 0; i <= 100; i++) {
        if (i == 50) {
          buffer.appendNull();
        } else {
          buffer.append(word, i);
        }
      }
      assertThat(buffer.count()).isEqualTo(101);
      assertThat(buffer.dataBytes()).isEqualTo(5050 - 50);
      int begin = OffHeap.getInt(buffer.offsetsAddress() + 100 * 4L);
      assertThat(begin).isEqualTo(4950 - 50);
      for (int i = 0; i < 100; i++) {
        assertThat(OffHeap.getByte(buffer.dataAddress() + begin + i)).isEqualTo((byte) i);
      }
      buffer.begin(0);
      assertThat(buffer.count()).isZero();
      assertThat(OffHeap.getInt(buffer.offsetsAddress())).isZero();
    }
    buffer.close();
    buffer.close();
    assertThat(memory.out).isEmpty();
  }
}
