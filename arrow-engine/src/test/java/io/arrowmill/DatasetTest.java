package io.arrowmill;

import static io.arrowmill.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows as Java objects: what goes in comes out, and functions see it in between. */
class DatasetTest {
  private static Session session = Session.builder().getOrCreate();

  @BeforeAll
  static void open() {
    session.close();
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private record Primitives(
      boolean flag, byte b, short s, int i, long l, float f, double d, String text) {}

  private static Primitives primitives(int n) {
    return new Primitives(
        n % 2 == 0, (byte) n, (short) -n, n * 1_000, -5_000_000_000L * n, n / 4f, -0.0, "é" + n);
  }

  record Inner(String name, long number) {}

  @SuppressWarnings("ArrayRecordComponent") // null here: arrays are equal if they are one
  record Objects(
      @Nullable Boolean flag,
      @Nullable Byte b,
      @Nullable Short s,
      @Nullable Integer i,
      @Nullable Long l,
      @Nullable Float f,
      @Nullable Double d,
      @Nullable String text,
      byte @Nullable [] bytes,
      @Nullable BigDecimal decimal,
      @Nullable LocalDate date,
      @Nullable Instant instant,
      @Nullable LocalDateTime dateTime,
      @Nullable Duration duration,
      @Nullable Period period,
      @Nullable Inner inner,
      @Nullable List<@Nullable Inner> list,
      @Nullable Map<String, @Nullable Inner> map) {}

  private static final Objects NULLS =
      new Objects(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null);

  private static Objects objects(int n) {
    return new Objects(
        n % 2 == 0,
        (byte) n,
        (short) n,
        n,
        (long) n,
        Float.NaN,
        -0.0,
        "text " + n,
        null,
        new BigDecimal("1.500000000000000000"),
        LocalDate.of(2026, 1, 1).plusDays(n),
        Instant.ofEpochSecond(n, 1_000),
        LocalDateTime.of(1969, 12, 31, 23, 59, 59).plusHours(n),
        Duration.ofMillis(n),
        Period.of(1, 2, 0),
        new Inner("in", n),
        java.util.Arrays.asList(new Inner("a", 1), null),
        Collections.singletonMap("k", n % 3 == 0 ? null : new Inner("v", n)));
  }

  private static <R extends Record> Dataset<R> dataset(List<R> records, Class<R> type) {
    return session.createDataFrame(records, type).as(type);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 5_000, 70_000})
  void mapsRecordsOfPrimitives(int rows) {
    List<Primitives> records = IntStream.range(0, rows).mapToObj(DatasetTest::primitives).toList();
    Dataset<Primitives> mapped = dataset(records, Primitives.class).map(r -> r, Primitives.class);
    assertThat(mapped.collect()).isEqualTo(records);
    assertThat(mapped.schema().field(4).nullable()).isFalse();
  }

