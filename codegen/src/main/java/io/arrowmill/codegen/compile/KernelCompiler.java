package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.interpret.InterpretedFilter;
import io.arrowmill.codegen.interpret.InterpretedProjection;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.List;

/**
 * Compiles expressions to kernels.
 *
 * <p>Stateless and thread-safe. Kernels are not cached here; a kernel and its class are reclaimed
 * together.
 */
public final class KernelCompiler {

  private final KernelMode mode;
  private final LaneStart start;

  /** Compiles for a mode; SIMD uses lanes as soon as that pays. */
  public KernelCompiler(KernelMode mode) {
    this(mode, LaneStart.WHEN_FAST);
  }

  /**
   * Compiles for a mode.
   *
   * @param start of mode SIMD: when lanes are used
   */
  public KernelCompiler(KernelMode mode, LaneStart start) {
    this.mode = mode;
    this.start = start;
  }

  /**
   * Whether a predicate and expressions are better compiled as one kernel than as a filter and a
   * projection.
   */
  public boolean fuses(Ir predicate, List<Ir> expressions) {
    return mode == KernelMode.SIMD
        && LanePlan.fuses(
            Lowering.lower(predicate), expressions.stream().map(Lowering::lower).toList());
  }

  /**
   * Compiles a predicate.
   *
   * @throws KernelException EXPRESSION_TOO_LARGE if it is beyond the limits of {@link Traversal}
   */
  public FilterKernel compileFilter(Ir predicate) {
    if (predicate.type() != PhysicalType.BOOL) {
      throw new IllegalArgumentException(
          "filter predicate must be BOOL: type=%s".formatted(predicate.type()));
    }
    if (mode == KernelMode.INTERPRETED) {
      Traversal.requireCompilable(Traversal.postorder(predicate));
      return new InterpretedFilter(predicate);
    }
    Ir lowered = Lowering.lower(predicate);
    return mode == KernelMode.SIMD
        ? LanePlan.filter(lowered, start)
        : FilterCompiler.compile(lowered);
  }

  /**
   * Compiles a predicate and expressions of the rows that pass it.
   *
   * @throws IllegalArgumentException if they do not {@link #fuses fuse}
   * @throws KernelException EXPRESSION_TOO_LARGE if one is beyond the limits of {@link Traversal}
   */
  public FilterProjectKernel compileFilterProject(Ir predicate, List<Ir> expressions) {
    if (!fuses(predicate, expressions)) {
      throw new IllegalArgumentException(
          "filter and projection must fuse: mode=%s, predicate=%s".formatted(mode, predicate));
    }
    return LanePlan.filterProject(
        Lowering.lower(predicate), expressions.stream().map(Lowering::lower).toList(), start);
  }

  /**
   * Compiles a list of expressions; the i-th writes the i-th output.
   *
   * @throws KernelException EXPRESSION_TOO_LARGE if one is beyond the limits of {@link Traversal}
   */
  public ProjectKernel compileProject(List<Ir> expressions) {
    if (mode == KernelMode.INTERPRETED) {
      expressions.forEach(e -> Traversal.requireCompilable(Traversal.postorder(e)));
      return new InterpretedProjection(expressions);
    }
    return mode == KernelMode.SIMD
        ? LanePlan.project(expressions.stream().map(Lowering::lower).toList(), start)
        : scalarProject(expressions);
  }

  private static ProjectKernel scalarProject(List<Ir> expressions) {
    return ScalarProjection.compile(expressions.stream().map(Lowering::lower).toList());
  }
}
