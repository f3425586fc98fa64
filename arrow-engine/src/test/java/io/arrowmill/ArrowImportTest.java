package io.arrowmill;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.ArrowStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrow data of the program's own, under an allocator of its own, as a stream of Arrow IPC. */
final class ArrowImportTest {
  private static final String[] CITIES = {
    "Oslo", "", "東京", "a city with a name of more than twelve bytes"
  };

  private final BufferAllocator allocator = new RootAllocator();
  private final Session session = Session.builder().getOrCreate();

  @BeforeEach
  void nothingHeld() {
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @AfterEach
  void close() {
    session.close();
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 100_000})
  void readsPlacesInADictionaryAsTheirValues(int rows) throws IOException {
    List<Row> expected = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      expected.add(Row.of(row % 7 == 3 ? null : CITIES[row * 31 % CITIES.length], (long) row));
    }
    byte[] stream = encoded(CITIES, expected);
    try (ArrowReader reader = reader(stream)) {
      DataFrame table = session.fromArrow(reader);
      assertThat(table.schema().toDDL()).isEqualTo("city STRING,id BIGINT");
      assertThat(table.collect()).isEqualTo(expected);
      long oslo = expected.stream().filter(row -> "Oslo".equals(row.get(0))).count();
      assertThat(
              table
                  .where(col("city").equalTo("Oslo"))
                  .groupBy("city")
                  .agg(count(lit(1)).as("n"))
                  .collect())
          .isEqualTo(oslo == 0 ? List.of() : List.of(Row.of("Oslo", oslo)));
    }
  }

  /** In the first batch, and in a second one that begins within what the reader brought. */
  @Test
  void placesInADictionaryStayAsCodes() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 100_000; row++) {
      rows.add(Row.of(row % 7 == 3 ? null : CITIES[row * 31 % CITIES.length], (long) row));
    }
    Map<@Nullable String, Integer> codeOf = new HashMap<>();
    try (ArrowReader reader = reader(encoded(CITIES, rows))) {
      SourceSpec table = ((BatchRelation) session.fromArrow(reader).plan()).source();
      for (InputSplit split : session.inProcess().planBatch(table, List.of("id", "city"))) {
        try (BatchReader batches = split.open(session.allocator())) {
          for (RecordBatch next = batches.next(); next != null; next = batches.next()) {
            try (RecordBatch batch = next) {
              assertThat(batch.codes(0)).isNull();
              RowCodes codes = Objects.requireNonNull(batch.codes(1));
              for (int i = 0; i < batch.rowCount(); i++) {
                int code = OffHeap.getInt(codes.address() + 4L * i);
                Object city = rows.get((int) ((BigIntVector) batch.column(0)).get(i)).get(0);
                assertThat(code).isBetween(0, codes.bound() - 1);
                assertThat(codeOf.computeIfAbsent((String) city, _ -> code)).isEqualTo(code);
              }
            }
          }
        }
      }
    }
    assertThat(codeOf).hasSize(CITIES.length + 1);
  }

  /** A later dictionary gives the same places other values; codes mean nothing beyond a batch. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void groupsByPlacesOfDictionariesThatChange(int workers) throws IOException {
    String[] other = {CITIES[2], "Bergen", CITIES[0], CITIES[1]};
    List<Row> rows = new ArrayList<>();
    List<DataFrame> parts = new ArrayList<>();
    try (Session two = Session.builder().config("arrowmill.workers", workers).getOrCreate()) {
      for (String[] words : List.of(CITIES, other)) {
        List<Row> part = new ArrayList<>();
        for (int row = 0; row < 70_000; row++) {
          part.add(Row.of(row % 5 == 1 ? null : words[row * 7 % 11 % words.length], (long) row));
        }
        rows.addAll(part);
        try (ArrowReader reader = reader(encoded(words, part))) {
          parts.add(two.fromArrow(reader));
        }
      }
      Map<@Nullable Object, Long> expected = new HashMap<>();
      rows.forEach(row -> expected.merge(row.get(0), row.getLong(1), Long::sum));
      Map<@Nullable Object, Object> found = new HashMap<>();
      parts
          .get(0)
          .union(parts.get(1))
          .groupBy("city")
          .agg(sum("id"))
          .collect()
          .forEach(row -> assertThat(found.put(row.get(0), row.getLong(1))).isNull());
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void refusesAStreamOfPlacesWithoutTheirDictionary() throws IOException {
    byte[] stream = encoded(new String[] {"a"}, List.of(Row.of("a", 1L)));
    try (ArrowReader reader = reader(stream)) {
      assertThatExceptionOfType(AnalysisException.class)
          .isThrownBy(() -> ArrowStream.of(session, reader.getVectorSchemaRoot().getSchema()))
          .withMessageContaining("column=city")
          .withMessageContaining("decode it")
          .extracting(AnalysisException::condition)
          .isEqualTo("UNSUPPORTED_ARROW_TYPE");
    }
  }

  private ArrowReader reader(byte[] stream) {
    return new ArrowStreamReader(new ByteArrayInputStream(stream), allocator);
  }

  /** The rows as a stream of one batch, the first column in a dictionary. */
  private byte[] encoded(String[] words, List<Row> rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DictionaryEncoding encoding = new DictionaryEncoding(7, false, new ArrowType.Int(32, true));
    try (VarCharVector values = texts("city", List.of(words));
        VarCharVector cities =
            texts("city", rows.stream().map(row -> (String) row.get(0)).toList());
        BigIntVector ids = new BigIntVector("id", allocator)) {
      for (int i = 0; i < rows.size(); i++) {
        ids.setSafe(i, rows.get(i).getLong(1));
      }
      ids.setValueCount(rows.size());
      Dictionary dictionary = new Dictionary(values, encoding);
      MapDictionaryProvider provider = new MapDictionaryProvider(dictionary);
      try (FieldVector places = (FieldVector) DictionaryEncoder.encode(cities, dictionary);
          VectorSchemaRoot root = VectorSchemaRoot.of(places, ids);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, provider, out)) {
        root.setRowCount(rows.size());
        writer.writeBatch();
      }
    }
    return out.toByteArray();
  }

  private VarCharVector texts(String name, List<@Nullable String> texts) {
    VarCharVector vector = new VarCharVector(name, allocator);
    vector.allocateNew();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text != null) {
        vector.setSafe(i, text.getBytes(StandardCharsets.UTF_8));
      }
    }
    vector.setValueCount(texts.size());
    return vector;
  }
}
