package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Trees.column;
import static io.arrowmill.codegen.compile.Trees.constant;
import static io.arrowmill.codegen.compile.Trees.in;
import static io.arrowmill.codegen.compile.Trees.text;
import static io.arrowmill.codegen.ir.PhysicalType.BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.kernel.KernelMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions of text against values worked out by hand. */
@Tag("lanes")
class TextTest {

  private static final Site SITE = new Site("CAST(s AS t)");

  static List<Arguments> calls() {
    return Arrays.asList(
        call(Function.CHAR_LENGTH, 3, "日本語"),
        call(Function.OCTET_LENGTH, 9, "日本語"),
        call(Function.UPPER, "ZÜRICH", "zürich"),
        call(Function.UPPER, "STRASSE", "straße"),
        call(Function.LOWER, "abc@[", "ABC@["),
        call(Function.TRIM, "a b", "  a b "),
        call(Function.TRIM, "", "   "),
        call(Function.TRIM, "\ta", "\ta"),
        call(Function.TRIM, "a \n", " a \n"),
        call(Function.TRIM_LEFT, "a ", " a "),
        call(Function.TRIM_RIGHT, " a", " a "),
        call(Function.TRIM_RIGHT, " a \n", " a \n"),
        call(Function.SUBSTRING, "bc", "abcd", 2, 2),
        call(Function.SUBSTRING, "ab", "abcd", 0, 2),
        call(Function.SUBSTRING, "cd", "abcd", -2, 5),
        call(Function.SUBSTRING, "a", "abc", -5, 3),
        call(Function.SUBSTRING, "", "abc", 4, 1),
        call(Function.SUBSTRING, "", "abc", 1, -1),
        call(Function.SUBSTRING, "本語", "日本語", 2, Integer.MAX_VALUE),
        call(Function.CONCAT, "ab", "a", "b"),
        call(Function.CONCAT, "a", "a", ""),
        call(Function.STARTS_WITH, true, "abc", "ab"),
        call(Function.STARTS_WITH, false, "a", "ab"),
        call(Function.ENDS_WITH, true, "abc", ""),
        call(Function.CONTAINS, true, "xabcx", "abc"),
        call(Function.CONTAINS, false, "ababx", "abc"),
        call(Function.I64_TO_TEXT, "-9223372036854775808", Long.MIN_VALUE),
        call(Function.I64_TO_TEXT, "0", 0L),
        call(Function.BOOL_TO_TEXT, "true", true),
        call(Function.F64_TO_TEXT, "1.0E10", 1e10),
        call(Function.F64_TO_TEXT, "NaN", Double.NaN),
        call(Function.DATE_TO_TEXT, "1970-01-01", 0),
        call(Function.DATE_TO_TEXT, "2024-02-29", 19782),
        call(Function.TIMESTAMP_TO_TEXT, "1970-01-01 00:00:00", 0L),
        call(Function.TIMESTAMP_TO_TEXT, "1969-12-31 23:59:59.999999", -1L),
        call(Function.TIMESTAMP_TO_TEXT, "1970-01-02 01:02:03.5", 90_123_500_000L),
        call(Function.TRY_TEXT_TO_I64, 12L, " +12\n"),
        call(Function.TRY_TEXT_TO_I64, Long.MIN_VALUE, "-9223372036854775808"),
        call(Function.TRY_TEXT_TO_I64, null, "9223372036854775808"),
        call(Function.TRY_TEXT_TO_I64, null, "92233720368547758070"),
        call(Function.TRY_TEXT_TO_I64, null, "1.5"),
        call(Function.TRY_TEXT_TO_I64, null, "-"),
        call(Function.TRY_TEXT_TO_I64, null, ""),
        call(Function.TRY_TEXT_TO_I32, null, "2147483648"),
        call(Function.TRY_TEXT_TO_I32, Integer.MIN_VALUE, "-2147483648"),
        call(Function.TRY_TEXT_TO_F64, 1.5e3, " 1.5E3 "),
        call(Function.TRY_TEXT_TO_F64, Double.NEGATIVE_INFINITY, "-Inf"),
        call(Function.TRY_TEXT_TO_F64, Double.NaN, "nan"),
        call(Function.TRY_TEXT_TO_F64, null, "1,5"),
        call(Function.TRY_TEXT_TO_BOOL, true, " Yes"),
        call(Function.TRY_TEXT_TO_BOOL, false, "0"),
        call(Function.TRY_TEXT_TO_BOOL, null, "2"));
  }

