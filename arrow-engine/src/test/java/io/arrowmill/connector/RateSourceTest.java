package io.arrowmill.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.Row;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateSourceTest {
  private static final long START = Instant.parse("2026-03-29T00:59:58Z").toEpochMilli();

  private final AtomicLong nowMillis = new AtomicLong(START);
  private final RateProvider provider =
      new RateProvider(() -> Instant.ofEpochMilli(nowMillis.get()));
  private final BufferAllocator allocator = new RootAllocator();
  @TempDir private Path directory;

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 4, 0, 0",
    "10, 4, 1, 2",
    "10, 4, 2, 6",
    "10, 4, 3, 12",
    "10, 4, 4, 20",
    "10, 4, 5, 30",
    "10, 4, 6, 40",
    "7, 0, 3, 21",
  })
  void countsRowsWhileRampingUp(long rate, long rampUp, long seconds, long rows) {
    assertThat(new RateRamp(rate, rampUp).rows(seconds)).isEqualTo(rows);
  }

  @Test
  void spreadsTheRowsOfARangeEvenlyOverItsSeconds() throws IOException {
    StreamSource source = open(Map.of("rowsPerSecond", "4"));
    assertThat(source.latestOffset(null)).isNull();

    nowMillis.addAndGet(2_999);

    assertThat(source.latestOffset(null)).isEqualTo("2");
    assertThat(rows(source, "1", "2", "timestamp", "value"))
        .containsExactly(
            Row.of(Instant.parse("2026-03-29T00:59:59Z"), 4L),
            Row.of(Instant.parse("2026-03-29T00:59:59.250Z"), 5L),
            Row.of(Instant.parse("2026-03-29T00:59:59.500Z"), 6L),
            Row.of(Instant.parse("2026-03-29T00:59:59.750Z"), 7L));
  }

  @Test
  void givesTheSameRowsAfterARestart() throws IOException {
    List<Row> before = rows(open(Map.of()), null, "3", "timestamp", "value");
    nowMillis.addAndGet(3_600_000);

    StreamSource again = open(Map.of());

    assertThat(rows(again, null, "3", "timestamp", "value")).isEqualTo(before).hasSize(3);
    assertThat(again.latestOffset("3")).isEqualTo("3600");
  }

  @Test
  void cutsARangeIntoSplitsInOrder() throws IOException {
    StreamSource source = open(Map.of("rowsPerSecond", "100003", "numPartitions", "3"));

    assertThat(source.plan(null, "2", List.of("value"))).hasSize(3);
    assertThat(rows(source, null, "2", "value"))
        .isEqualTo(LongStream.range(0, 200_006).mapToObj(Row::of).toList());
    assertThat(source.plan("2", "2", List.of("value"))).isEmpty();
  }

  @Test
  void neverTakesBackWhatAClockSetBackHadOffered() throws IOException {
    nowMillis.addAndGet(5_000);
    StreamSource source = open(Map.of());
    nowMillis.addAndGet(-4_000);

    assertThat(source.latestOffset("5")).isEqualTo("5");
  }

  @Test
  void availableNowEndsWhereItBegan() throws IOException {
    StreamSource source = open(Map.of());
    nowMillis.addAndGet(2_000);
    source.prepareForAvailableNow();
    nowMillis.addAndGet(2_000);

    assertThat(source.latestOffset(null)).isEqualTo("2");
    assertThat(source.latestOffset("2")).isEqualTo("2");
  }

  @Test
  void saysThatItsRowsCanNoLongerBeCounted() throws IOException {
    StreamSource source = open(Map.of("rowsPerSecond", "9223372036854775807"));

    assertThatThrownBy(() -> source.plan("1", "2", List.of("value")))
        .hasMessageContaining("[RATE_SOURCE_OVERFLOW]")
        .hasMessageContaining("seconds=2, rowsPerSecond=9223372036854775807");
  }

  @Test
  void refusesAStartTimeThatIsDamaged() throws IOException {
    Files.writeString(directory.resolve("start-time"), "v1\n");

    assertThatThrownBy(() -> open(Map.of()))
        .hasMessageContaining("[CHECKPOINT_FILE_DAMAGED]")
        .hasMessageContaining("lines=[v1]");
  }

  @ParameterizedTest
  @CsvSource({
    "rowsPerSecond, 0, INVALID_OPTION",
    "rampUpTime, -1s, INVALID_OPTION",
    "numPartitions, 0, INVALID_OPTION",
    "rowsPerSec, 1, UNKNOWN_OPTION",
  })
  void refusesWrongOptions(String option, String value, String condition) {
    assertThatThrownBy(() -> provider.schema(spec(Map.of(option, value)), true))
        .isInstanceOfSatisfying(
            AnalysisException.class, e -> assertThat(e.condition()).isEqualTo(condition));
  }

  @Test
  void canOnlyBeStreamedAndHasItsOwnColumns() {
    assertThatThrownBy(() -> provider.schema(spec(Map.of()), false))
        .hasMessageContaining("[UNSUPPORTED_BATCH_READ]");
    assertThatThrownBy(() ->
            provider.schema(new SourceSpec("rate", StructType.fromDDL("a INT"), Map.of()), true))
        .hasMessageContaining("[UNSUPPORTED_SCHEMA]");
    assertThat(provider.schema(spec(Map.of()), true).toDDL())
        .isEqualTo("timestamp TIMESTAMP,value BIGINT");
  }

  @Test
  void rateMicroBatchMakesTheSameRowsEveryBatch() throws IOException {
    Map<String, String> options =
        Map.of("rowsPerBatch", "2", "startTimestamp", "1000", "advanceMillisPerBatch", "50");
    StreamSource source =
        new RateMicroBatchProvider()
            .openStream(new SourceSpec("rate-micro-batch", null, options), context());
    String first = source.latestOffset(null);
    String second = source.latestOffset(first);

    assertThat(first).isEqualTo("{\"offset\":2,\"timestamp\":1050}");
    assertThat(second).isEqualTo("{\"offset\":4,\"timestamp\":1100}");
    assertThat(rows(source, null, first, "value", "timestamp"))
        .containsExactly(
            Row.of(0L, Instant.ofEpochMilli(1000)), Row.of(1L, Instant.ofEpochMilli(1000)));
    assertThat(rows(source, first, second, "value", "timestamp"))
        .containsExactly(
            Row.of(2L, Instant.ofEpochMilli(1050)), Row.of(3L, Instant.ofEpochMilli(1050)));

    source.prepareForAvailableNow();
    assertThat(source.latestOffset(second)).isEqualTo("{\"offset\":6,\"timestamp\":1150}");
    assertThat(source.latestOffset("{\"offset\":6,\"timestamp\":1150}"))
        .isEqualTo("{\"offset\":6,\"timestamp\":1150}");
  }

  @Test
  void rateMicroBatchMustBeToldHowManyRows() {
    SourceSpec spec = new SourceSpec("rate-micro-batch", null, Map.of());

    assertThatThrownBy(() -> new RateMicroBatchProvider().schema(spec, true))
        .hasMessageContaining("[OPTION_REQUIRED]")
        .hasMessageContaining("option=rowsPerBatch");
  }

  private StreamSource open(Map<String, String> options) throws IOException {
    return provider.openStream(spec(options), context());
  }

  private SourceContext context() {
    return new SourceContext(directory, allocator);
  }

  private static SourceSpec spec(Map<String, String> options) {
    return new SourceSpec("rate", null, options);
  }

  private List<Row> rows(
      StreamSource source, @Nullable String start, @Nullable String end, String... columns)
      throws IOException {
    assertThat(end).isNotNull();
    return ConnectorRows.read(
        source.plan(start, Objects.requireNonNull(end), List.of(columns)), allocator);
  }
}
