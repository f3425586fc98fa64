package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.call;
import static io.arrowmill.kernel.interpreted.Values.check;
import static io.arrowmill.kernel.interpreted.Values.checkFault;
import static io.arrowmill.kernel.interpreted.Values.checkTyped;
import static io.arrowmill.kernel.interpreted.Values.dec;
import static io.arrowmill.kernel.interpreted.Values.evaluate;
import static io.arrowmill.kernel.interpreted.Values.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.Row;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogicTest {
  private static final DataType BOOLEAN = DataTypes.BOOLEAN;

  /** An expression that can't be evaluated: proof that it was not. */
  private static final Expression TRAP = call("/", DataTypes.DOUBLE, 1.0, 0.0);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          true,  true,  true,  true
          true,  false, false, true
          false, false, false, false
          true,  ,      ,      true
          false, ,      false,
          ,      ,      ,
          """)
  void threeValuedLogic(Boolean a, Boolean b, Boolean and, Boolean or) {
    for (Boolean[] pair : new Boolean[][] {{a, b}, {b, a}}) {
      checkTyped("and", BOOLEAN, and, pair[0], pair[1]);
      checkTyped("or", BOOLEAN, or, pair[0], pair[1]);
    }
    checkTyped("not", BOOLEAN, a == null ? null : !a, a);
  }

  @Test
  void comparesWithNanGreatestAndZerosEqual() {
    check("=", true, Double.NaN, Double.NaN);
    check(">", true, Double.NaN, Double.POSITIVE_INFINITY);
    check("=", true, -0.0, 0.0);
    check("<", false, -0.0f, 0.0f);
    check("=", true, dec("1.0"), dec("1.00"));
    check("!=", true, 1, 2);
    checkTyped("=", BOOLEAN, null, 1, null);
    check("<=>", false, 1, null);
    check("<=>", true, null, null);
  }

  @Test
  void comparesStringsByBytes() {
    // U+FF5E is EF BD 9E and U+10000 is F0 90 80 80, though its first UTF-16 unit D800 is less.
    check("<", true, "\uff5e", "\ud800\udc00");
    check("<", true, "a", "a\u0000");
    check("<", true, "Z", "a");
    check("<", true, new byte[] {1}, new byte[] {(byte) 0x80});
  }

  @Test
  void inFollowsThreeValuedLogic() {
    check("in", true, 1, 2, 1);
    check("in", false, 1, 2, 3);
    check("in", true, 1, null, 1);
    checkTyped("in", BOOLEAN, null, 1, 2, null);
    checkTyped("in", BOOLEAN, null, null, 1);
    check("between", true, 2, 1, 2);
    check("isnull", true, (Object) null);
    check("isnotnull", false, (Object) null);
    check("isnan", false, (Object) null);
    check("isnan", true, Float.NaN);
  }

  @Test
  void conditionalsAreLazy() {
    check("if", 1.0, true, 1.0, TRAP);
    check("if", 1.0, null, TRAP, 1.0);
    check("coalesce", 2.0, null, 2.0, TRAP);
    check("nvl2", 1.0, 5, 1.0, TRAP);
    check("nanvl", 1.0, 1.0, TRAP);
    check("nanvl", 2.0, Double.NaN, 2.0);
    check("when", 1.0, false, TRAP, true, 1.0, TRAP);
    checkTyped("when", DataTypes.INTEGER, null, false, 1);
    check("and", false, false, call("isnan", BOOLEAN, TRAP));
    check("or", true, true, call("isnan", BOOLEAN, TRAP));
    checkTyped("nullif", DataTypes.INTEGER, null, 1, 1);
    check("nullif", 1, 1, null);
    CaseWhen caseWhen =
        new CaseWhen(
            List.of(new CaseWhen.Branch(lit(null), TRAP), new CaseWhen.Branch(lit(true), lit(3.0))),
            TRAP);
    assertThat(evaluate(caseWhen, "UTC")).isEqualTo(3.0);
  }

  @Test
  void readsFields() {
    assertThat(evaluate(new GetField(lit(Row.of(1, "x")), 1), "UTC")).isEqualTo("x");
    check("getitem", 2, List.of(1, 2), 1);
    check("getitem", null, Map.of("a", 1), "b");
    checkFault("getitem", DataTypes.INTEGER, "INVALID_ARRAY_INDEX", List.of(1, 2), 2);
    checkFault("getitem", DataTypes.INTEGER, "INVALID_ARRAY_INDEX", List.of(1, 2), -1);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:09.999999Z, 0, 1970-01-01T00:00:00Z",
    "1970-01-01T00:00:10Z, 0, 1970-01-01T00:00:10Z",
    "1969-12-31T23:59:59.999999Z, 0, 1969-12-31T23:59:50Z",
    "1970-01-01T00:00:02.999999Z, 3000000, 1969-12-31T23:59:53Z",
  })
  void tumblingWindows(Instant time, long offset, Instant start) {
    TimeWindow window = new TimeWindow(lit(time), 10_000_000, 10_000_000, offset);
    assertThat(evaluate(window, "UTC")).isEqualTo(Row.of(start, start.plusSeconds(10)));
  }

  @Test
  void slidingWindowsHoldTheTime() {
    Instant time = Instant.parse("1970-01-01T00:00:07Z");
    TimeWindow window = new TimeWindow(lit(time), 10_000_000, 4_000_000, 0);
    assertThat(TimeWindows.of(window, time).stream().map(row -> row.getTimestamp(0)))
        .containsExactly(Instant.ofEpochSecond(0), Instant.ofEpochSecond(4));
    TimeWindow gaps = new TimeWindow(lit(time), 2_000_000, 10_000_000, 0);
    assertThat(TimeWindows.of(gaps, time)).isEmpty();
  }

  @Test
  void explodes() {
    List<Integer> list = Arrays.asList(7, null);
    assertThat(Generators.rows(new GeneratorCall("explode", lit(list), false), list))
        .containsExactly(Row.of(7), Row.of((Object) null));
    assertThat(Generators.rows(new GeneratorCall("posexplode", lit(list), false), list))
        .containsExactly(Row.of(0, 7), Row.of(1, null));
    Map<String, Integer> map = Map.of("k", 1);
    assertThat(Generators.rows(new GeneratorCall("explode", lit(map), false), map))
        .containsExactly(Row.of("k", 1));
    assertThat(Generators.rows(new GeneratorCall("explode", lit(map), false), null)).isEmpty();
    assertThat(Generators.rows(new GeneratorCall("posexplode", lit(list), true), List.of()))
        .containsExactly(Row.of(null, null));
  }

  @Test
  void evaluatesColumnsOfBatches() {
    Attribute a = Attribute.of("a", DataTypes.INTEGER, true);
    Attribute b = Attribute.of("b", DataTypes.LONG, true);
    StructType schema = StructType.fromDDL("a int, b bigint");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      rows.add(Row.of(i, i % 3 == 0 ? null : 10L * i));
    }
    BoundExpression bound =
        Interpreter.bind(
            call("+", DataTypes.LONG, b, new Expression.Cast(a, DataTypes.LONG, false)),
            List.of(a, b),
            ZoneOffset.UTC);
    try (BufferAllocator allocator = new RootAllocator();
        RecordBatch batch = BatchBuilder.batch(schema, rows, allocator);
        FieldVector range = ArrowTypes.field("r", bound.type(), true).createVector(allocator);
        FieldVector some = ArrowTypes.field("s", bound.type(), true).createVector(allocator)) {
      bound.evaluateColumn(batch, 1, 64, range);
      bound.evaluateColumn(batch, new int[] {64, 0, 7, -1}, 3, some);
      assertThat(range.getValueCount()).isEqualTo(64);
      assertThat(VectorReader.read(range, 63, bound.type())).isEqualTo(704L);
      assertThat(VectorReader.read(range, 2, bound.type())).isNull();
      assertThat(some.getValueCount()).isEqualTo(3);
      assertThat(VectorReader.read(some, 0, bound.type())).isEqualTo(704L);
      assertThat(VectorReader.read(some, 1, bound.type())).isNull();
      assertThat(VectorReader.read(some, 2, bound.type())).isEqualTo(77L);
    }
  }

  @Test
  void refusesWhatItCannotEvaluate() {
    assertThat(Interpreter.supports("+")).isTrue();
    assertThat(Interpreter.supports("no_such_function")).isFalse();
    assertThatThrownBy(() ->
            Interpreter.bind(
                call("no_such_function", DataTypes.STRING), List.of(), ZoneId.of("UTC")))
        .hasMessageContaining("[UNSUPPORTED_EXPRESSION]")
        .hasMessageContaining("expression=no_such_function()");
  }
}
