package io.arrowmill.plan;

import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.TimeWindow;

/** Which expressions keep the event-time mark of the column they are made from. */
final class EventTimeMark {
  private EventTimeMark() {}

  /**
   * The watermark delay that the value carries: that of a column itself, the start of the window it
   * falls into, the struct of that start and its end, the last instant of that, and the session it
   * begins; else {@link Attribute#NO_EVENT_TIME}.
   */
  static long delayMicros(Expression value) {
    return switch (value) {
      case Attribute attribute -> attribute.eventTimeDelayMicros();
      case GetField(TimeWindow window, int ordinal) when ordinal == 0 -> delayMicros(window.time());
      case GetField(Attribute window, int ordinal) when ordinal == 0 -> delayMicros(window);
      case Call call when isWindow(call) -> delayMicros(call.arguments().get(1));
      case Call call
          when call.name().equals("window_time") || call.name().equals("session_window") ->
          delayMicros(call.arguments().getFirst());
      default -> Attribute.NO_EVENT_TIME;
    };
  }

  /** {@code named_struct("start", s, "end", s + length)}. */
  private static boolean isWindow(Call call) {
    return call.name().equals("named_struct")
        && call.arguments().size() == 4
        && isText(call.arguments().get(0), "start")
        && isText(call.arguments().get(2), "end")
        && call.arguments().get(1) instanceof Attribute start
        && call.arguments().get(3) instanceof Call end
        && end.name().equals("+")
        && end.arguments().getFirst() instanceof Attribute base
        && base.id() == start.id();
  }

  private static boolean isText(Expression expression, String text) {
    return expression instanceof Literal literal && text.equals(literal.value());
  }
}
