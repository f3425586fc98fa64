package io.arrowmill.analysis;

import static io.arrowmill.analysis.Definition.rewrite;
import static io.arrowmill.analysis.Definition.scalar;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.analysis.Definition.Nulls;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.CaseWhen.Branch;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.TypeParser;
import java.util.ArrayList;
import java.util.List;

/** Comparisons, logic, conditionals and casts by type name. */
final class PredicateFunctions {
  private PredicateFunctions() {}

  static List<Definition> all() {
    List<Definition> all = new ArrayList<>();
    all.add(comparison("=", "=="));
    all.add(comparison("!=", "<>"));
    for (String name : List.of("<", "<=", ">", ">=")) {
      all.add(comparison(name));
    }
    all.add(comparison("<=>", "equal_null"));
    for (String name : List.of("and", "or")) {
      all.add(scalar(name).takes(Param.BOOLEAN, Param.BOOLEAN).gives(DataTypes.BOOLEAN));
    }
    all.add(scalar("not", "!").takes(Param.BOOLEAN).gives(DataTypes.BOOLEAN));
    all.add(scalar("isnull").takes(Param.ANY).nulls(Nulls.NEVER).gives(DataTypes.BOOLEAN));
    all.add(scalar("isnotnull").takes(Param.ANY).nulls(Nulls.NEVER).gives(DataTypes.BOOLEAN));
    all.add(scalar("isnan").takes(floating()).nulls(Nulls.NEVER).gives(DataTypes.BOOLEAN));
    all.add(
        scalar("in")
            .takes(Param.ANY, Param.ANY)
            .andMore(Param.ANY)
            .ofOneType()
            .gives(DataTypes.BOOLEAN));
    for (String name : List.of("like", "ilike")) {
      all.add(
          scalar(name)
              .takes(Param.STRING, Param.STRING, Param.STRING)
              .optional(1)
              .gives(DataTypes.BOOLEAN));
    }
    all.add(
        scalar("rlike", "regexp", "regexp_like")
            .takes(Param.STRING, Param.STRING)
            .gives(DataTypes.BOOLEAN));
    conditionals(all);
    casts(all);
    return all;
  }

  private static Param floating() {
    return (function, position, argument) ->
        argument.type().equals(DataTypes.FLOAT)
            ? argument
            : Param.DOUBLE.coerce(function, position, argument);
  }

  private static void conditionals(List<Definition> all) {
    all.add(coalesce());
    all.add(scalar("nanvl").takes(Param.DOUBLE, Param.DOUBLE).gives(DataTypes.DOUBLE));
    all.add(
        rewrite(
            "between",
            3,
            3,
            (name, a) ->
                call("and", call(">=", a.get(0), a.get(1)), call("<=", a.get(0), a.get(2)))));
    all.add(
        rewrite(
            "if",
            3,
            3,
            (name, a) -> new CaseWhen(List.of(new Branch(a.get(0), a.get(1))), a.get(2))));
    all.add(rewrite("ifnull", 2, 2, (name, a) -> call("coalesce", a.get(0), a.get(1))));
    all.add(rewrite("nvl", 2, 2, (name, a) -> call("coalesce", a.get(0), a.get(1))));
    all.add(
        rewrite(
            "nvl2",
            3,
            3,
            (name, a) ->
                new CaseWhen(
                    List.of(new Branch(call("isnotnull", a.get(0)), a.get(1))), a.get(2))));
    all.add(
        rewrite(
            "nullif",
            2,
            2,
            (name, a) ->
                new CaseWhen(
                    List.of(
                        new Branch(
                            call("=", a.get(0), a.get(1)), new Literal(null, a.get(0).type()))),
                    a.get(0))));
    all.add(rewrite("when", 2, Integer.MAX_VALUE, (name, a) -> caseWhen(a)));
  }

  private static Expression caseWhen(List<Expression> arguments) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      branches.add(new Branch(arguments.get(i), arguments.get(i + 1)));
    }
    return new CaseWhen(branches, arguments.size() % 2 == 1 ? arguments.getLast() : null);
  }

  private static Definition coalesce() {
    return scalar("coalesce")
        .takes(Param.ANY)
        .andMore(Param.ANY)
        .ofOneType()
        .nulls(Nulls.IF_ALL_ARGUMENTS)
        .gives(a -> a.getFirst().type());
  }

  private static void casts(List<Definition> all) {
    for (String type :
        List.of(
            "bigint",
            "binary",
            "boolean",
            "date",
            "decimal",
            "double",
            "float",
            "int",
            "smallint",
            "string",
            "timestamp",
            "tinyint")) {
      DataType target = new TypeParser(type).parseType();
      all.add(rewrite(type, 1, 1, (name, a) -> new Cast(a.getFirst(), target, false)));
    }
  }

  private static UnresolvedFunction call(String name, Expression... arguments) {
    return UnresolvedFunction.of(name, arguments);
  }

  private static Definition comparison(String name, String... aliases) {
    List<String> names = new ArrayList<>(List.of(name));
    names.addAll(List.of(aliases));
    return Definition.custom(Kind.SCALAR, names, 2, 2, PredicateFunctions::compare);
  }

  private static Expression compare(String name, List<Expression> arguments) {
    Expression left = arguments.get(0);
    Expression right = arguments.get(1);
    DataType common = Coercion.common(left.type(), right.type());
    if (common == null) {
      throw Errors.binaryDifferentTypes(name, left, right);
    }
    boolean equality = name.equals("=") || name.equals("!=") || name.equals("<=>");
    if (equality ? common instanceof MapType : !Types.isOrderable(common)) {
      throw Errors.binaryWrongType(name, "a type that can be compared", left, right);
    }
    List<Expression> operands = Coercion.castAll(arguments, common);
    boolean nullable =
        !name.equals("<=>") && (operands.get(0).nullable() || operands.get(1).nullable());
    return new Call(name, operands, DataTypes.BOOLEAN, nullable);
  }
}
