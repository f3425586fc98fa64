package io.arrowmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.ArrowmillException;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** What a task holds when it cannot be opened: nothing. */
final class TransformTaskTest {
  @Test
  void holdsNothingIfAnExpressionIsOfAnotherInput() {
    Attribute given = Attribute.of("x", DataTypes.LONG, true);
    Attribute other = Attribute.of("x", DataTypes.LONG, true);
    Transform transform =
        Transform.compile(
            null,
            List.of(new Call("+", List.of(other, other), DataTypes.LONG, true)),
            List.of(given),
            StructType.of(DataTypes.field("sum", DataTypes.LONG)),
            new KernelSettings(KernelMode.INTERPRETED, ZoneOffset.UTC, LaneStart.AT_ONCE));
    try (BufferAllocator allocator = new RootAllocator();
        ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "none")) {
      assertThatExceptionOfType(ArrowmillException.class)
          .isThrownBy(() -> transform.open(allocator, memory, Instant.EPOCH))
          .satisfies(e -> assertThat(e.condition()).isEqualTo("INTERNAL_ERROR"));
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }
}