  @Test
  void mapsRecordsOfEveryClass() {
    List<Objects> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(i % 7 == 0 ? NULLS : objects(i));
    }
    assertThat(dataset(records, Objects.class).map(r -> r, Objects.class).collect())
        .isEqualTo(records);
  }

  @Test
  void mapsToValuesAndBack() {
    Dataset<Long> numbers = session.range(0, 100).as(Long.class);
    assertThat(numbers.map(n -> n * n, Long.class).collect())
        .isEqualTo(LongStream.range(0, 100).mapToObj(n -> n * n).toList());
    Dataset<String> texts = numbers.map(n -> n % 10 == 0 ? null : "t" + n, String.class);
    assertThat(texts.filter(t -> t == null).count()).isEqualTo(10);
    assertThat(texts.columns()).containsExactly("value");
  }

  @Test
  void filterKeepsAllColumns() {
    DataFrame frame = session.range(0, 1_000).withColumn("other", col("id").multiply(2));
    Dataset<Long> odd = frame.drop("other").as(Long.class).filter(n -> n % 2 == 1);
    assertThat(odd.count()).isEqualTo(500);
    record Id(long id) {}
    DataFrame kept = frame.as(Id.class).filter(r -> r.id() % 100 == 0).toDF();
    assertThat(kept.columns()).containsExactly("id", "other");
    assertThat(kept.collect().get(3)).isEqualTo(Row.of(300L, 600L));
  }

  @Test
  void flatMapGivesAnyNumber() {
    Dataset<String> letters =
        session
            .range(0, 4)
            .as(Long.class)
            .flatMap(n -> Collections.nCopies(n.intValue(), "n" + n).iterator(), String.class);
    assertThat(letters.collect()).containsExactly("n1", "n2", "n2", "n3", "n3", "n3");
    assertThat(
            session
                .range(0, 3)
                .as(Long.class)
                .flatMap(n -> LongStream.range(0, 50_000).iterator(), Long.class)
                .count())
        .isEqualTo(150_000);
  }

  @Test
  void columnsAreFoundByNameAndWidened() {
    record Wide(double number, String text, long id) {}
    DataFrame frame =
        session
            .range(0, 3)
            .selectExpr("id", "cast(id AS INT) AS TEXT", "cast(id AS FLOAT) AS number");
    assertThat(frame.as(Wide.class).collect())
        .containsExactly(new Wide(0, "0", 0), new Wide(1, "1", 1), new Wide(2, "2", 2));
    assertThat(frame.as(Wide.class).filter(w -> w.id() > 0).toDF().columns())
        .containsExactly("id", "TEXT", "number");
  }

  @Test
  void refusesWhatDoesNotFit() {
    record Missing(long id, long absent) {}
    record Narrow(int id) {}
    DataFrame frame = session.range(0, 3);
    assertThatThrownBy(() -> frame.as(Missing.class))
        .hasMessageContaining("absent")
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("UNRESOLVED_COLUMN.WITH_SUGGESTION");
    assertThatThrownBy(() -> frame.as(Narrow.class))
        .hasMessageContaining("from=BIGINT, to=INT")
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("CANNOT_UP_CAST_DATATYPE");
    assertThatThrownBy(() -> frame.as(Object.class))
        .extracting(e -> ((AnalysisException) e).condition())
        .isEqualTo("UNSUPPORTED_RECORD_TYPE");
  }

  @Test
  void nullForAPrimitiveIsAnError() {
    record Id(long id) {}
    Dataset<Id> ids =
        session.range(0, 3).selectExpr("nullif(id, 2) AS id").as(Id.class).filter(r -> true);
    assertThatThrownBy(ids::count)
        .hasMessageContaining("component=id")
        .extracting(e -> ((ArrowmillException) e).condition())
        .isEqualTo("NOT_NULL_ASSERT_VIOLATION");
  }

  @Test
  void functionThatThrowsIsNamedWithItsValue() {
    Dataset<Long> failing = session.range(0, 100).as(Long.class).map(n -> n / (n - 57), Long.class);
    assertThatThrownBy(failing::collect)
        .hasMessageContaining("operator=map, value=57")
        .extracting(e -> ((ArrowmillException) e).condition())
        .isEqualTo("USER_FUNCTION_ERROR");
  }

  @Test
  void countsByKey() {
    record Key(boolean even, List<String> name) {}
    Dataset<Long> numbers = session.range(0, 1_000).as(Long.class);
    assertThat(
            numbers.groupByKey(n -> n % 3, Long.class).count().collect().stream()
                .collect(Collectors.toMap(KeyValue::key, KeyValue::value)))
        .isEqualTo(Map.of(0L, 334L, 1L, 333L, 2L, 333L));
    assertThat(
            numbers
                .groupByKey(n -> new Key(n % 2 == 0, List.of("n" + n % 2)), Key.class)
                .count()
                .collect())
        .containsExactlyInAnyOrder(
            new KeyValue<>(new Key(true, List.of("n0")), 500L),
            new KeyValue<>(new Key(false, List.of("n1")), 500L));
    assertThat(numbers.groupByKey(n -> new Inner("x", n % 2), Inner.class).keys().collect())
        .containsExactlyInAnyOrder(new Inner("x", 0), new Inner("x", 1));
  }

  @Test
  void streamsAreMappedFilteredAndCounted() {
    MemoryStream<Inner> stream = MemoryStream.of(session, Inner.class);
    List<String> given = new ArrayList<>();
    StreamingQuery query =
        stream
            .toDS()
            .filter(r -> r.number() > 0)
            .map(r -> r.name() + r.number(), String.class)
            .groupByKey(t -> t.substring(0, 1), String.class)
            .count()
            .writeStream()
            .outputMode("update")
            .foreachBatch((batch, id) -> batch.collect().forEach(r -> given.add(id + " " + r)))
            .start();
    stream.addData(new Inner("a", 1), new Inner("a", 0), new Inner("b", 2), new Inner("ab", 3));
    query.processAllAvailable();
    stream.addData(new Inner("b", 5));
    query.processAllAvailable();
    query.stop();
    assertThat(given).containsExactlyInAnyOrder("0 [a,2]", "0 [b,1]", "1 [b,2]");
  }

  @Test
  void functionThatThrowsEndsTheQueryBeforeItsBatchIsCommitted() {
    MemoryStream<Inner> stream = MemoryStream.of(session, Inner.class);
    List<Row> given = new ArrayList<>();
    StreamingQuery query =
        stream
            .toDS()
            .map(r -> 10 / r.number(), Long.class)
            .writeStream()
            .queryName("division")
            .foreachBatch((batch, id) -> given.addAll(batch.collect()))
            .start();
    stream.addData(new Inner("a", 5), new Inner("b", 0));
    assertThatThrownBy(query::processAllAvailable)
        .hasMessageContaining("name=division")
        .hasMessageContaining("value=Inner[name=b, number=0]");
    assertThat(given).isEmpty();
  }

  @Test
  void joinsWithItself() {
    Dataset<Inner> pairs =
        session.range(0, 5).as(Long.class).map(n -> new Inner("n" + n, n), Inner.class);
    DataFrame joined = pairs.toDF().as("a").join(pairs.toDF().as("b"), "name");
    assertThat(joined.count()).isEqualTo(5);
  }
}
