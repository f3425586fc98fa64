package io.arrowmill.codegen.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
  private final List<String> closed = new ArrayList<>();

  /** A memory of one block. */
  private final MemorySource memory =
      new MemorySource() {
        @Override
        public long allocate(long bytes) {
          if (bytes > 100) {
            throw new IllegalStateException("memory is refused");
          }
          return bytes;
        }

        @Override
        public void free(long address, long bytes) {
          closed.add("block of " + bytes);
        }
      };

  private void make(long bytes) {
    try (Parts parts = new Parts()) {
      parts.allocate(memory, 8);
      parts.add(() -> closed.add("part"));
      parts.allocate(memory, bytes);
      parts.complete();
    }
  }

  @Test
  void partsOfWhatIsMadeAreKept() {
    make(16);
    assertThat(closed).isEmpty();
  }

  @Test
  void partsOfWhatIsNotMadeAreGivenBackLastOneFirst() {
    assertThatThrownBy(() -> make(1_000)).hasMessage("memory is refused");
    assertThat(closed).containsExactly("part", "block of 8");
  }
}
