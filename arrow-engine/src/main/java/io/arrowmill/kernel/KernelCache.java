package io.arrowmill.kernel;

import io.arrowmill.codegen.compile.KernelCompiler;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The kernels of the expressions used last, so that a query that is started again, or another one
 * with the same expressions, does not wait for the JIT compiler again. Kernels are stateless; any
 * thread may call it.
 */
final class KernelCache {
  private static final int ENTRIES_MAX = 256;

  private static final KernelCache SHARED = new KernelCache();

  private enum Kind {
    FILTER,
    PROJECT,
    FILTER_PROJECT
  }

  private record Key(KernelMode mode, LaneStart lanes, Kind kind, List<Ir> expressions) {}

  private final Map<Key, Object> kernels = new LinkedHashMap<>(16, 0.75f, true);

  private KernelCache() {}

  /** The kernel of a filter. */
  static FilterKernel filter(KernelSettings settings, Ir predicate) {
    return (FilterKernel)
        SHARED.get(
            new Key(settings.mode(), settings.lanes(), Kind.FILTER, List.of(predicate)),
            () -> compiler(settings).compileFilter(predicate));
  }

  /** The kernel of some columns. */
  static ProjectKernel project(KernelSettings settings, List<Ir> expressions) {
    return (ProjectKernel)
        SHARED.get(
            new Key(settings.mode(), settings.lanes(), Kind.PROJECT, List.copyOf(expressions)),
            () -> compiler(settings).compileProject(expressions));
  }

  /** The kernel of a filter and columns of the rows that pass it, which must be fusable. */
  static FilterProjectKernel filterProject(
      KernelSettings settings, Ir predicate, List<Ir> expressions) {
    List<Ir> all = new ArrayList<>(expressions);
    all.add(predicate);
    return (FilterProjectKernel)
        SHARED.get(
            new Key(settings.mode(), settings.lanes(), Kind.FILTER_PROJECT, all),
            () -> compiler(settings).compileFilterProject(predicate, expressions));
  }

  private static KernelCompiler compiler(KernelSettings settings) {
    return new KernelCompiler(settings.mode(), settings.lanes());
  }

  private synchronized Object get(Key key, Supplier<Object> compiled) {
    Object known = kernels.get(key);
    if (known == null) {
      known = compiled.get();
      kernels.put(key, known);
      if (kernels.size() > ENTRIES_MAX) {
        kernels.remove(kernels.keySet().iterator().next());
      }
    }
    return known;
  }
}
