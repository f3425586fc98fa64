package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.check;
import static io.arrowmill.kernel.interpreted.Values.checkFault;
import static io.arrowmill.kernel.interpreted.Values.checkTyped;
import static io.arrowmill.kernel.interpreted.Values.date;
import static io.arrowmill.kernel.interpreted.Values.type;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CollectionsTest {
  private static final DataType INT = DataTypes.INTEGER;
  private static final DataType BOOLEAN = DataTypes.BOOLEAN;
  private static final List<Integer> WITH_NULL = Arrays.asList(3, null, 1, 3);

  @Test
  void readsArrays() {
    check("array", WITH_NULL, 3, null, 1, 3);
    check("size", 4, WITH_NULL);
    checkTyped("size", INT, null, (Object) null);
    check("cardinality", 1, Map.of("a", 1));
    check("array_contains", true, WITH_NULL, 1);
    checkTyped("array_contains", BOOLEAN, null, WITH_NULL, 9);
    check("array_contains", false, List.of(1), 9);
    check("array_position", 3L, WITH_NULL, 1);
    check("array_position", 0L, WITH_NULL, 9);
    check("array_max", 3, WITH_NULL);
    check("array_min", 1, WITH_NULL);
    check("array_max", Double.NaN, List.of(1.0, Double.NaN));
    checkTyped("get", INT, null, WITH_NULL, 4);
    check("get", 3, WITH_NULL, 0);
    check("array_join", "hello,world", Arrays.asList("hello", null, "world"), ",");
    check("array_join", "a;-", Arrays.asList("a", null), ";", "-");
  }

  @Test
  void elementAtCountsFromOneOrTheEnd() {
    check("element_at", 1, WITH_NULL, 3);
    check("element_at", 3, WITH_NULL, -1);
    checkTyped("element_at", INT, null, WITH_NULL, 2);
    checkFault("element_at", INT, "INVALID_INDEX_OF_ZERO", WITH_NULL, 0);
    checkFault("element_at", INT, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", WITH_NULL, 5);
    checkFault("element_at", INT, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", WITH_NULL, -5);
    checkTyped("try_element_at", INT, null, WITH_NULL, 5);
    check("element_at", "b", Map.of(1, "a", 2, "b"), 2);
    checkTyped("element_at", DataTypes.STRING, null, Map.of(1, "a"), 2);
  }

  @Test
  void rearrangesArrays() {
    check("array_distinct", Arrays.asList(3, null, 1), WITH_NULL);
    check("flatten", List.of(1, 2, 3), List.of(List.of(1, 2), List.of(3)));
    checkTyped("flatten", type("array<int>"), null, Arrays.asList(List.of(1), null));
    check("concat", List.of(1, 2), List.of(1), List.of(2));
    check("reverse", Arrays.asList(3, 1, null, 3), WITH_NULL);
    check("sort_array", Arrays.asList(null, 1, 3, 3), WITH_NULL);
    check("sort_array", Arrays.asList(3, 3, 1, null), WITH_NULL, false);
    check("slice", List.of(2, 3), List.of(1, 2, 3, 4), 2, 2);
    check("slice", List.of(3, 4), List.of(1, 2, 3, 4), -2, 2);
    check("slice", List.of(), List.of(1, 2), 3, 1);
    checkFault("slice", type("array<int>"), "INVALID_PARAMETER_VALUE.START", WITH_NULL, 0, 1);
    checkFault("slice", type("array<int>"), "INVALID_PARAMETER_VALUE.LENGTH", WITH_NULL, 1, -1);
    check("array_append", List.of(1, 2), List.of(1), 2);
    check("array_insert", Arrays.asList(1, null, 9), List.of(1), 3, 9);
    check("array_insert", List.of(1, 2, 9), List.of(1, 2), -1, 9);
    check("array_repeat", List.of("x", "x"), "x", 2);
  }

  @Test
  void arraysAsSets() {
    check("array_union", Arrays.asList(3, null, 1, 4), WITH_NULL, List.of(4, 3));
    check("array_intersect", Arrays.asList(null, 1), WITH_NULL, Arrays.asList(1, null));
    check("array_except", List.of(3), WITH_NULL, Arrays.asList(1, null));
    check("array_remove", Arrays.asList(null, 1), WITH_NULL, 3);
    check("array_compact", List.of(3, 1, 3), WITH_NULL);
    check("arrays_overlap", true, WITH_NULL, List.of(1));
    check("arrays_overlap", null, WITH_NULL, List.of(9));
    check("arrays_overlap", false, List.of(), WITH_NULL);
  }

  @Test
  void sequences() {
    checkTyped("sequence", type("array<int>"), List.of(1, 2, 3), 1, 3);
    checkTyped("sequence", type("array<int>"), List.of(3, 2, 1), 3, 1);
    checkTyped("sequence", type("array<bigint>"), List.of(1L, 4L), 1L, 6L, 3L);
    checkTyped("sequence", type("array<int>"), List.of(1), 1, 1, 0);
    checkTyped(
        "sequence",
        type("array<int>"),
        List.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE),
        Integer.MAX_VALUE - 1,
        Integer.MAX_VALUE);
    checkFault("sequence", type("array<int>"), "INVALID_PARAMETER_VALUE.SEQUENCE", 1, 3, -1);
    check(
        "sequence",
        List.of(date("2018-01-31"), date("2018-02-28"), date("2018-03-31")),
        date("2018-01-31"),
        date("2018-04-01"),
        Period.ofMonths(1));
    check(
        "sequence",
        List.of(date("2018-01-01"), date("2018-01-03")),
        date("2018-01-01"),
        date("2018-01-03"),
        Duration.ofDays(2));
  }

  @Test
  void maps() {
    check("map", Map.of(1, "a", 2, "b"), 1, "a", 2, "b");
    checkFault("map", type("map<int,int>"), "DUPLICATED_MAP_KEY", 1, 1, 1, 2);
    checkFault("map", type("map<int,int>"), "NULL_MAP_KEY", null, 1);
    check("map_from_arrays", Map.of("a", 1), List.of("a"), List.of(1));
    check("map_keys", List.of("a"), Map.of("a", 1));
    check("map_values", List.of(1), Map.of("a", 1));
    check("map_contains_key", true, Map.of("a", 1), "a");
    checkTyped(
        "map_entries",
        type("array<struct<key:string,value:int>>"),
        List.of(Row.of("a", 1)),
        Map.of("a", 1));
    check("map_concat", Map.of("a", 1, "b", 2), Map.of("a", 1), Map.of("b", 2));
    check("str_to_map", Map.of("a", "1", "b", "2"), "a:1,b:2", ",", ":");
  }

  @Test
  void structs() {
    checkTyped("named_struct", type("struct<a:int,b:string>"), Row.of(1, null), "a", 1, "b", null);
    checkTyped("struct", type("struct<col1:int,col2:string>"), Row.of(1, "x"), 1, "x");
  }
}
