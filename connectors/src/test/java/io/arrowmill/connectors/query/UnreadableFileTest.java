package io.arrowmill.connectors.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file that the process may not read. The superuser may read every file, so the query runs in a
 * process of its own, which gives that right up if it has it.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class UnreadableFileTest {
  private static final String RIGHTS = "-dac_override,-dac_read_search";

  @TempDir Path directory;

  private void write(Path file, String format) throws Exception {
    switch (format) {
      case "json" -> Files.writeString(file, "{\"id\":1}\n");
      case "parquet" -> {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
            Statement statement = duck.createStatement()) {
          statement.execute("COPY (SELECT 1::BIGINT AS id) TO '" + file + "' (FORMAT parquet)");
        }
      }
      default -> Files.writeString(file, "1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "csv", "json", "parquet"})
  void saysWhichFileAndWritesNothing(String format) throws Exception {
    Path input = Files.createDirectories(directory.resolve("input"));
    Path file = input.resolve("a." + format);
    write(file, format);
    Files.setPosixFilePermissions(file, EnumSet.noneOf(PosixFilePermission.class));

    assertThat(query(format))
        .contains("condition=FAILED_READ_FILE")
        .contains("exception=same active=0")
        .contains(file.getFileName().toString())
        .containsIgnoringCase("permission");
    assertThat(QueryFixture.files(directory.resolve("output"))).isEmpty();

    Files.setPosixFilePermissions(file, EnumSet.of(PosixFilePermission.OWNER_READ));
    assertThat(query(format)).contains("done");
    assertThat(QueryFixture.files(directory.resolve("output"))).isNotEmpty();
  }

  /** What {@link UnreadableFileProgram} prints. */
  private String query(String format) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("setpriv", "--inh-caps=" + RIGHTS, "--bounding-set=" + RIGHTS));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            UnreadableFileProgram.class.getName(),
            format,
            directory.toString()));
    File log = directory.resolve("log.txt").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log.toPath(), StandardCharsets.UTF_8);
  }
}
