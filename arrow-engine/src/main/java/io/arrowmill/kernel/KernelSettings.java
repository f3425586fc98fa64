package io.arrowmill.kernel;

import io.arrowmill.codegen.kernel.KernelMode;
import java.time.ZoneId;

/**
 * How expressions are evaluated.
 *
 * @param mode interpreted, or what compiled kernels may use
 * @param zone the session's time zone
 */
public record KernelSettings(KernelMode mode, ZoneId zone) {

  /** Whether expressions are compiled at all. */
  public boolean compiles() {
    return mode != KernelMode.INTERPRETED;
  }
}
