package io.arrowmill;

import java.time.InstantSource;

/** Sessions whose batches have the time of another clock than the system's. */
public final class ClockedSession {
  private ClockedSession() {}

  /** The builder, with a clock of its own. */
  public static Session.Builder of(Session.Builder builder, InstantSource clock) {
    return builder.clock(clock);
  }
}
