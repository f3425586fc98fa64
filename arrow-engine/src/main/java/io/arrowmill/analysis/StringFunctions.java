package io.arrowmill.analysis;

import static io.arrowmill.analysis.Definition.scalar;
import static io.arrowmill.analysis.Param.INT;
import static io.arrowmill.analysis.Param.LONG;
import static io.arrowmill.analysis.Param.STRING;
import static io.arrowmill.analysis.Param.STRING_OR_BINARY;
import static io.arrowmill.types.DataTypes.BOOLEAN;
import static io.arrowmill.types.DataTypes.INTEGER;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.analysis.Definition.Nulls;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.List;

/** Strings and hashes. */
final class StringFunctions {
  private static final DataType TEXT = DataTypes.STRING;
  private static final DataType TEXTS = new ArrayType(DataTypes.STRING, false);

  private StringFunctions() {}

  static List<Definition> all() {
    List<Definition> all = new ArrayList<>();
    all.add(scalar("ascii").takes(STRING).gives(INTEGER));
    all.add(scalar("bit_length").takes(STRING_OR_BINARY).gives(INTEGER));
    all.add(scalar("octet_length").takes(STRING_OR_BINARY).gives(INTEGER));
    all.add(
        scalar("length", "len", "char_length", "character_length")
            .takes(STRING_OR_BINARY)
            .gives(INTEGER));
    all.add(scalar("chr").takes(LONG).gives(TEXT));
    all.add(scalar("concat_ws").takes(STRING).andMore(Param.STRING_OR_STRINGS).gives(TEXT));
    for (String name : List.of("contains", "startswith", "endswith")) {
      all.add(scalar(name).takes(STRING, STRING).gives(BOOLEAN));
    }
    all.add(scalar("initcap").takes(STRING).gives(TEXT));
    all.add(scalar("lower", "lcase").takes(STRING).gives(TEXT));
    all.add(scalar("upper", "ucase").takes(STRING).gives(TEXT));
    all.add(scalar("instr").takes(STRING, STRING).gives(INTEGER));
    all.add(scalar("locate", "position").takes(STRING, STRING, INT).optional(1).gives(INTEGER));
    all.add(scalar("left").takes(STRING, INT).gives(TEXT));
    all.add(scalar("right").takes(STRING, INT).gives(TEXT));
    all.add(scalar("lpad").takes(STRING, INT, STRING).optional(1).gives(TEXT));
    all.add(scalar("rpad").takes(STRING, INT, STRING).optional(1).gives(TEXT));
    all.add(scalar("btrim").takes(STRING, STRING).optional(1).gives(TEXT));
    for (String name : List.of("trim", "ltrim", "rtrim")) {
      all.add(trim(name));
    }
    all.add(scalar("repeat").takes(STRING, INT).gives(TEXT));
    all.add(scalar("replace").takes(STRING, STRING, STRING).optional(1).gives(TEXT));
    all.add(scalar("split").takes(STRING, STRING, INT).optional(1).gives(TEXTS));
    all.add(scalar("split_part").takes(STRING, STRING, INT).gives(TEXT));
    all.add(
        scalar("substring", "substr")
            .takes(STRING_OR_BINARY, INT, INT)
            .optional(1)
            .gives(a -> a.getFirst().type()));
    all.add(scalar("substring_index").takes(STRING, STRING, INT).gives(TEXT));
    all.add(scalar("translate").takes(STRING, STRING, STRING).gives(TEXT));
    all.add(scalar("regexp_count").takes(STRING, STRING).gives(INTEGER));
    all.add(scalar("regexp_extract").takes(STRING, STRING, INT).optional(1).gives(TEXT));
    all.add(scalar("regexp_extract_all").takes(STRING, STRING, INT).optional(1).gives(TEXTS));
    all.add(scalar("regexp_replace").takes(STRING, STRING, STRING, INT).optional(1).gives(TEXT));
    hashes(all);
    return all;
  }

  private static void hashes(List<Definition> all) {
    all.add(scalar("crc32").takes(Param.BINARY).gives(DataTypes.LONG));
    all.add(scalar("md5").takes(Param.BINARY).gives(TEXT));
    all.add(scalar("sha1", "sha").takes(Param.BINARY).gives(TEXT));
    all.add(scalar("sha2").takes(Param.BINARY, INT).gives(TEXT));
    all.add(scalar("hash").takes(Param.ANY).andMore(Param.ANY).nulls(Nulls.NEVER).gives(INTEGER));
    all.add(
        scalar("xxhash64")
            .takes(Param.ANY)
            .andMore(Param.ANY)
            .nulls(Nulls.NEVER)
            .gives(DataTypes.LONG));
  }

  /** As a function the characters to trim come first; in the call the string does. */
  private static Definition trim(String name) {
    return Definition.custom(
        Kind.SCALAR,
        List.of(name),
        1,
        2,
        (canonical, arguments) -> {
          List<Expression> ordered = new ArrayList<>();
          for (Expression argument : arguments.reversed()) {
            ordered.add(STRING.coerce(canonical, ordered.size() + 1, argument));
          }
          boolean nullable = ordered.stream().anyMatch(Expression::nullable);
          return new Call(canonical, ordered, TEXT, nullable);
        });
  }
}
