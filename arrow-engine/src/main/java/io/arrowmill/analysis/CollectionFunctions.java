package io.arrowmill.analysis;

import static io.arrowmill.analysis.Definition.scalar;
import static io.arrowmill.analysis.Param.ARRAY;
import static io.arrowmill.analysis.Param.INT;
import static io.arrowmill.analysis.Param.MAP;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.analysis.Definition.Nulls;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;

/** Arrays, maps and structs. */
final class CollectionFunctions {
  private CollectionFunctions() {}

  static List<Definition> all() {
    List<Definition> all = new ArrayList<>();
    arrays(all);
    maps(all);
    all.add(scalar("size", "cardinality").takes(Param.ARRAY_OR_MAP).gives(DataTypes.INTEGER));
    all.add(concat());
    all.add(custom("element_at", 2, 2, CollectionFunctions::item));
    all.add(custom("getitem", 2, 2, CollectionFunctions::item));
    Param reversible =
        (function, position, argument) ->
            argument.type() instanceof ArrayType
                ? argument
                : Param.STRING.coerce(function, position, argument);
    all.add(scalar("reverse").takes(reversible).gives(a -> a.getFirst().type()));
    all.add(custom("named_struct", 0, Integer.MAX_VALUE, CollectionFunctions::namedStruct));
    all.add(
        Definition.rewrite(
            "struct", 0, Integer.MAX_VALUE, (name, a) -> namedStruct("named_struct", named(a))));
    return all;
  }

  private static Definition custom(String name, int min, int max, Definition.Maker maker) {
    return Definition.custom(Kind.SCALAR, List.of(name), min, max, maker);
  }

  private static void arrays(List<Definition> all) {
    all.add(
        scalar("array")
            .andMore(Param.ANY)
            .ofOneType()
            .nulls(Nulls.NEVER)
            .gives(a ->
                new ArrayType(
                    a.isEmpty() ? DataTypes.NULL : a.getFirst().type(),
                    a.stream().anyMatch(Expression::nullable))));
    all.add(withElement("array_contains", DataTypes.BOOLEAN));
    all.add(withElement("array_position", DataTypes.LONG));
    all.add(scalar("array_distinct").takes(ARRAY).gives(a -> a.getFirst().type()));
    all.add(
        scalar("array_join")
            .takes(Param.STRINGS, Param.STRING, Param.STRING)
            .optional(1)
            .gives(DataTypes.STRING));
    for (String name : List.of("array_max", "array_min")) {
      all.add(scalar(name).takes(ARRAY).nulls(Nulls.ALWAYS).gives(a -> element(a.getFirst())));
    }
    all.add(
        custom(
            "flatten",
            1,
            1,
            (name, a) -> {
              Expression lists = arrayOfArrays().coerce(name, 1, a.getFirst());
              boolean nullable = lists.nullable() || ((ArrayType) lists.type()).containsNull();
              return new Call(name, List.of(lists), element(lists), nullable);
            }));
    all.add(scalar("get").takes(ARRAY, INT).nulls(Nulls.ALWAYS).gives(a -> element(a.getFirst())));
    all.add(custom("sequence", 2, 3, CollectionFunctions::sequence));
    all.add(scalar("slice").takes(ARRAY, INT, INT).gives(a -> a.getFirst().type()));
    all.add(
        scalar("sort_array")
            .takes(ARRAY, Param.BOOLEAN)
            .optional(1)
            .gives(a -> a.getFirst().type()));
  }

  private static void maps(List<Definition> all) {
    all.add(custom("map", 0, Integer.MAX_VALUE, CollectionFunctions::map));
    all.add(
        custom(
            "map_contains_key",
            2,
            2,
            (name, a) -> {
              Expression map = MAP.coerce(name, 1, a.get(0));
              Expression key = Param.of(((MapType) map.type()).key()).coerce(name, 2, a.get(1));
              return call(name, DataTypes.BOOLEAN, List.of(map, key));
            }));
    all.add(scalar("map_entries").takes(MAP).gives(a -> entries((MapType) a.getFirst().type())));
    all.add(
        scalar("map_from_arrays")
            .takes(ARRAY, ARRAY)
            .gives(a -> {
              ArrayType values = (ArrayType) a.get(1).type();
              return new MapType(element(a.getFirst()), values.element(), values.containsNull());
            }));
    all.add(
        scalar("map_keys")
            .takes(MAP)
            .gives(a -> new ArrayType(((MapType) a.getFirst().type()).key(), false)));
    all.add(
        scalar("map_values")
            .takes(MAP)
            .gives(a -> {
              MapType map = (MapType) a.getFirst().type();
              return new ArrayType(map.value(), map.valueContainsNull());
            }));
  }

  private static DataType entries(MapType map) {
    return new ArrayType(
        StructType.of(
            new StructField("key", map.key(), false),
            new StructField("value", map.value(), map.valueContainsNull())),
        false);
  }

  private static DataType element(Expression array) {
    return ((ArrayType) array.type()).element();
  }

  private static Param arrayOfArrays() {
    return (function, position, argument) -> {
      if (argument.type() instanceof ArrayType outer && outer.element() instanceof ArrayType) {
        return argument;
      }
      throw Errors.wrongInput(function, position, "ARRAY of ARRAY", argument);
    };
  }

  private static Call call(String name, DataType type, List<Expression> arguments) {
    return new Call(name, arguments, type, arguments.stream().anyMatch(Expression::nullable));
  }

