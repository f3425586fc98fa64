package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.interpret.InterpretedFilter;
import io.arrowmill.codegen.interpret.InterpretedProjection;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles expressions to kernels.
 *
 * <p>Stateless and thread-safe. Kernels are not cached here; a kernel and its class are reclaimed
 * together.
 */
public final class KernelCompiler {

  /** How many outputs, or how many bytes of their expressions, one generated class takes. */
  private static final int CLASS_OUTPUTS_MAX = 64;

  private static final int CLASS_NODES_MAX = 4_000;

  private final KernelMode mode;

  /** Compiles for a mode. */
  public KernelCompiler(KernelMode mode) {
    this.mode = mode;
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
    return FilterCompiler.compile(Lowering.lower(predicate));
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
    List<ProjectKernel> parts = new ArrayList<>();
    List<Ir> part = new ArrayList<>();
    int first = 0;
    int nodes = 0;
    for (int i = 0; i < expressions.size(); i++) {
      Ir expression = Lowering.lower(expressions.get(i));
      int more = Traversal.postorder(expression).size();
      boolean full = part.size() == CLASS_OUTPUTS_MAX || nodes + more > CLASS_NODES_MAX;
      if (full && !part.isEmpty()) {
        parts.add(ProjectCompiler.compile(part, first));
        part = new ArrayList<>();
        first = i;
        nodes = 0;
      }
      part.add(expression);
      nodes += more;
    }
    if (!part.isEmpty()) {
      parts.add(ProjectCompiler.compile(part, first));
    }
    return parts.size() == 1 ? parts.getFirst() : new SplitProjection(parts);
  }
}
