package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged files end in an error that names the file, or in rows; in nothing else. */
class ParquetFuzzTest {
  private static final int ROUNDS = 300;
  private static final String DDL =
      "a BIGINT, b INT, c STRING, d DOUBLE, e BOOLEAN, f DECIMAL(30,2), g STRING, h TIMESTAMP";

  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  @ParameterizedTest
  @CsvSource({"v1, uncompressed", "v1, snappy", "v2, uncompressed", "v2, lz4_raw", "v1, gzip"})
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void damageIsAnErrorOrRows(String version, String codec) throws IOException {
    Path whole = directory.resolve("whole.parquet");
    duckdb(
        "COPY (SELECT i AS a, (i % 5)::INTEGER AS b, 'text ' || i AS c, CASE WHEN i % 3 = 0 THEN i"
            + " / 4.0 END AS d, i % 2 = 0 AS e, i::DECIMAL(30,2) AS f, 's' || i % 4 AS g,"
            + " make_timestamp(i)::TIMESTAMPTZ AS h FROM range(300) t(i)) TO '"
            + whole
            + "' (FORMAT parquet, PARQUET_VERSION "
            + version
            + ", COMPRESSION "
            + codec
            + ")");
    byte[] bytes = Files.readAllBytes(whole);
    long seed = System.nanoTime();
    System.out.println("seed of damage: " + seed);
    Random random = new Random(seed);
    int failures = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(bytes, random);
      Path file = directory.resolve("damaged.parquet");
      Files.write(file, damaged);
      failures += read(file, seed, round) ? 0 : 1;
    }
    assertThat(failures).as("seed=%d", seed).isBetween(1, ROUNDS - 1);
  }

  private static byte[] damage(byte[] whole, Random random) {
    if (random.nextInt(10) == 0) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
    byte[] bytes = whole.clone();
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      // Page headers and the footer are small beside the values; they get their share.
      int at = random.nextBoolean() ? random.nextInt(bytes.length) : place(bytes, random);
      bytes[at] =
          random.nextBoolean()
              ? (byte) (bytes[at] ^ (1 << random.nextInt(8)))
              : (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static int place(byte[] bytes, Random random) {
    int footer = Math.min(bytes.length, 1_500);
    return bytes.length - 1 - random.nextInt(footer);
  }

  /** Whether the file gave rows. */
  private boolean read(Path file, long seed, int round) {
    SourceSpec spec = spec("parquet", DDL, file);
    try {
      files.rows(spec);
      return true;
    } catch (ArrowmillException e) {
      assertThat(e).as("seed=%d round=%d", seed, round).hasMessageContaining("damaged.parquet");
      return false;
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("seed=%d round=%d".formatted(seed, round), e);
    }
  }
}