  /** A function of an array and a value of its element's type. */
  private static Definition withElement(String name, DataType result) {
    return custom(
        name,
        2,
        2,
        (canonical, arguments) -> {
          Expression array = ARRAY.coerce(canonical, 1, arguments.get(0));
          ArrayType type = (ArrayType) array.type();
          DataType common = Coercion.common(type.element(), arguments.get(1).type());
          boolean text = type.element().equals(DataTypes.STRING);
          if (common == null || text != arguments.get(1).type().equals(DataTypes.STRING)) {
            throw Errors.elementDiffers(canonical, array, arguments.get(1));
          }
          Expression value = Casts.cast(arguments.get(1), common);
          Expression list = Casts.cast(array, new ArrayType(common, type.containsNull()));
          boolean nullable = type.containsNull() || list.nullable() || value.nullable();
          return new Call(canonical, List.of(list, value), result, nullable);
        });
  }

  private static Definition concat() {
    return custom(
        "concat",
        0,
        Integer.MAX_VALUE,
        (name, arguments) -> {
          DataType common = Coercion.common(arguments);
          boolean kept = common instanceof ArrayType || DataTypes.BINARY.equals(common);
          if (kept && common != null) {
            return call(name, common, Coercion.castAll(arguments, common));
          }
          List<Expression> texts = new ArrayList<>();
          for (Expression argument : arguments) {
            texts.add(Param.STRING.coerce(name, texts.size() + 1, argument));
          }
          return call(name, DataTypes.STRING, texts);
        });
  }

  /** {@code array[index]}, {@code map[key]} or {@code struct['field']}. */
  private static Expression item(String name, List<Expression> arguments) {
    Expression from = arguments.get(0);
    Expression key = arguments.get(1);
    return switch (from.type()) {
      case ArrayType array ->
          new Call(name, List.of(from, index(name, key)), array.element(), true);
      case MapType map -> entry(name, from, map, key);
      case StructType ignored
          when key instanceof Literal literal && literal.value() instanceof String field ->
          Scope.field(from, field);
      default -> throw Errors.wrongInput(name, 1, "ARRAY, MAP or STRUCT", from);
    };
  }

  /** {@code array[index]} takes any whole number, {@code element_at} those up to INT. */
  private static Expression index(String name, Expression index) {
    DataType type = index.type();
    boolean whole =
        name.equals("getitem")
            ? type.isIntegral()
            : type.isOneOf(DataTypes.BYTE, DataTypes.SHORT, DataTypes.INTEGER);
    if (!whole && !type.equals(DataTypes.NULL)) {
      throw Errors.wrongInput(name, 2, name.equals("getitem") ? "INTEGRAL" : "INT", index);
    }
    return Casts.cast(index, DataTypes.INTEGER);
  }

  private static Expression entry(String name, Expression from, MapType map, Expression key) {
    DataType common = Coercion.common(map.key(), key.type());
    if (common == null) {
      throw Errors.wrongInput(name, 2, map.key().sql(), key);
    }
    MapType wanted = new MapType(common, map.value(), map.valueContainsNull());
    return new Call(
        name, List.of(Casts.cast(from, wanted), Casts.cast(key, common)), map.value(), true);
  }

  private static Expression map(String name, List<Expression> arguments) {
    if (arguments.size() % 2 != 0) {
      throw Errors.wrongArgumentCount(name, "an even number", arguments.size());
    }
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      keys.add(arguments.get(i));
      values.add(arguments.get(i + 1));
    }
    DataType key = Coercion.common(keys);
    DataType value = Coercion.common(values);
    if (key == null || value == null) {
      throw Errors.differentTypes(name, arguments);
    }
    List<Expression> converted = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      converted.add(Casts.cast(keys.get(i), key));
      converted.add(Casts.toCommon(values.get(i), value));
    }
    boolean nullable = values.stream().anyMatch(Expression::nullable);
    return new Call(name, converted, new MapType(key, value, nullable), false);
  }

  private static Expression namedStruct(String name, List<Expression> arguments) {
    if (arguments.size() % 2 != 0) {
      throw Errors.wrongArgumentCount(name, "an even number", arguments.size());
    }
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      if (!(arguments.get(i) instanceof Literal literal)
          || !(literal.value() instanceof String field)) {
        throw Errors.of(
            "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
            "names of fields must be constant strings: expression="
                + arguments.get(i).sql()
                + "; write them in quotes");
      }
      Expression value = arguments.get(i + 1);
      fields.add(new StructField(field, value.type(), value.nullable()));
    }
    return new Call(name, arguments, StructType.of(fields), false);
  }

  private static List<Expression> named(List<Expression> columns) {
    List<Expression> pairs = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Expression column = columns.get(i);
      String name =
          switch (column) {
            case Alias alias -> alias.name();
            case Attribute attribute -> attribute.name();
            case GetField get -> get.field().name();
            default -> "col" + (i + 1);
          };
      pairs.add(new Literal(name, DataTypes.STRING));
      pairs.add(column instanceof Alias alias ? alias.child() : column);
    }
    return pairs;
  }

  private static Expression sequence(String name, List<Expression> arguments) {
    List<Expression> ends = arguments.subList(0, 2);
    DataType common = Coercion.common(ends);
    if (common == null || !(common.isIntegral() || Types.isTime(common))) {
      throw Errors.sequenceTypes(arguments);
    }
    List<Expression> converted = new ArrayList<>(Coercion.castAll(ends, common));
    if (arguments.size() == 3) {
      Expression step = arguments.get(2);
      if (common.isIntegral()) {
        if (!step.type().isIntegral()) {
          throw Errors.sequenceTypes(arguments);
        }
        step = Casts.cast(step, common);
      } else if (!Types.isInterval(step.type())) {
        throw Errors.sequenceTypes(arguments);
      }
      converted.add(step);
    }
    return call(name, new ArrayType(common, false), converted);
  }
}
