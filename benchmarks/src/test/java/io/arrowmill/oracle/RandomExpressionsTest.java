package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random expressions give on Spark what they give here: values, and the names of errors. A seed's
 * expressions run in one selection; where that fails on either engine, each runs by itself, over
 * all rows and, if it fails, over each row.
 */
final class RandomExpressionsTest {
  private static final int EXPRESSIONS = 25;
  private static final int ROWS = 65;

  private static Engine arrowmill;

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto");
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void giveWhatTheyGiveOnSpark(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new RandomValues(random).rows(RandomExpressions.SCHEMA, ROWS);
    RandomExpressions source = new RandomExpressions(random);
    List<String> expressions =
        IntStream.range(0, EXPRESSIONS).mapToObj(i -> source.next() + " AS c" + i).toList();
    assertThat(differences(rows, expressions))
        .as(() -> "reproduce with -Darrowmill.seed=" + seed)
        .isEmpty();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(20));
  }

  private static List<String> differences(List<Row> rows, List<String> expressions) {
    List<String> differences = new ArrayList<>();
    TableOutcome expected = select(Engines.spark(), rows, expressions);
    TableOutcome actual = select(arrowmill, rows, expressions);
    if (expected.error() == null && actual.error() == null) {
      compareValues(rows, expressions, expected, actual, differences);
      return differences;
    }
    if (expressions.size() > 1) {
      // Halves: few of many expressions fail.
      int middle = expressions.size() / 2;
      differences.addAll(differences(rows, expressions.subList(0, middle)));
      differences.addAll(differences(rows, expressions.subList(middle, expressions.size())));
    } else {
      compareErrors(rows, expressions.getFirst(), expected, actual, differences);
    }
    return differences;
  }

  private static TableOutcome select(Engine engine, List<Row> rows, List<String> expressions) {
    return engine.select(RandomExpressions.SCHEMA, rows, expressions);
  }

  private static void compareValues(
      List<Row> rows,
      List<String> expressions,
      TableOutcome expected,
      TableOutcome actual,
      List<String> differences) {
    for (int column = 0; column < expressions.size(); column++) {
      for (int row = 0; row < rows.size(); row++) {
        String wanted = expected.rows().get(row).get(column);
        String found = actual.rows().get(row).get(column);
        if (!wanted.equals(found)) {
          differences.add(
              expressions.get(column)
                  + "\n    expected "
                  + wanted
                  + "\n    but was  "
                  + found
                  + "\n    over     "
                  + RowText.of(rows.get(row)));
          break;
        }
      }
    }
  }

  /**
   * Compares an expression that fails on at least one engine. Rows may be taken in any order, so
   * two engines that both fail must agree on the error of one row each.
   */
  private static void compareErrors(
      List<Row> rows,
      String expression,
      TableOutcome expected,
      TableOutcome actual,
      List<String> differences) {
    if (expected.error() != null && expected.error().equals(actual.error())) {
      return;
    }
    if (rows.size() > 1) {
      int middle = rows.size() / 2;
      List<Row> half = rows.subList(0, middle);
      List<Row> rest = rows.subList(middle, rows.size());
      differences.addAll(differences(half, List.of(expression)));
      if (differences.isEmpty()) {
        differences.addAll(differences(rest, List.of(expression)));
      }
      return;
    }
    differences.add(
        expression
            + "\n    expected "
            + (expected.error() == null ? expected.rows() : expected.message())
            + "\n    but was  "
            + (actual.error() == null ? actual.rows() : actual.message())
            + "\n    over     "
            + RowText.of(rows.getFirst()));
  }
}