  private static Arguments call(Function function, @Nullable Object expected, Object... operands) {
    return Arguments.of(function, expected, operands);
  }

  private static @Nullable Object boxed(@Nullable Object value) {
    return value instanceof String string ? text(string) : value;
  }

  @ParameterizedTest
  @MethodSource("calls")
  void function(Function function, @Nullable Object expected, Object[] operands) {
    List<TestColumn> columns = new ArrayList<>();
    List<Ir> inputs = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      PhysicalType type = function.parameters().get(i);
      columns.add(column(type, null, boxed(operands[i])));
      inputs.add(in(i, type));
    }
    for (KernelMode mode : KernelMode.values()) {
      KernelRunner runner = new KernelRunner(mode, columns, false);
      assertThat(runner.project(new Ir.Call(function, inputs, SITE), 0, 2))
          .as(mode.toString())
          .containsExactly(null, boxed(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void castFailure_quotesTheText(KernelMode mode) {
    KernelRunner runner = new KernelRunner(mode, List.of(column(BYTES, text("12x"))), false);
    Ir cast = new Ir.Call(Function.TEXT_TO_I64, List.of(in(0, BYTES)), SITE);
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> runner.project(cast, 0, 1))
        .satisfies(e -> assertThat(e.condition()).isEqualTo(Condition.CAST_INVALID_INPUT))
        .withMessageContaining("expression=CAST(s AS t), value='12x'")
        .withMessageContaining("use try_cast");
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void orderIsThatOfUnsignedBytes(KernelMode mode) {
    TestColumn left = column(BYTES, text("a"), text("é"), text(""), text("b"), null);
    TestColumn right = column(BYTES, text("ab"), text("z"), text(""), text("a"), text("a"));
    KernelRunner runner = new KernelRunner(mode, List.of(left, right), false);
    Ir l = in(0, BYTES);
    Ir r = in(1, BYTES);
    assertThat(runner.filter(new Ir.Compare(CompareOp.LESS, l, r), 0, 5)).containsExactly(0);
    assertThat(runner.filter(new Ir.Compare(CompareOp.EQUAL, l, r), 0, 5)).containsExactly(2);
    assertThat(runner.filter(new Ir.Compare(CompareOp.GREATER, l, r), 0, 5)).containsExactly(1, 3);
  }

  static List<Arguments> patterns() {
    return List.of(
        Arguments.of("abc", "abc", true),
        Arguments.of("abc", "abcd", false),
        Arguments.of("a%", "a", true),
        Arguments.of("%c", "abc", true),
        Arguments.of("%b%", "abc", true),
        Arguments.of("a%a", "a", false),
        Arguments.of("a%a", "aa", true),
        Arguments.of("_", "語", true),
        Arguments.of("_", "", false),
        Arguments.of("__", "語", false),
        Arguments.of("%a_c", "aacabc", true),
        Arguments.of("%a_c", "abca", false),
        Arguments.of("a%b%c", "a1b2b3c", true),
        Arguments.of("%", "", true),
        Arguments.of("", "", true),
        Arguments.of("", "a", false),
        Arguments.of("%%", "a", true),
        Arguments.of("100\\%", "100%", true),
        Arguments.of("100\\%", "1000", false),
        Arguments.of("a\\_b", "axb", false),
        Arguments.of("a\nb%", "a\nbc", true));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void like(String pattern, String value, boolean expected) {
    for (KernelMode mode : KernelMode.values()) {
      KernelRunner runner =
          new KernelRunner(mode, List.of(column(BYTES, text(value), null)), false);
      assertThat(runner.project(new Ir.Like(in(0, BYTES), pattern, '\\'), 0, 2))
          .as(mode.toString())
          .containsExactly(expected, null);
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void membershipInManyWords(KernelMode mode) {
    List<Ir.Const> words = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      words.add((Ir.Const) constant(ByteString.of("word" + i)));
    }
    TestColumn column = column(BYTES, text("word7"), text("word1000"), text(""), null);
    KernelRunner runner = new KernelRunner(mode, List.of(column), false);
    assertThat(runner.project(new Ir.In(in(0, BYTES), words), 0, 4))
        .containsExactly(true, false, false, null);
  }
}
