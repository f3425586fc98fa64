package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random state functions over streams that come out of order and late. Input columns: {@code ts},
 * the event time; {@code k1}, the key; {@code v}, a number.
 */
final class RandomStateFunctions {
  private static final StructType SCHEMA =
      new StructType()
          .add("ts", DataTypes.TIMESTAMP)
          .add("k1", DataTypes.STRING)
          .add("v", DataTypes.INTEGER);

  private final SplittableRandom random;
  private final RandomRows rows;
  private final long seed;

  RandomStateFunctions(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rows = new RandomRows(random);
  }

  private <T> T pick(List<T> list) {
    return rows.pick(list);
  }

  /** The query of this seed. */
  StreamCase next() {
    return random.nextInt(4) == 0 ? processor() : function();
  }

  private StreamCase processor() {
    ProcessorRule rule =
        new ProcessorRule(
            pick(List.of(0, 1, 30, 120, 600)),
            2 + random.nextInt(6),
            2 + random.nextInt(6),
            random.nextBoolean(),
            null);
    List<Step> steps = new ArrayList<>();
    if (rule.timerSeconds() > 0 || random.nextBoolean()) {
      steps.add(new Step.Watermark("ts", pick(List.of("0 seconds", "30 seconds", "5 minutes"))));
    }
    steps.add(new Step.Where("k1 IS NOT NULL")); // Spark fails on a null key
    steps.add(new Step.CallProcessor(rule));
    return new StreamCase(seed, SCHEMA, batches(), steps, "append");
  }

  private StreamCase function() {
    StateRule rule = rule();
    List<Step> steps = new ArrayList<>();
    if (rule.timeoutSeconds() > 0 || random.nextBoolean()) {
      steps.add(new Step.Watermark("ts", pick(List.of("0 seconds", "30 seconds", "5 minutes"))));
    } else {
      rule = withoutTimeout(rule);
    }
    if (random.nextInt(4) == 0) {
      steps.add(new Step.Where("v IS NOT NULL"));
    }
    steps.add(new Step.CallStateFunction(rule));
    if (random.nextInt(4) == 0) {
      steps.add(new Step.Select(List.of("note", "rows + sum AS n", "key")));
    }
    return new StreamCase(seed, SCHEMA, batches(), steps, rule.mode());
  }

  private StateRule rule() {
    boolean isMap = random.nextInt(3) == 0;
    return new StateRule(
        isMap,
        isMap ? "update" : pick(List.of("append", "update")),
        pick(List.of(0, 1, 30, 120, 600)),
        false,
        2 + random.nextInt(20),
        2 + random.nextInt(6),
        random.nextBoolean(),
        pick(List.of(StateRule.AtTimeout.values())),
        pick(List.of(List.of(), List.of(), List.of("a", "unseen"))));
  }

  /** A rule for a query without a watermark, which must not ask for it. */
  private static StateRule withoutTimeout(StateRule rule) {
    return new StateRule(
        rule.isMap(),
        rule.mode(),
        0,
        false,
        rule.removeEvery(),
        rule.skipEvery(),
        rule.armsRemoved(),
        rule.atTimeout(),
        rule.initialKeys());
  }

  private List<List<Row>> batches() {
    return rows.batches(
        2 + random.nextInt(4),
        1_700_000_000L,
        List.of(1, 7, 20, 64),
        this::row,
        () -> random.nextInt(900));
  }

  private Row row(long start) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(rows.time(rows.steppedSecond(start, 6, 360), 15));
    row.add(random.nextInt(10) == 0 ? null : pick(List.of("a", "b", "c", "d", "")));
    row.add(random.nextInt(8) == 0 ? null : random.nextInt(5));
    return Row.withSchema(SCHEMA, row);
  }
}
