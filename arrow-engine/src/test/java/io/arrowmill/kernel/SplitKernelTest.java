package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splitting bytes in place gives the parts that {@link Pattern} gives. */
@Tag("lanes")
final class SplitKernelTest {
  private static final Attribute TEXT = Attribute.of("t", DataTypes.STRING, true);
  private static final StructType INPUT =
      StructType.of(new StructField("t", DataTypes.STRING, true));
  private static final ArrayType PARTS = new ArrayType(DataTypes.STRING, false);
  private static final StructType OUTPUT = StructType.of(new StructField("v", PARTS, true));
  private static final String[] PIECES = {
    "", " ", "  ", ",", "|", "\t", "\n", "a", "bc", "word", "ß", "日本", "😀", "7", "_", "-", ".", "+"
  };

  private final BufferAllocator allocator = new RootAllocator();
  private final ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "none");

  @AfterEach
  void nothingLeaks() {
    memory.close();
    allocator.close();
  }

  private List<@Nullable Object> split(
      List<@Nullable String> texts, String pattern, int limit, @Nullable Expression filter) {
    Call call =
        new Call(
            "split",
            List.of(
                TEXT,
                new Literal(pattern, DataTypes.STRING),
                new Literal(limit, DataTypes.INTEGER)),
            PARTS,
            true);
    Transform transform =
        Transform.compile(
            filter,
            List.of(call),
            List.of(TEXT),
            OUTPUT,
            new KernelSettings(KernelMode.SCALAR, ZoneOffset.UTC));
    List<Row> rows =
        texts.stream().map(text -> Row.withSchema(INPUT, Collections.singletonList(text))).toList();
    List<@Nullable Object> values = new ArrayList<>();
    try (RecordBatch batch = BatchBuilder.batch(INPUT, rows, allocator);
        TransformTask task = transform.open(allocator, memory, Instant.EPOCH);
        RecordBatch result = task.apply(batch)) {
      if (result != null) {
        RowReader.rows(result).forEach(row -> values.add(row.get(0)));
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", ",", "\\|", "\\s+", "\\s", " +", "\\t", "\\W+", "\\d", "\\.", "\\+", "_+"})
  void randomTexts(String pattern) {
    long seed = Long.getLong("arrowmill.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      texts.add(random.nextInt(8) == 0 ? null : text.toString());
    }
    for (int limit : new int[] {-1, 0, 1, 2, 3, 100}) {
      assertThat(SplitKernel.of(pattern, limit)).isNotNull();
      List<@Nullable Object> expected = new ArrayList<>();
      for (String text : texts) {
        expected.add(
            text == null
                ? null
                : Arrays.asList(Pattern.compile(pattern).split(text, limit <= 0 ? -1 : limit)));
      }
      assertThat(split(texts, pattern, limit, null))
          .as("pattern=%s, limit=%d, seed=%d", pattern, limit, seed)
          .isEqualTo(expected);
    }
  }

  @Test
  void splitsTheRowsThatPass() {
    Call isNotNull = new Call("isnotnull", List.of(TEXT), DataTypes.BOOLEAN, false);
    assertThat(split(Arrays.asList(null, "a b", null, " c", ""), " ", -1, isNotNull))
        .containsExactly(List.of("a", "b"), List.of("", "c"), List.of(""));
  }

  @Test
  void onlyNulls() {
    assertThat(split(Arrays.asList(null, null), " ", -1, null)).containsExactly(null, null);
  }

  @ParameterizedTest
  @CsvSource({"''", "ab", ".", "a*", "a|b", "[ ]", "ß", "\\W", "\\w", "\\b", "+", "^", "a++"})
  void leavesOtherPatternsToTheInterpreter(String pattern) {
    assertThat(SplitKernel.of(pattern, -1)).isNull();
  }
}
