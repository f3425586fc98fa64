package io.arrowmill.codegen.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.interpret.IrInterpreter;
import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of whole columns of ASCII texts, against the interpreter. */
@Tag("lanes")
class AsciiProjectTest {
  private static final List<Ir> OUTPUTS =
      List.of(
          call(Function.UPPER, 0),
          call(Function.CHAR_LENGTH, 1),
          call(Function.LOWER, 1),
          call(Function.OCTET_LENGTH, 0),
          call(Function.TRIM, 0));

  private static Ir call(Function function, int column) {
    return new Ir.Call(
        function,
        List.of(new Ir.Input(column, PhysicalType.BYTES, true)),
        new Site(function.name()));
  }

  private static @Nullable Object text(Random random, int nulls, int others) {
    if (random.nextInt(100) < nulls) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30) == 0 ? random.nextInt(3_000) : random.nextInt(24);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(128));
    }
    if (random.nextInt(1_000) < others) {
      text.append("straße Ω 東京");
    }
    return ByteString.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 63, 64, 65, 127, 300, 2_000})
  void agreesWithTheInterpreter(int rows) {
    long seed = Long.getLong("arrowmill.test.seed", System.nanoTime());
    System.out.println("AsciiProjectTest rows=" + rows + " seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 12; round++) {
      int lead = random.nextInt(20);
      List<TestColumn> columns = new ArrayList<>();
      for (int column = 0; column < 2; column++) {
        int nulls = random.nextBoolean() ? 0 : 30;
        int others = random.nextInt(3);
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < lead + rows; row++) {
          values.add(text(random, nulls, others));
        }
        columns.add(new TestColumn(PhysicalType.BYTES, values));
      }
      KernelRunner runner = new KernelRunner(KernelMode.SIMD, columns, random.nextBoolean());
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (Ir output : OUTPUTS) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = lead; row < lead + rows; row++) {
          int at = row;
          values.add(
              IrInterpreter.evaluate(output, (column, _) -> columns.get(column).values().get(at)));
        }
        expected.add(values);
      }
      List<List<@Nullable Object>> found = runner.projectAll(OUTPUTS, null, lead, rows);
      for (int output = 0; output < OUTPUTS.size(); output++) {
        for (int row = 0; row < rows; row++) {
          assertThat(found.get(output).get(row))
              .as("seed=%d, round=%d, output=%d, row=%d", seed, round, output, row)
              .isEqualTo(expected.get(output).get(row));
        }
      }
    }
  }

  /** Every ASCII character, at every place of a word, in enough words for lanes. */
  @Test
  void flipsLettersOnly() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 128 * 9; i++) {
      all.append((char) (i % 128)).append(i % 9 == 8 ? "x" : "");
    }
    String text = all.toString();
    ByteString bytes = ByteString.of(text.getBytes(StandardCharsets.UTF_8));
    KernelRunner runner =
        new KernelRunner(
            KernelMode.SIMD, List.of(new TestColumn(PhysicalType.BYTES, List.of(bytes))), false);
    assertThat(runner.project(call(Function.UPPER, 0), 0, 1))
        .containsExactly(ByteString.of(ascii(text, true)));
    assertThat(runner.project(call(Function.LOWER, 0), 0, 1))
        .containsExactly(ByteString.of(ascii(text, false)));
  }

  private static byte[] ascii(String text, boolean upper) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (upper) {
        bytes[i] = (byte) (c >= 'a' && c <= 'z' ? c - 32 : c);
      } else {
        bytes[i] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
      }
    }
    return bytes;
  }
}
