package io.arrowmill.codegen.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Groups and aggregates Java values with Java collections, by SQL's rules. */
final class Oracle {
  private Oracle() {}

  /** An aggregate and what it should give for the values of a group, in order. */
  record Case(
      String name,
      AccumulatorPlan plan,
      Function<List<@Nullable Object>, @Nullable Object> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<@Nullable Object> present(List<@Nullable Object> values) {
    List<@Nullable Object> present = new ArrayList<>(values);
    present.removeIf(value -> value == null);
    return present;
  }

  @SuppressWarnings("NullAway")
  static int compare(Object a, Object b) {
    return switch (a) {
      case Double d -> Double.compare(d + 0.0, (Double) b + 0.0);
      case Boolean v -> Boolean.compare(v, (Boolean) b);
      case Long v -> Long.compare(v, (Long) b);
      case BigInteger v -> v.compareTo((BigInteger) b);
      case String v ->
          Arrays.compareUnsigned(
              v.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      default -> throw new AssertionError(a);
    };
  }

  static List<Case> cases(ValueKind kind) {
    Comparator<Object> order = Oracle::compare;
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("count(*)", Accumulators.countAll(), v -> (long) v.size()));
    cases.add(new Case("count", Accumulators.count(kind), v -> (long) present(v).size()));
    cases.add(
        new Case(
            "min " + kind,
            Accumulators.min(kind),
            v -> present(v).stream().min(order).orElse(null)));
    cases.add(
        new Case(
            "max " + kind,
            Accumulators.max(kind),
            v -> present(v).stream().max(order).orElse(null)));
    cases.add(
        new Case(
            "first " + kind, Accumulators.first(kind, false), v -> v.isEmpty() ? null : v.get(0)));
    cases.add(
        new Case(
            "last " + kind, Accumulators.last(kind, false), v -> v.isEmpty() ? null : v.getLast()));
    cases.add(
        new Case(
            "first value " + kind,
            Accumulators.first(kind, true),
            v -> present(v).stream().findFirst().orElse(null)));
    cases.add(
        new Case(
            "last value " + kind,
            Accumulators.last(kind, true),
            v -> present(v).reversed().stream().findFirst().orElse(null)));
    switch (kind) {
      case I8, I16, I32, I64 -> {
        if (kind == ValueKind.I32 || kind == ValueKind.I64) {
          cases.add(
              new Case(
                  "sum of its own kind " + kind,
                  Accumulators.sumInteger(kind),
                  v -> present(v).isEmpty() ? null : total(v).longValueExact()));
          cases.add(
              new Case(
                  "avg of its own kind " + kind,
                  Accumulators.averageInteger(kind),
                  v ->
                      present(v).isEmpty()
                          ? null
                          : new BigDecimal(total(v))
                              .divide(
                                  BigDecimal.valueOf(present(v).size()), 0, RoundingMode.HALF_UP)
                              .longValueExact()));
        }
        cases.add(
            new Case(
                "avg " + kind,
                Accumulators.average(kind),
                v -> {
                  double[] n = present(v).stream().mapToDouble(x -> (Long) x).toArray();
                  return n.length == 0 ? null : Arrays.stream(n).sum() / n.length;
                }));
        cases.add(
            new Case(
                "sum " + kind,
                Accumulators.sumLong(kind),
                v ->
                    present(v).stream()
                        .map(x -> (Long) x)
                        .reduce((a, b) -> a + b)
                        .map(x -> (Object) x)
                        .orElse(null)));
        cases.add(
            new Case(
                "sum as double " + kind,
                Accumulators.sumDouble(kind),
                v ->
                    present(v).stream()
                        .map(x -> (double) (Long) x)
                        .reduce((a, b) -> a + b)
                        .map(x -> (Object) x)
                        .orElse(null)));
      }
      case F32, F64 ->
          cases.add(
              new Case(
                  "sum " + kind,
                  Accumulators.sumDouble(kind),
                  v ->
                      present(v).stream()
                          .map(x -> (Double) x)
                          .reduce((a, b) -> a + b)
                          .map(x -> (Object) x)
                          .orElse(null)));
      case DECIMAL128 -> {
        cases.add(
            new Case("sum", Accumulators.sumDecimal(38), v -> decimalSum(present(v)).orElse(null)));
        cases.add(
            new Case(
                "avg",
                Accumulators.averageDecimal(38, 4),
                v ->
                    decimalSum(present(v))
                        .map(sum ->
                            new BigDecimal(sum.multiply(BigInteger.valueOf(10_000)))
                                .divide(
                                    BigDecimal.valueOf(present(v).size()), 0, RoundingMode.HALF_UP)
                                .toBigInteger())
                        .orElse(null)));
      }
      case BOOL, BYTES -> {}
    }
    return cases;
  }

  private static BigInteger total(List<@Nullable Object> values) {
    return present(values).stream()
        .map(x -> BigInteger.valueOf((Long) x))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static Optional<BigInteger> decimalSum(List<@Nullable Object> values) {
    return values.stream().map(x -> (BigInteger) x).reduce(BigInteger::add);
  }

  /** A value of the kind: null now and then, from few values or from many. */
  static @Nullable Object value(Random random, ValueKind kind, int distinct) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    long n = (long) random.nextInt(distinct) - distinct / 4;
    return switch (kind) {
      case BOOL -> (n & 1) != 0;
      case I8 -> (long) (byte) n;
      case I16 -> (long) (short) n;
      case I32 -> n;
      case I64 -> n * 1_000_000_007L;
      case F32, F64 ->
          switch ((int) Math.floorMod(n, 9L)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> 0.0;
            case 3 -> Double.NEGATIVE_INFINITY;
            default -> n * 0.5;
          };
      case DECIMAL128 -> BigInteger.valueOf(n).multiply(BigInteger.TEN.pow((int) (n & 1) * 20));
      case BYTES -> n % 5 == 0 ? "" : ("é" + n).repeat((int) (Math.abs(n) % 7));
    };
  }

  /** Brings a value to the form that the table gives keys back in. */
  static @Nullable Object canonical(@Nullable Object value) {
    return value instanceof Double number ? (Object) (number + 0.0) : value;
  }

  static Map<List<@Nullable Object>, List<@Nullable Object>> groups(
      int keys, List<Case> cases, List<List<@Nullable Object>> rows) {
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> byKey = new HashMap<>();
    for (List<@Nullable Object> row : rows) {
      List<@Nullable Object> key = new ArrayList<>();
      row.subList(0, keys).forEach(value -> key.add(canonical(value)));
      byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    Map<List<@Nullable Object>, List<@Nullable Object>> groups = new HashMap<>();
    byKey.forEach((key, members) -> {
      List<@Nullable Object> results = new ArrayList<>();
      for (int a = 0; a < cases.size(); a++) {
        List<@Nullable Object> values = TableFixture.column(members, keys + a);
        results.add(canonical(cases.get(a).expected().apply(values)));
      }
      groups.put(key, results);
    });
    return groups;
  }

  static Map<List<@Nullable Object>, List<@Nullable Object>> canonicalResults(
      Map<List<@Nullable Object>, List<@Nullable Object>> groups) {
    groups.replaceAll((key, results) -> results.stream().map(Oracle::canonical).toList());
    return groups;
  }
}
