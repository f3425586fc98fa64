package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.analysis.AnalysisConf;
import io.arrowmill.analysis.Analyzer;
import io.arrowmill.analysis.RelationLookup;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A filter and its columns in one kernel: which rows and values come out, batch after batch. */
@Tag("lanes")
final class FusedTransformTest {
  private static final StructType SCHEMA =
      StructType.of(
          DataTypes.field("id", DataTypes.LONG),
          DataTypes.field("k", DataTypes.INTEGER),
          DataTypes.field("x", DataTypes.DOUBLE),
          DataTypes.field("name", DataTypes.STRING));
  private static final List<Attribute> INPUT =
      SCHEMA.fields().stream()
          .map(field -> Attribute.of(field.name(), field.type(), true))
          .toList();

  private final BufferAllocator allocator = new RootAllocator();
  private final ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "none");

  @AfterEach
  void nothingLeaks() {
    memory.close();
    allocator.close();
  }

  private static Expression resolve(String sql) {
    return new Analyzer(RelationLookup.NONE, AnalysisConf.DEFAULT)
        .resolve(SqlParser.parseExpression(sql), new LocalRelation(INPUT, List.of()));
  }

  private static Transform compile(String filter, String... columns) {
    List<Expression> resolved = Arrays.stream(columns).map(FusedTransformTest::resolve).toList();
    List<StructField> fields = new ArrayList<>();
    for (Expression column : resolved) {
      fields.add(new StructField("c" + fields.size(), column.type(), true));
    }
    return Transform.compile(
        resolve(filter),
        resolved,
        INPUT,
        StructType.of(fields.toArray(StructField[]::new)),
        new KernelSettings(KernelMode.SIMD, ZoneOffset.UTC, LaneStart.AT_ONCE));
  }

  private RecordBatch batch(int rows) {
    List<Row> made = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      made.add(
          Row.withSchema(
              SCHEMA,
              Arrays.asList((long) i, i % 5 == 0 ? null : (Object) i, i * 0.5, "name" + i)));
    }
    return BatchBuilder.batch(SCHEMA, made, allocator);
  }

  private static List<List<@Nullable Object>> values(@Nullable RecordBatch result) {
    List<List<@Nullable Object>> values = new ArrayList<>();
    if (result != null) {
      for (Row row : RowReader.rows(result)) {
        List<@Nullable Object> of = new ArrayList<>();
        for (int i = 0; i < result.schema().size(); i++) {
          of.add(row.get(i));
        }
        values.add(of);
      }
    }
    return values;
  }

  /** Few rows are copied out of working memory, many are written where they stay. */
  @ParameterizedTest
  @CsvSource({"1,0", "64,3", "63,62", "200,190", "1000,10", "1000,999", "1000,1000", "130,500"})
  void keepsTheRowsAboveABound(int rows, int bound) {
    Transform transform = compile("id >= " + bound, "id", "k + 1", "x * 2", "name", "k > 100");
    try (TransformTask task = transform.open(allocator, memory, Instant.EPOCH);
        RecordBatch batch = batch(rows)) {
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int i = bound; i < rows; i++) {
        boolean isNull = i % 5 == 0;
        expected.add(
            Arrays.asList(
                (long) i,
                isNull ? null : (Object) (i + 1),
                (double) i,
                "name" + i,
                isNull ? null : (Object) (i > 100)));
      }
      for (int run = 0; run < 3; run++) {
        try (RecordBatch result = task.apply(batch)) {
          assertThat(values(result)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void errorsOfRowsThatAreDroppedDoNotCount() {
    Transform transform = compile("id <> 77", "9223372036854775731 + id");
    try (TransformTask task = transform.open(allocator, memory, Instant.EPOCH);
        RecordBatch fits = batch(78);
        RecordBatch overflows = batch(79)) {
      try (RecordBatch result = task.apply(fits)) {
        assertThat(values(result)).hasSize(77);
      }
      assertThatExceptionOfType(ArrowmillException.class)
          .isThrownBy(() -> task.apply(overflows))
          .satisfies(e -> assertThat(e.condition()).isEqualTo("ARITHMETIC_OVERFLOW"))
          .withMessageContaining("right=78");
    }
  }
}
