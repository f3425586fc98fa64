package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.duckdb;
import static io.arrowmill.connectors.file.FileReading.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads with filters: every row that passes them comes, in order, and all others are counted. */
@Tag("lanes")
class ParquetFilterTest {
  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  /** A filter of a column by the text of its values; null values are the text {@code null}. */
  private record TextFilter(String column, Predicate<String> passes) implements ValueFilter {
    @Override
    public boolean @Nullable [] passes(FieldVector values) {
      boolean[] passes = new boolean[values.getValueCount()];
      for (int i = 0; i < passes.length; i++) {
        passes[i] = this.passes.test(FileReading.text(values, i));
      }
      return passes;
    }
  }

  /** Values of few and of many kinds, of each shape that is decoded in a way of its own. */
  private static final List<String> COLUMNS =
      List.of(
          "(i % 3)::INTEGER",
          "(hash(i) % 40)::INTEGER",
          "(hash(i) % 400)::BIGINT",
          "(hash(i) % 900 / 4.0)::DOUBLE",
          "i::BIGINT",
          "(i % 2 = 0)::BOOLEAN",
          "(i % 7)::TINYINT",
          "(hash(i) % 300)::SMALLINT",
          "('v' || hash(i) % 60)::VARCHAR",
          "('a long text that is shared by all ' || i)::VARCHAR",
          "(hash(i) % 99 / 100)::DECIMAL(7,2)",
          "(i % 50)::DECIMAL(38,5)",
          "(DATE '1970-01-01' + (i % 400)::INTEGER)::DATE",
          "make_timestamp(i * 1234567)::TIMESTAMP",
          "make_timestamp_ns((hash(i) % 20)::BIGINT * 1000)::TIMESTAMP_NS",
          "'00000000-0000-0000-0000-000000000001'::UUID",
          "(i % 90)::UINTEGER");

  private static final List<String> NULLS =
      List.of(
          "false", "false", "i % 1000 = 999", "hash(i + 1) % 2 = 0", "i // 3000 % 2 = 0", "true");

  @Test
  void givesTheRowsThatPass() throws IOException {
    long seed = Long.getLong("arrowmill.seed", System.nanoTime());
    Random random = new Random(seed);
    long leftOut = 0;
    for (int round = 0; round < 40; round++) {
      int columns = 1 + random.nextInt(6);
      List<String> values = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        values.add(
            "CASE WHEN %s THEN NULL ELSE %s END AS c%d"
                .formatted(any(NULLS, random), any(COLUMNS, random), i));
      }
      Path file = directory.resolve("f" + round + ".parquet");
      String copy =
          "COPY (SELECT %s FROM range(%d) t(i)) TO '%s' (FORMAT parquet, PARQUET_VERSION %s, COMPRESSION %s, ROW_GROUP_SIZE %d, DICTIONARY_SIZE_LIMIT %d)"
              .formatted(
                  String.join(", ", values),
                  random.nextInt(60_000),
                  file,
                  any(List.of("v1", "v2"), random),
                  any(List.of("uncompressed", "snappy"), random),
                  2048 * (1 + random.nextInt(40)),
                  any(List.of(10, 500, 1_000_000), random));
      duckdb(copy);
      leftOut += check(file, random, "seed=%d round=%d %s".formatted(seed, round, copy));
    }
    assertThat(leftOut).as("seed=%d", seed).isPositive();
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  /** Reads a file with random filters; returns how many rows were left out. */
  private long check(Path file, Random random, String what) throws IOException {
    SourceSpec spec = spec("parquet", null, file);
    List<String> names = Arrays.asList(files.schema(spec).fieldNames());
    List<ValueFilter> filters = new ArrayList<>();
    List<Predicate<String>> expected = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int column = random.nextInt(names.size());
      int salt = random.nextInt();
      int parts = 1 + random.nextInt(30);
      Predicate<String> passes = text -> (text.hashCode() * 31 + salt & 0x7FFF_FFFF) % parts == 0;
      filters.add(new TextFilter(names.get(column), passes));
      expected.add(row -> passes.test(row.split("\\|", -1)[column]));
    }
    List<InputSplit> splits = files.plan(spec, names.toArray(String[]::new));
    List<String> all = files.rows(splits);
    List<String> read = new ArrayList<>();
    long leftOut = files.rows(splits, filters, read);
    assertThat(read.size() + leftOut).as(what).isEqualTo(all.size());
    assertThat(passing(read, expected)).as(what).isEqualTo(passing(all, expected));
    return leftOut;
  }

  private static List<String> passing(List<String> rows, List<Predicate<String>> filters) {
    return rows.stream().filter(row -> filters.stream().allMatch(f -> f.test(row))).toList();
  }

  @Test
  void giveAllRowsWhereAFilterCannotSay() throws IOException {
    Path file = directory.resolve("f.parquet");
    duckdb("COPY (SELECT (i %% 9)::INTEGER AS c0 FROM range(30000) t(i)) TO '%s'".formatted(file));
    ValueFilter unknown =
        new ValueFilter() {
          @Override
          public String column() {
            return "c0";
          }

          @Override
          public boolean @Nullable [] passes(FieldVector values) {
            return null;
          }
        };
    List<String> read = new ArrayList<>();
    long leftOut =
        files.rows(files.plan(spec("parquet", null, file), "c0"), List.of(unknown), read);
    assertThat(read).hasSize(30_000);
    assertThat(leftOut).isZero();
  }
}
