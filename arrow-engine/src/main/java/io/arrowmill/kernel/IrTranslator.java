package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts resolved expressions over the columns of a batch into the compiler's terms. What it
 * translates means the same as in the interpreter: value, nullness and the condition of an error.
 */
public final class IrTranslator {
  private final Map<Long, Integer> ordinals = new HashMap<>();
  private final ZoneId zone;

  /**
   * A translator for batches of the columns {@code input}.
   *
   * @param zone the session's time zone
   */
  public IrTranslator(List<Attribute> input, ZoneId zone) {
    for (int i = 0; i < input.size(); i++) {
      ordinals.putIfAbsent(input.get(i).id(), i);
    }
    this.zone = zone;
  }

  /**
   * The expression over {@link Ir.Input} columns, numbered as in the input; empty if a part of it
   * is of a nested type or calls a function that only the interpreter has, or if it is beyond what
   * is compiled.
   */
  public Optional<Ir> translate(Expression resolved) {
    return Optional.ofNullable(node(resolved))
        .filter(ir -> Traversal.isCompilable(Traversal.postorder(ir)));
  }

  private @Nullable Ir node(Expression expression) {
    return switch (expression) {
      case Literal literal -> IrTypes.constant(literal.value(), literal.type());
      case Attribute attribute -> input(attribute);
      case Alias alias -> node(alias.child());
      case SortOrder order -> node(order.child());
      case Cast cast -> cast(cast);
      case CaseWhen caseWhen -> caseWhen(caseWhen);
      case Call call -> call(call);
      case GetField(TimeWindow window, int ordinal) when window.isTumbling() -> {
        Ir time = node(window.time());
        yield time == null ? null : TimeRules.window(window, ordinal, time);
      }
      default -> null;
    };
  }

  /**
   * Validity is looked at batch by batch, so that a column may hold nulls whatever its schema says.
   */
  private @Nullable Ir input(Attribute attribute) {
    Integer ordinal = ordinals.get(attribute.id());
    PhysicalType type = IrTypes.physical(attribute.type());
    return ordinal == null || type == null ? null : new Ir.Input(ordinal, type, true);
  }

  private @Nullable Ir cast(Cast cast) {
    if (cast.child() instanceof Literal literal && literal.value() == null) {
      return IrTypes.constant(null, cast.type());
    }
    Ir child = node(cast.child());
    return child == null ? null : CastRules.apply(new CallRules.Node(cast, List.of(child), zone));
  }

  private @Nullable Ir caseWhen(CaseWhen caseWhen) {
    PhysicalType type = IrTypes.physical(caseWhen.type());
    if (type == null) {
      return null;
    }
    List<Ir.CaseWhen.Branch> branches = new ArrayList<>();
    for (CaseWhen.Branch branch : caseWhen.branches()) {
      Ir condition = node(branch.condition());
      Ir value = node(branch.value());
      if (condition == null || value == null || !branch.value().type().equals(caseWhen.type())) {
        return null;
      }
      branches.add(new Ir.CaseWhen.Branch(condition, value));
    }
    Expression last = caseWhen.otherwise();
    Ir otherwise = last == null ? IrTypes.nullOf(type) : node(last);
    return otherwise == null || (last != null && !last.type().equals(caseWhen.type()))
        ? null
        : new Ir.CaseWhen(type, branches, otherwise);
  }

  private @Nullable Ir call(Call call) {
    CallRules.Rule rule = CallRules.find(call.name());
    if (rule == null) {
      return null;
    }
    List<Ir> operands = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      Ir operand = node(argument);
      if (operand == null) {
        return null;
      }
      operands.add(operand);
    }
    return rule.apply(new CallRules.Node(call, operands, zone));
  }
}
