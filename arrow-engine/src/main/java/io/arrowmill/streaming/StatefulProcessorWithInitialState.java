package io.arrowmill.streaming;

/**
 * A processor that is given what is known of keys before the first batch.
 *
 * @param <S> class of the initial states
 */
public abstract class StatefulProcessorWithInitialState<K, I, O, S>
    extends StatefulProcessor<K, I, O> {

  /** Called once for each key with an initial state, in the first batch, before its rows. */
  public abstract void handleInitialState(K key, S initialState, TimerValues timerValues)
      throws Exception;
}
