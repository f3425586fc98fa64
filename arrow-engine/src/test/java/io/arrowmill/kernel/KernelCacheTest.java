package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.KernelMode;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lanes")
class KernelCacheTest {
  private static final KernelSettings SCALAR =
      new KernelSettings(KernelMode.SCALAR, ZoneOffset.UTC);
  private static final Ir LONGS = new Ir.Input(0, PhysicalType.I64, true);

  @Test
  void givesOneKernelForEqualExpressionsOnly() {
    Ir same = new Ir.Input(0, PhysicalType.I64, true);
    Ir other = new Ir.Input(1, PhysicalType.I64, true);

    Object kernel = KernelCache.project(SCALAR, List.of(LONGS));

    assertThat(KernelCache.project(SCALAR, List.of(same))).isSameAs(kernel);
    assertThat(KernelCache.project(SCALAR, List.of(other))).isNotSameAs(kernel);
    assertThat(KernelCache.project(SCALAR, List.of(same, other))).isNotSameAs(kernel);
  }

  @Test
  void forgetsWhatWasNotUsedForLong() {
    Object kernel = KernelCache.project(SCALAR, List.of(LONGS));

    for (long value = 0; value < 256; value++) {
      KernelCache.project(SCALAR, List.of(new Ir.Const(PhysicalType.I64, Long.valueOf(value))));
    }

    assertThat(KernelCache.project(SCALAR, List.of(LONGS))).isNotSameAs(kernel);
  }
}
