package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled expressions give what the interpreter gives: the value, or the error's condition. */
@Tag("lanes")
final class KernelModesTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final List<Attribute> INPUT =
      RandomSql.SCHEMA.fields().stream()
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

  private static Transform compile(
      KernelMode mode, @Nullable Expression filter, Expression column) {
    StructType schema = StructType.of(new StructField("v", column.type(), true));
    return Transform.compile(
        filter, List.of(column), INPUT, schema, new KernelSettings(mode, UTC, LaneStart.AT_ONCE));
  }

  /** The values of the rows that pass, or the condition of the error. */
  private Object outcome(Transform transform, List<Row> rows) {
    try (RecordBatch batch = BatchBuilder.batch(RandomSql.SCHEMA, rows, allocator);
        TransformTask task = transform.open(allocator, memory, Instant.EPOCH);
        RecordBatch result = task.apply(batch)) {
      List<@Nullable Object> values = new ArrayList<>();
      if (result != null) {
        for (Row row : RowReader.rows(result)) {
          values.add(row.get(0));
        }
      }
      return values;
    } catch (ArrowmillException e) {
      return e.condition();
    }
  }

  private static boolean same(Object left, Object right) {
    if (!(left instanceof List<?> a) || !(right instanceof List<?> b) || a.size() != b.size()) {
      return left.equals(right);
    }
    for (int i = 0; i < a.size(); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      if (!(x instanceof byte[] bytes && y instanceof byte[] other && Arrays.equals(bytes, other))
          && !Objects.equals(x, y)) {
        return false;
      }
    }
    return true;
  }

  private void check(long seed, String sql, @Nullable String filter, List<Row> rows) {
    Expression column = resolve(sql);
    Expression predicate = filter == null ? null : resolve(filter);
    Transform interpreted = compile(KernelMode.INTERPRETED, predicate, column);
    KernelMode mode = (seed + sql.hashCode()) % 2 == 0 ? KernelMode.SCALAR : KernelMode.SIMD;
    Transform compiled = compile(mode, predicate, column);
    List<List<Row>> batches = new ArrayList<>(List.of(rows));
    if (outcome(interpreted, rows) instanceof String) {
      rows.forEach(row -> batches.add(List.of(row)));
    }
    for (List<Row> batch : batches) {
      Object expected = outcome(interpreted, batch);
      Object actual = outcome(compiled, batch);
      if (!same(expected, actual)) {
        fail(
            "seed=%d, mode=%s, sql=%s, filter=%s, row=%s%nexpected=%s%nactual=%s",
            seed,
            mode,
            sql,
            filter,
            batch.size() == 1 ? batch.getFirst() : "all",
            expected,
            actual);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void randomExpressions(int depth) {
    long seed = Long.getLong("arrowmill.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed + depth);
    RandomSql sql = new RandomSql(random);
    int count = Integer.getInteger("arrowmill.cases", 60);
    for (int i = 0; i < count; i++) {
      String text = sql.expression(depth);
      int rows = new int[] {1, 63, 64, 65, 130}[random.nextInt(5)];
      check(
          seed,
          text,
          random.nextBoolean() ? null : sql.bool(1),
          sql.rows(rows, random.nextBoolean()));
    }
  }

  /** The comparison above means something only where there is a kernel to compare. */
  @Test
  void mostOfTheseExpressionsAreCompiled() {
    RandomSql sql = new RandomSql(new SplittableRandom(7));
    IrTranslator translator = new IrTranslator(INPUT, UTC);
    int translated = 0;
    int count = 400;
    for (int i = 0; i < count; i++) {
      if (translator.translate(resolve(sql.expression(1 + i % 4))).isPresent()) {
        translated++;
      }
    }
    assertThat(translated).as("translated of %d", count).isGreaterThan(count * 3 / 4);
  }

  @Test
  void noRowsGiveNoBatch() {
    assertThat(outcome(compile(KernelMode.SCALAR, null, resolve("i + 1")), List.of()))
        .isEqualTo(List.of());
    Transform none = compile(KernelMode.SCALAR, resolve("i > 0 and i < 0"), resolve("t"));
    RandomSql sql = new RandomSql(new SplittableRandom(1));
    assertThat(outcome(none, sql.rows(65, true))).isEqualTo(List.of());
  }

  @Test
  void errorsNameTheConditionOnce() {
    Transform transform = compile(KernelMode.SCALAR, null, resolve("cast(1 as int) / (i - i)"));
    List<Row> rows = new RandomSql(new SplittableRandom(2)).rows(1, true);
    try (RecordBatch batch = BatchBuilder.batch(RandomSql.SCHEMA, rows, allocator);
        TransformTask task = transform.open(allocator, memory, Instant.EPOCH)) {
      assertThatErrorIs(() -> task.apply(batch), "DIVIDE_BY_ZERO");
    }
  }

  private static void assertThatErrorIs(Runnable action, String condition) {
    ArrowmillException error =
        org.assertj.core.api.Assertions.catchThrowableOfType(ArrowmillException.class, action::run);
    assertThat(error.condition()).isEqualTo(condition);
    assertThat(error.getMessage()).startsWith("[" + condition + "] division by zero");
    assertThat(error.getCause()).isInstanceOf(io.arrowmill.codegen.kernel.KernelException.class);
  }
}
