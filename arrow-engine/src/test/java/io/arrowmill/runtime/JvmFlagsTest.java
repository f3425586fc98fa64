package io.arrowmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Starts child JVMs: only a new JVM can lack a flag. */
final class JvmFlagsTest {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  @Test
  void thisJvmLacksNone() {
    assertThat(JvmFlags.missing()).isEmpty();
    JvmFlags.check();
  }

  @Test
  void withAllFlagsNothingIsSaid() throws Exception {
    assertThat(child(JvmFlags.all()))
        .isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector\nchecked\n");
  }

  @Test
  void withoutAnyFlagAllAreListedReadyToPaste() throws Exception {
    List<String> needed = needed().toList();

    assertThat(child(List.of()))
        .contains("[JVM_FLAGS_MISSING]", String.join(" ", needed), "java @jvm.flags")
        .doesNotContain(VECTOR, "checked");
  }

  @ParameterizedTest
  @MethodSource("needed")
  void listsExactlyTheOneThatIsMissing(String flag) throws Exception {
    List<String> others = JvmFlags.all().stream().filter(other -> !other.equals(flag)).toList();

    assertThat(child(others))
        .contains("[JVM_FLAGS_MISSING]", "add these to the java command: " + flag + " (");
  }

  @Test
  void saysOnceThatLanesAreMissing() throws Exception {
    List<String> others = JvmFlags.all().stream().filter(other -> !other.equals(VECTOR)).toList();

    assertThat(child(others))
        .containsOnlyOnce("without vector lanes; start java with " + VECTOR)
        .endsWith("checked\n");
  }

  @Test
  void whatOnlyMakesThingsFasterIsNotNeeded() throws Exception {
    assertThat(needed().count()).isLessThan(JvmFlags.all().size() - 2L);
    assertThat(child(Stream.concat(needed(), Stream.of(VECTOR)).toList()))
        .endsWith("checked\n")
        .doesNotContain("[JVM_FLAGS_MISSING]");
  }

  static Stream<String> needed() {
    return JvmFlags.all().stream()
        .filter(flag -> !flag.equals(VECTOR))
        .filter(flag -> !flag.startsWith("-D") && !flag.startsWith("-XX:"));
  }

  private static String child(List<String> flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Child.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** Checks twice, and then really uses memory. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      JvmFlags.check();
      JvmFlags.check();
      try (RootAllocator allocator = new RootAllocator()) {
        allocator.buffer(64).close();
      }
      System.out.println("checked");
    }
  }
}
