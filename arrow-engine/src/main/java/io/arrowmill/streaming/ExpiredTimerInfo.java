package io.arrowmill.streaming;

/** The timer that a call is for. */
public interface ExpiredTimerInfo {
  /** The time that it was registered for, milliseconds since 1970-01-01 UTC. */
  long getExpiryTimeInMs();
}
