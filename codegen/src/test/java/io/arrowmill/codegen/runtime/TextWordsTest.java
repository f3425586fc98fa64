package io.arrowmill.codegen.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text taken by words, against {@link String}'s own methods, at every length and alignment. */
final class TextWordsTest {
  private static final int LENGTH_MAX = 80;
  private static final String[] ALPHABET = {"a", "b", "Z", "z", "@", "[", "`", "{", "~", "\0", "1"};
  private static final String[] WIDE = {"é", "語", "😀", "\u007F", "\u0080"};

  private final long seed = Long.getLong("arrowmill.seed", 1);
  private final SplittableRandom random = new SplittableRandom(seed);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void agreesWithStrings(boolean ascii) {
    KernelContext context = KernelContext.current();
    for (int length = 0; length <= LENGTH_MAX; length++) {
      for (int i = 0; i < 20; i++) {
        String text = text(length, ascii);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment bytes = place(arena, text, i % 9);
          long address = bytes.address();
          int size = (int) bytes.byteSize();
          String title = "seed=" + seed + ", text=" + text;
          assertThat(BytesFunctions.charLength(address, size))
              .as(title)
              .isEqualTo(text.codePointCount(0, text.length()));
          assertThat(TextWords.isAscii(address, size))
              .as(title)
              .isEqualTo(text.chars().allMatch(c -> c < 128));
          context.startRow();
          long upper = BytesFunctions.upper(context, address, size);
          assertThat(BytesFunctions.string(upper, context.length))
              .as(title)
              .isEqualTo(text.toUpperCase(Locale.ROOT));
          long lower = BytesFunctions.lower(context, address, size);
          assertThat(BytesFunctions.string(lower, context.length))
              .as(title)
              .isEqualTo(text.toLowerCase(Locale.ROOT));
        }
      }
    }
  }

  @Test
  void findsWhatStringsFind() {
    for (int length = 0; length <= LENGTH_MAX; length++) {
      for (int i = 0; i < 40; i++) {
        String text = text(length, true);
        String part = i % 2 == 0 ? part(text) : text(random.nextInt(1, 4), true);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment bytes = place(arena, text, i % 9);
          MemorySegment wanted = place(arena, part, i % 5);
          assertThat(
                  TextWords.indexOf(
                      bytes.address(), length, wanted.address(), (int) wanted.byteSize()))
              .as("seed=%s, text=%s, part=%s", seed, text, part)
              .isEqualTo(text.indexOf(part));
        }
      }
    }
  }

  @Test
  void equalityMeetsEveryByte() {
    for (int length = 1; length <= 130; length++) {
      try (Arena arena = Arena.ofConfined()) {
        String text = text(length, true);
        MemorySegment left = place(arena, text, length % 3);
        MemorySegment right = place(arena, text, length % 7);
        assertThat(OffHeap.equal(left.address(), right.address(), length)).isTrue();
        for (int at = 0; at < length; at++) {
          byte kept = OffHeap.getByte(right.address() + at);
          OffHeap.putByte(right.address() + at, (byte) (kept ^ 1));
          assertThat(OffHeap.equal(left.address(), right.address(), length))
              .as("length=%s, at=%s", length, at)
              .isFalse();
          OffHeap.putByte(right.address() + at, kept);
        }
      }
    }
  }

  @Test
  void patternsMatchAsRegularExpressionsDo() {
    String[] symbols = {"a", "b", "%", "_", "é", "\\%", "\\_", "\\\\"};
    for (int i = 0; i < 4_000; i++) {
      StringBuilder pattern = new StringBuilder();
      StringBuilder regex = new StringBuilder();
      for (int k = random.nextInt(6); k > 0; k--) {
        String symbol = symbols[random.nextInt(symbols.length)];
        pattern.append(symbol);
        regex.append(
            switch (symbol) {
              case "%" -> ".*";
              case "_" -> ".";
              default -> Pattern.quote(symbol.substring(symbol.length() - 1));
            });
      }
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(12); k > 0; k--) {
        text.append(new String[] {"a", "b", "é", "%", "_", "\\"}[random.nextInt(6)]);
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = place(arena, text.toString(), i % 9);
        LikePattern like = LikePattern.compile(pattern.toString(), '\\');
        assertThat(like.matches(bytes.address(), (int) bytes.byteSize()))
            .as("seed=%s, text=%s, pattern=%s", seed, text, pattern)
            .isEqualTo(Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches());
      }
    }
  }

  private String text(int bytes, boolean ascii) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      boolean wide = !ascii && random.nextInt(8) == 0;
      String[] from = wide ? WIDE : ALPHABET;
      text.append(from[random.nextInt(from.length)]);
    }
    return text.toString();
  }

  private String part(String text) {
    int from = random.nextInt(text.length() + 1);
    return text.substring(from, from + random.nextInt(text.length() - from + 1));
  }

  /** The text at some distance from an alignment, with nothing of it behind it. */
  private static MemorySegment place(Arena arena, String text, int shift) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment block = arena.allocate(shift + bytes.length + 9L, 8).fill((byte) 'a');
    return block.asSlice(shift, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }
}
