package io.arrowmill.codegen.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  private static final Path MAPS = Path.of("/proc/self/smaps");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ");
  private static final long BYTES = 16L << 20;

  /** The flag by which Linux shows that a mapping was asked for. */
  private static final String ASKED = " hg";

  @Test
  void blocksAreAskedForWhereTheSystemAllows() throws Exception {
    assumeTrue(HugePages.isAllowed(), "the system gives no huge pages to those who ask");
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocate(BYTES, 1 << 21).address();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!HugePages.advise(address, BYTES)) {
        assertThat(System.nanoTime()).as("the call must be ready").isLessThan(deadline);
        Thread.sleep(10);
      }
      assertThat(flagsOf(address + BYTES / 2)).contains(ASKED);
    }
  }

  /** What Linux says of the mapping that an address lies in. */
  private static String flagsOf(long address) throws Exception {
    boolean inside = false;
    for (String line : Files.readAllLines(MAPS)) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.lookingAt()) {
        long from = Long.parseUnsignedLong(mapping.group(1), 16);
        long end = Long.parseUnsignedLong(mapping.group(2), 16);
        inside = Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, end) < 0;
      } else if (inside && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    return "";
  }
}
