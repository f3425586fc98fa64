package io.arrowmill;

import io.arrowmill.plan.StateFunction;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StatefulProcessor;
import io.arrowmill.streaming.StatefulProcessorWithInitialState;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.streaming.TimerValues;
import io.arrowmill.types.JavaType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stateful processor as a state function: all its variables and timers of a key are one state.
 * Calls of the processor exclude each other.
 */
final class ProcessorCalls implements StateFunction.Body {
  /** The state of a key. */
  static final JavaType KEPT = JavaType.of(ProcessorState.Kept.class);

  private final StatefulProcessor<Object, Object, Object> processor;
  private final TimeMode timeMode;
  private final OutputMode mode;
  private final ProcessorState state;
  private final String declared;

  @SuppressWarnings("unchecked") // the data set checks that the processor is for its classes
  ProcessorCalls(StatefulProcessor<?, ?, ?> processor, TimeMode timeMode, OutputMode mode) {
    this.processor = (StatefulProcessor<Object, Object, Object>) processor;
    this.timeMode = timeMode;
    this.mode = mode;
    this.state = new ProcessorState(timeMode);
    if (mode == OutputMode.COMPLETE) {
      throw new AnalysisException(
          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
          "transformWithState must give in output mode Append or Update: mode=" + mode);
    }
    try {
      begin();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ArrowmillException(
          "USER_FUNCTION_ERROR",
          "a processor must be able to begin: operator=transformWithState, error=" + e,
          e);
    }
    this.declared = state.declared();
  }

  /**
   * The class that a processor gives, by the declaration of its class.
   *
   * @throws AnalysisException if the declaration does not say
   */
  @SuppressWarnings("unchecked") // the third parameter is the class that is given
  static <U> Class<U> resultOf(StatefulProcessor<?, ?, U> processor) {
    for (Class<?> type = processor.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getGenericSuperclass() instanceof ParameterizedType parent
          && (parent.getRawType().equals(StatefulProcessor.class)
              || parent.getRawType().equals(StatefulProcessorWithInitialState.class))) {
        Type result = parent.getActualTypeArguments()[2];
        if (result instanceof Class<?> known) {
          return (Class<U>) known;
        }
      }
    }
    throw new AnalysisException(
        "UNSUPPORTED_RECORD_TYPE",
        "a processor's class must say what it gives: class="
            + processor.getClass().getName()
            + "; pass the class to transformWithState");
  }

  /** The state variables, as checkpoints describe them. */
  String declared() {
    return declared;
  }

  OutputMode mode() {
    return mode;
  }

  GroupStateTimeout timeout() {
    return switch (timeMode) {
      case NONE -> GroupStateTimeout.NO_TIMEOUT;
      case PROCESSING_TIME -> GroupStateTimeout.PROCESSING_TIME_TIMEOUT;
      case EVENT_TIME -> GroupStateTimeout.EVENT_TIME_TIMEOUT;
    };
  }

  @Override
  public synchronized void begin() throws Exception {
    state.startInit();
    processor.setHandle(state);
    processor.init(mode, timeMode);
    state.endInit();
  }

  @Override
  public synchronized void end() throws Exception {
    processor.close();
  }

  @Override
  public synchronized Iterator<?> call(
      @Nullable Object key, Iterator<Object> values, StateFunction.Slot slot) throws Exception {
    List<Object> given = new ArrayList<>();
    TimerValues times = times(slot);
    state.enter(slot);
    if (slot.hasTimedOut()) {
      for (long timer : state.expiredTimers(slot.clockMillis())) {
        processor.handleExpiredTimer(cast(key), times, () -> timer).forEachRemaining(given::add);
        state.fired(timer);
      }
    } else {
      processor.handleInputRows(cast(key), values, times).forEachRemaining(given::add);
    }
    state.leave(slot);
    return given.iterator();
  }

  @Override
  public synchronized void initialize(@Nullable Object key, Object initial, StateFunction.Slot slot)
      throws Exception {
    state.enter(slot);
    if (processor
        instanceof StatefulProcessorWithInitialState<Object, Object, Object, ?> initialized) {
      handle(initialized, cast(key), initial, times(slot));
    }
    state.leave(slot);
  }

  @SuppressWarnings("unchecked") // the data set checks the class of the initial states
  private static <S> void handle(
      StatefulProcessorWithInitialState<Object, Object, Object, S> processor,
      Object key,
      Object initial,
      TimerValues times)
      throws Exception {
    processor.handleInitialState(key, (S) initial, times);
  }

  private static Object cast(@Nullable Object key) {
    return TypedColumns.<Object>cast(key);
  }

  private static TimerValues times(StateFunction.Slot slot) {
    return new TimerValues() {
      @Override
      public long getCurrentProcessingTimeInMs() {
        return slot.getCurrentProcessingTimeMs();
      }

      @Override
      public long getCurrentWatermarkInMs() {
        return slot.getCurrentWatermarkMs();
      }
    };
  }
}
